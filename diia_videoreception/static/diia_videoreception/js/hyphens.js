// Large text on a narrow screen: where the browser knows no Ukrainian hyphens, long words of headings and
// buttons get soft ones between syllables, instead of breaking at any letter.

const NARROW_REM = 20;
const BREAKING = "h1, h2, h3, h4, legend, dt, label, .vr-button, .vr-tag";
const WORDS = /[А-ЯҐЄІЇа-яґєії’]{7,}/g;
const SYLLABLE = /[бвгґджзйклмнпрстфхцчшщ][аеєиіїоуюя]/i;
const VOWEL = /[аеєиіїоуюя]/i;
const SOFT = "\u00ad";

export function withSoftHyphens(text) {
  return text.replace(WORDS, (word) => {
    let parts = word.slice(0, 2);
    for (let at = 2; at < word.length; at++) {
      const begins =
        at < word.length - 1 &&
        SYLLABLE.test(word.slice(at, at + 2)) &&
        VOWEL.test(word.slice(0, at)) &&
        !/д[зж]/i.test(word.slice(at - 1, at + 1));
      parts += (begins ? SOFT : "") + word[at];
    }
    return parts;
  });
}

function browserHyphenates() {
  const probe = document.createElement("p");
  probe.lang = "uk";
  probe.textContent = "відеоконференція";
  probe.style.cssText =
    "position: absolute; visibility: hidden; inline-size: 5em; hyphens: auto; overflow-wrap: normal; word-break: normal";
  document.body.append(probe);
  const isWider = probe.scrollWidth > probe.clientWidth;
  probe.remove();
  return !isWider;
}

const size = parseFloat(getComputedStyle(document.documentElement).fontSize);
const isLarge = innerWidth / size < NARROW_REM;
if (isLarge && document.documentElement.lang === "uk" && !browserHyphenates()) {
  for (const element of document.querySelectorAll(BREAKING)) {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      texts.currentNode.data = withSoftHyphens(texts.currentNode.data);
    }
  }
}
