// What every screen wants: a refused form begins at its errors, and what only stands in for a
// missing script goes away.

for (const element of document.querySelectorAll("[data-vr-without-script]")) {
  element.hidden = true;
}
document.querySelector("[data-vr-focus]")?.focus();
