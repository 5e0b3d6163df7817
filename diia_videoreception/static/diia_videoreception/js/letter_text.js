// Own words of a letter: buttons that insert a variable where the person was typing, and how long an
// SMS would be. Without this module variables are typed, and the length is told when the page is shown.

const GSM = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/;
const COUNT_TWICE = /[\^{}\\[~\]|€]/g;
const OF_GSM = 160, OF_UCS2 = 70;

const buttons = [...document.querySelectorAll("[data-vr-insert]")];
const said = document.querySelector("[data-vr-inserted]");
const fields = [...new Set(buttons.map((button) => button.dataset.vrInto))]
  .map((id) => document.getElementById(id))
  .filter((field) => field);

function insert(button) {
  const field = document.getElementById(button.dataset.vrInto);
  field.setRangeText(button.dataset.vrInsert, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  said.textContent = `${said.dataset.vrInserted} ${button.dataset.vrInsert}`;
}

function longest(text) {
  return buttons
    .filter((button) => button.dataset.vrLongest)
    .reduce((filled, button) => filled.replaceAll(button.dataset.vrInsert, button.dataset.vrLongest), text);
}

function count(note) {
  const field = document.getElementById(note.dataset.vrCount);
  const text = longest(field.value.trim());
  const isGsm = GSM.test(text);
  const twice = isGsm ? (text.match(COUNT_TWICE) ?? []).length : 0;
  note.hidden = !text;
  note.querySelector("[data-vr-length]").textContent = text.length + twice;
  note.querySelector("[data-vr-of]").textContent = isGsm ? OF_GSM : OF_UCS2;
}

for (const button of buttons) {
  button.hidden = !document.getElementById(button.dataset.vrInto);
  button.addEventListener("click", () => insert(button));
}
for (const field of fields) {
  // Until somebody has been in it, a variable goes to the end and not before everything.
  field.setSelectionRange(field.value.length, field.value.length);
}
for (const note of document.querySelectorAll("[data-vr-count]")) {
  document.getElementById(note.dataset.vrCount).addEventListener("input", () => count(note));
  count(note);
}
