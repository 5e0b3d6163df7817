// How the self-service places stand, looked at again and again; a call for help is said aloud.

const EVERY_MS = 5000;
const told = document.querySelector("[data-vr-places-told]");

const calls = () => document.querySelectorAll("[data-vr-places] [value=came]").length;

async function look() {
  const before = document.querySelector("[data-vr-places]");
  try {
    const answer = await fetch(location.href, { headers: { "X-VR-Poll": "1" }, redirect: "error" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const after = page.querySelector("[data-vr-places]");
    // Nobody's button goes away under their finger.
    if (!answer.ok || !after || before.contains(document.activeElement)) {
      return;
    }
    const waiting = calls();
    before.replaceWith(after);
    if (calls() > waiting) {
      told.textContent = told.dataset.text;
    }
  } catch {
    // Without a line the page stays as it is; the next look tells.
  }
}

setInterval(() => {
  if (document.visibilityState === "visible") {
    look();
  }
}, EVERY_MS);
