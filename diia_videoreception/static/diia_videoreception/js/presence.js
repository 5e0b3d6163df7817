// Tells that somebody works on the case of this page, and who began before them. Whoever does nothing
// for a while is not working on it: then the page tells nothing.

const form = document.querySelector("[data-vr-presence]");
const notice = document.querySelector("[data-vr-at-work]");
const said = notice.querySelector("[data-vr-at-work-text]");
let isActive = true;

async function beat() {
  if (!isActive || document.visibilityState !== "visible") {
    return;
  }
  isActive = false;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
    });
    if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("application/json")) {
      return;
    }
    const { at_work: text } = await answer.json();
    if (said.textContent !== text) {
      said.textContent = text;
    }
    notice.hidden = !text;
  } catch {
    // Without a connection the next beat tries again.
    isActive = true;
  }
}

for (const sign of ["pointermove", "keydown", "scroll", "focus"]) {
  addEventListener(sign, () => (isActive = true), { capture: true, passive: true });
}
beat();
setInterval(beat, Number(form.dataset.vrPresence) * 1000);
