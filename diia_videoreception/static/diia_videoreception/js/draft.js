// Keeps what is typed on the server, so that no expiry, reload or lost connection costs a word.

const PAUSE = 800;
const RETRY = 10_000;
// What the form knows of the draft, beside what the person sees.
const TRACKS = ["csrfmiddlewaretoken", "whose", "draft", "version", "tab", "turn"];

const form = document.querySelector("[data-vr-draft]");
const status = form.querySelector("[data-vr-draft-status]");
const choose = form.querySelector("[data-vr-draft-choose]");
const kept = form.querySelector("[data-vr-draft-kept]");
const url = form.action;
let waiting;
let saved = answers().toString();
let turn = 0;
let busy = false;
let stopped = false;
let ended = false;
let renewed = false;

function answers() {
  const data = new FormData(form);
  for (const name of ["files", "authority_files", ...TRACKS]) {
    data.delete(name);
  }
  return new URLSearchParams(data);
}

// Each sending has its turn: what is sent first may arrive last.
function nextTurn() {
  form.elements.turn.value = ++turn;
}

function withTracks(body) {
  nextTurn();
  const whole = new URLSearchParams(body);
  for (const name of TRACKS) {
    whole.set(name, form.elements[name].value);
  }
  return whole;
}

function showStatus(text) {
  if (status.textContent !== text) {
    status.textContent = text;
  }
}

function soon(pause) {
  clearTimeout(waiting);
  waiting = setTimeout(save, pause);
}

async function save({ leaving = false } = {}) {
  clearTimeout(waiting);
  const body = answers();
  if (stopped || body.toString() === saved || (busy && !leaving)) {
    return;
  }
  busy = true;
  try {
    const response = await fetch(url, {
      method: "POST",
      body: withTracks(body),
      headers: { Accept: "application/json" },
      keepalive: leaving,
    });
    await understand(response, body);
  } catch {
    showStatus(status.dataset.failed);
    soon(RETRY);
  } finally {
    busy = false;
  }
  if (!stopped && answers().toString() !== saved) {
    soon(PAUSE);
  }
}

async function understand(response, body) {
  ended = response.status === 401;
  kept.hidden = ended;
  if (ended) {
    showStatus(status.dataset.ended);
    document.dispatchEvent(new Event("vr:session-lost"));
    soon(RETRY);
    return;
  }
  // Who refuses a token may be a page of the portal's own.
  const answer = await response.json().catch(() => ({}));
  if (response.ok) {
    renewed = false;
    form.elements.draft.value = answer.draft;
    form.elements.version.value = answer.version;
    choose.hidden = !answer.conflicts.length;
    saved = body.toString();
    takeOver(answer.answers, body);
    showStatus(answer.message);
    return;
  }
  if (response.status === 403 && !renewed) {
    // A sign-in in another tab has made the token worthless; that of now comes with `vr:session`.
    renewed = true;
    document.dispatchEvent(new Event("vr:session-lost"));
    soon(RETRY);
    return;
  }
  showStatus(answer.error?.message ?? status.dataset.refused);
  renewed = false;
  if (answer.error?.code === "another_person") {
    document.dispatchEvent(new Event("vr:session-lost"));
    return;
  }
  // There is no room for one more text: it stays here until the person has chosen.
  const full = answer.error?.code === "draft_changed";
  choose.hidden = !full;
  // In another tab: what is written here is nowhere else.
  choose.target = full ? "_blank" : "";
  // A filed draft, or one of another person, never becomes savable; the rest may.
  stopped = !full && (response.status === 404 || response.status === 409);
  if (!stopped) {
    soon(RETRY);
  }
}

// What other tabs have written since, in fields that nobody has touched here.
function takeOver(others, body) {
  const untouched = answers().toString() === body.toString();
  if (!untouched) {
    return;
  }
  for (const [name, text] of Object.entries(others)) {
    const field = form.elements[name];
    if (typeof text === "string" && field !== document.activeElement) {
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

for (const part of form.querySelectorAll("[data-vr-shown-with]")) {
  const tick = form.querySelector(`[value="${part.dataset.vrShownWith}"]`);
  const inputs = part.querySelectorAll("input");
  const follow = () => {
    part.hidden = !tick.checked;
    for (const input of inputs) {
      input.disabled = !tick.checked;
    }
  };
  tick.addEventListener("change", follow);
  follow();
}
saved = answers().toString();

form.addEventListener("input", () => soon(PAUSE));
form.addEventListener("change", () => soon(PAUSE));
window.addEventListener("online", () => save());
// The session goes on, with a fresh token in the form.
document.addEventListener("vr:session", () => save());
document.addEventListener("vr:hold-ended", () => {
  save();
  document.querySelector("[data-vr-lost]")?.removeAttribute("hidden");
  document.querySelector("[data-vr-held]")?.classList.add("is-lost");
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") {
    save({ leaving: true });
  }
});
// A document added first makes the draft; its token is part of the form from then on.
document.addEventListener("vr:draft", (event) => {
  form.elements.draft.value ||= event.detail;
});
form.addEventListener("submit", (event) => {
  if (ended) {
    // Sent now, the text would arrive before its owner; saving tells when it can be sent.
    event.preventDefault();
    save();
  }
  // What leads on sends everything itself; a later save in the background would come too late.
  if (!event.defaultPrevented) {
    nextTurn();
    clearTimeout(waiting);
    stopped = true;
  }
});
window.addEventListener("pageshow", (event) => {
  // A page that comes back as it was left may be of a draft that is filed by now.
  if (event.persisted) {
    location.reload();
  }
});
