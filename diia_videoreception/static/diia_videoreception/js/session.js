// Tells two minutes before the session ends, when it has ended, and when somebody else has signed in.
// The server is asked first: another tab, or the draft that saves itself, may have kept the session
// alive. Whoever has signed in again meanwhile gets the token of that sign-in into the forms here.

const WARN_SECONDS = 120;
const LOOK_MS = 10_000;

const own = document.querySelector("script[data-vr-session]");
const url = `${own.dataset.vrSession}?whose=${own.dataset.whose}`;
const account = document.querySelector("[data-vr-account]");
let deadline = Date.now() + Number(own.dataset.secondsLeft) * 1000;
let dialog = null;
let busy = false;
let next = null;

const state = () => dialog?.dataset.vrSessionDialog ?? "";
// Nothing can be done on the page: its person is not signed in.
const isClosed = () => state() === "ended" || state() === "other";

async function ask(options = {}) {
  if (busy) {
    // What is under way may have been answered before the other tab signed in.
    next = next?.method ? next : options;
    return;
  }
  busy = true;
  try {
    const answer = await fetch(url, { ...options, headers: { Accept: "application/json" } });
    if (answer.ok) {
      follow(await answer.json());
    }
  } catch {
    // Without a connection nothing can be done or lost; the next look tells.
  } finally {
    busy = false;
  }
  if (next) {
    const options = next;
    next = null;
    ask(options);
  }
}

function follow({ seconds, token, state: now, dialog: html }) {
  deadline = Date.now() + seconds * 1000;
  if (now !== state()) {
    close();
    if (now) {
      open(html);
    }
  }
  if (account) {
    account.hidden = isClosed();
  }
  if (token) {
    for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
      input.value = token;
    }
    document.dispatchEvent(new Event("vr:session"));
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
  ask(isClosed() ? {} : { method: "POST", body: new FormData(form) });
}

function look() {
  const left = (deadline - Date.now()) / 1000;
  if (left <= WARN_SECONDS && !isClosed()) {
    ask();
  }
}

// Who comes back may have signed in, or out, in another tab.
function comeBack() {
  if (document.visibilityState === "visible") {
    ask();
  }
}

// A page of somebody signed in tells those that wait for it: not each browser says that a tab is in front again.
const pages = new BroadcastChannel("vr-session");
pages.addEventListener("message", () => {
  if (isClosed()) {
    ask();
  }
});
pages.postMessage("signed in");

setInterval(look, LOOK_MS);
document.addEventListener("visibilitychange", comeBack);
window.addEventListener("focus", comeBack);
document.addEventListener("vr:session-lost", () => ask());
