// How much may still be typed: shown at each key, said to screen readers only after a pause.

const PAUSE = 1000;
const texts = JSON.parse(document.getElementById("vr-counter-texts").textContent);
const plural = new Intl.PluralRules(document.documentElement.lang);

for (const place of document.querySelectorAll("[data-vr-counter]")) {
  const field = document.getElementById(place.dataset.vrCounter);
  const announcement = place.parentElement.querySelector("[data-vr-counter-announcement]");
  let pause;

  function show() {
    // The server counts characters, not halves of pairs, and no blanks around the text.
    const left = texts.limit - [...field.value.trim()].length;
    const words = left < 0 ? texts.over : texts.left;
    const count = Math.abs(left);
    place.textContent = words[plural.select(count)].replace("%(count)s", count);
    place.classList.toggle("vr-error", left < 0);
    clearTimeout(pause);
    return left;
  }

  field.addEventListener("input", () => {
    const left = show();
    if (left < texts.limit / 10) {
      pause = setTimeout(() => {
        announcement.textContent = place.textContent;
      }, PAUSE);
    }
  });
  show();
}
