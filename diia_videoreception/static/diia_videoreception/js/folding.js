// What is typed and what is looked through become the same words, as rules/folding.py does it on
// the server; both are held to tests/data/folding.json.

const DROPPED =
  /['`´ʹʻʼʽˈˊˋ‘’‚‛′‵＇｀\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/gu;
const MANY_MARKS = /(\p{M}{4})\p{M}+/gu;
const MARK = /\p{M}/gu;
const BETWEEN_WORDS = /[^\p{L}\p{N}]+/u;

export function words(text) {
  return text
    .replaceAll("№", " ")
    .replace(DROPPED, "")
    .replace(MANY_MARKS, "$1")
    .normalize("NFKC")
    .toLowerCase()
    .replace(DROPPED, "")
    .replace(MARK, "")
    .split(BETWEEN_WORDS)
    .filter(Boolean);
}

export function fold(text) {
  return words(text).join(" ");
}
