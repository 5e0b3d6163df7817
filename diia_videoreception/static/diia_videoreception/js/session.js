// Tells two minutes before the session ends, and when it has ended. The server is asked first:
// another tab, or the draft that saves itself, may have kept the session alive.

const WARN_SECONDS = 120;
const LOOK_MS = 10_000;

const own = document.querySelector("script[data-vr-session]");
const address = own.dataset.vrSession;
let deadline = Date.now() + Number(own.dataset.secondsLeft) * 1000;
let dialog = null;
let busy = false;

const isEnded = () => dialog?.dataset.vrSessionDialog === "ended";

async function ask(options = {}) {
  if (busy) {
    return;
  }
  busy = true;
  try {
    const answer = await fetch(address, { ...options, headers: { Accept: "application/json" } });
    if (answer.ok) {
      follow(await answer.json());
    }
  } catch {
    // Without a connection nothing can be done or lost; the next look tells.
  } finally {
    busy = false;
  }
}

function follow({ seconds, whose, dialog: html }) {
  if (whose && whose !== own.dataset.whose) {
    // Somebody else has signed in: this page is not theirs.
    location.reload();
    return;
  }
  deadline = Date.now() + seconds * 1000;
  const wasEnded = isEnded();
  if (html === "") {
    close();
  } else if (!dialog || (seconds === 0) !== wasEnded) {
    close();
    open(html);
  }
}

function open(html) {
  document.querySelector("main").insertAdjacentHTML("beforeend", html);
  dialog = document.querySelector("[data-vr-session-dialog]");
  dialog.addEventListener("submit", (event) => {
    if (event.target.matches("[data-vr-session-stay]")) {
      event.preventDefault();
      stay();
    }
  });
  // Escape means «stay»; once the session has ended it must not uncover the page.
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    stay();
  });
  dialog.showModal();
}

function close() {
  dialog?.close();
  dialog?.remove();
  dialog = null;
}

function stay() {
  const form = dialog.querySelector("[data-vr-session-stay]");
  ask(isEnded() ? {} : { method: "POST", body: new FormData(form) });
}

function look({ coming = false } = {}) {
  const left = (deadline - Date.now()) / 1000;
  if (left <= WARN_SECONDS && (coming || !isEnded())) {
    ask();
  }
}

setInterval(look, LOOK_MS);
document.addEventListener("visibilitychange", () => look({ coming: true }));
