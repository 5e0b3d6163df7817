// A page that waits for the person to finish a sign-in: asks two minutes before it stops waiting, and
// tells when it has stopped (WCAG 2.2.1).

const WARN_SECONDS = 120;
const LOOK_MS = 2_000;

const dialog = document.querySelector("[data-vr-waiting]");
const warning = dialog.querySelector("[data-vr-waiting-warning]");
const ended = dialog.querySelector("[data-vr-waiting-ended]");
const form = dialog.querySelector("[data-vr-waiting-more]");
let deadline = Date.now() + Number(dialog.dataset.secondsLeft) * 1000;
let asked = false;

function look() {
  const left = (deadline - Date.now()) / 1000;
  if (left <= 0) {
    end();
  } else if (left <= WARN_SECONDS && !asked) {
    asked = true;
    dialog.showModal();
  }
}

function end() {
  clearInterval(looking);
  warning.hidden = true;
  ended.hidden = false;
  dialog.setAttribute("aria-labelledby", "vr-ended-title");
  dialog.setAttribute("aria-describedby", "vr-ended-text");
  // Behind it is a page that can do nothing any more.
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  if (!dialog.open) {
    dialog.showModal();
  }
  document.getElementById("vr-ended-title").focus();
}

async function wait() {
  try {
    const answer = await fetch(location.href, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
    });
    if (!answer.headers.get("Content-Type")?.startsWith("application/json") || !answer.ok) {
      end();
      return;
    }
    const { seconds, more } = await answer.json();
    deadline = Date.now() + seconds * 1000;
    asked = false;
    form.hidden = !more;
    dialog.close();
  } catch {
    // Without a connection nothing is lost yet; the person can press once more.
  }
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  wait();
});
const looking = setInterval(look, LOOK_MS);
document.addEventListener("visibilitychange", look);
look();
