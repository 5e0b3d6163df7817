// The screen of a self-service place: asks who does nothing for a while whether they are there, wipes, and
// leads back to the start. What is entered is kept nowhere but in the page and on the server.

const own = document.querySelector("script[data-vr-kiosk]");
const { start, seen, worker, scope, reload } = own.dataset;
const IDLE_MS = Number(own.dataset.idle) * 1000;
const COUNTDOWN_MS = Number(own.dataset.countdown) * 1000;
const TELL_EVERY_MS = 20_000;
const WARN_MS = 180_000;

const end = document.querySelector("[data-vr-kiosk-end]");
const dialog = document.querySelector("[data-vr-kiosk-idle]");
const limit = document.querySelector("[data-vr-kiosk-limit]");
let touched = Date.now();
let told = 0;
let endsAt = Infinity;

// The next visitor who types the same first letters is shown nothing.
for (const field of document.querySelectorAll("input, textarea, select")) {
  field.autocomplete = "off";
}

async function tell() {
  told = Date.now();
  try {
    const answer = await fetch(seen, {
      method: "POST",
      headers: {
        Accept: "application/json",
        "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value,
      },
    });
    if (answer.status === 401) {
      location.replace(start);
    } else if (answer.ok) {
      const { seconds, coming } = await answer.json();
      const heading = coming && document.querySelector("[data-vr-kiosk-coming]");
      if (heading) {
        heading.textContent = heading.dataset.vrKioskComing;
      }
      endsAt = Date.now() + seconds * 1000;
    }
  } catch {
    // Without a line nothing can be told; the next touch tries again.
  }
}

function touch() {
  if (dialog.open) {
    return;
  }
  touched = Date.now();
  if (touched - told >= TELL_EVERY_MS) {
    tell();
  }
}

function stay() {
  dialog.close();
  touched = Date.now();
  tell();
}

function forget() {
  for (const form of document.forms) {
    form.reset();
  }
  sessionStorage.clear();
  localStorage.clear();
}

function leave(idle) {
  forget();
  if (idle) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "idle";
    field.value = "1";
    end.append(field);
  }
  end.submit();
}

function look() {
  const now = Date.now();
  const left = touched + IDLE_MS + COUNTDOWN_MS - now;
  if (left <= 0) {
    leave(true);
    touched = Infinity;
  } else if (left <= COUNTDOWN_MS) {
    const seconds = Math.ceil(left / 1000);
    dialog.querySelector("[data-vr-kiosk-left]").textContent =
      `0:${String(seconds).padStart(2, "0")}`;
    if (!dialog.open) {
      dialog.showModal();
    }
  }
  limit.textContent = endsAt - now < WARN_MS ? limit.dataset.text : "";
  if (endsAt <= now) {
    endsAt = Infinity;
    tell();
  }
}

if (seen) {
  for (const kind of ["pointerdown", "keydown", "input", "scroll", "wheel"]) {
    document.addEventListener(kind, touch, { passive: true, capture: true });
  }
  dialog.querySelector("[data-vr-kiosk-stay]").addEventListener("click", stay);
  dialog.querySelector("[data-vr-kiosk-leave]").addEventListener("click", () => leave(false));
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    stay();
  });
  end.addEventListener("submit", forget);
  setInterval(look, 1000);
  tell();
}

// What the phone has done: the page of the new state is fetched anew. Never once a button is pressed, nor where
// only the visitor goes on: a reload would cut short what is under way, and the sign-in with it.
const phone = document.querySelector("[data-vr-kiosk-phone]");
if (["shown", "matched"].includes(phone?.dataset.state)) {
  let isLeaving = false;
  document.addEventListener("submit", () => {
    isLeaving = true;
  });
  setInterval(async () => {
    try {
      const answer = await fetch(phone.dataset.vrKioskPhone, {
        headers: { Accept: "application/json" },
      });
      const { state } = await answer.json();
      if (state === "matched") {
        touch(); // The visitor is busy with the phone.
      }
      if (answer.ok && state !== phone.dataset.state && !isLeaving) {
        location.reload();
      }
    } catch {
      // Without a line nothing is learnt; the next look tells.
    }
  }, 2000);
}

if (worker) {
  // After each wipe it is gone with all the rest.
  navigator.serviceWorker?.register(worker, { scope });
}

if (reload) {
  // Between two visitors: what the place shows may have changed, and nobody is to find the looks of the one before.
  const reset = document.querySelector("[data-vr-kiosk-reset]");
  setTimeout(() => (reset ? reset.submit() : location.replace(start)), Number(reload) * 1000);
}

for (const link of document.querySelectorAll("[data-vr-kiosk-replace]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    location.replace(link.href);
  });
}

window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    location.reload();
  }
});
