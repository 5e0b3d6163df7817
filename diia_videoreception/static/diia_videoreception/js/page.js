// What every screen wants: a refused form begins at its errors, and what only stands in for a
// missing script goes away.

import "./hyphens.js";

for (const element of document.querySelectorAll("[data-vr-without-script]")) {
  element.hidden = true;
}
document.querySelector("[data-vr-focus]")?.focus();

// The answer to a refused form gets an address of its own, so that neither a reload nor the way
// back asks the person to send the form again.
const here = document.querySelector("[data-vr-here]");
if (here) {
  history.replaceState(null, "", here.dataset.vrHere);
}

// A second click while the first is still under way sends nothing.
const UNDER_WAY_MS = 5000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") {
    return;
  }
  if (form.dataset.vrSent) {
    event.preventDefault();
    return;
  }
  form.dataset.vrSent = "yes";
  setTimeout(() => delete form.dataset.vrSent, UNDER_WAY_MS);
});
