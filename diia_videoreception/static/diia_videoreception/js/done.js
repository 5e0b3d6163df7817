// Copying the number and printing: buttons that only a script can make work.

for (const button of document.querySelectorAll("[data-vr-copy]")) {
  const announcement = document.querySelector("[data-vr-copied]");
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.vrCopy).textContent);
    announcement.textContent = button.dataset.said;
  });
}
for (const button of document.querySelectorAll("[data-vr-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
