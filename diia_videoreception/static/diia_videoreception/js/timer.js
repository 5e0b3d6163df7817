// The time that is left of a hold. The server says how many seconds there are; the clock of this
// device is never asked for the time of day, only for how much of it has passed.

const LATE_SECONDS = 120;
// In the last minute a dialog says so, in a pause of the typing, or at last without one.
const ASK_SECONDS = 60;
const ASK_AT_LAST_SECONDS = 45;
const PAUSE_MS = 2000;
const texts = JSON.parse(document.getElementById("vr-timer-texts").textContent);

function start(timer) {
  const find = (name) => timer.querySelector(`[data-vr-timer-${name}]`);
  const seconds = Number(timer.dataset.secondsLeft);
  // Date.now runs on while a laptop sleeps, performance.now does not everywhere.
  const deadline = Date.now() + seconds * 1000;
  const dialog = document.querySelector("[data-vr-timer-dialog]");
  let announced = Math.ceil(seconds / 60);
  // Whoever opens a page within the last minute reads it at the top.
  let asked = seconds <= ASK_SECONDS;
  let typedAt = 0;

  function announce(minutes) {
    if (texts.announced_minutes.some((mark) => minutes <= mark && mark < announced)) {
      find("announcement").textContent = texts.announcements[minutes];
      announced = minutes;
    }
  }

  function show() {
    const left = Math.ceil((deadline - Date.now()) / 1000);
    if (left <= 0) {
      end();
      return;
    }
    const minutes = Math.ceil(left / 60);
    const words = texts.left[Math.min(minutes, texts.left.length - 1)];
    if (find("left").textContent !== words) {
      find("left").textContent = words;
    }
    timer.classList.toggle("vr-timer--late", left <= LATE_SECONDS);
    announce(minutes);
    ask(left);
  }

  function ask(left) {
    const isTyping = Date.now() - typedAt < PAUSE_MS;
    if (!asked && left <= ASK_SECONDS && (!isTyping || left <= ASK_AT_LAST_SECONDS)) {
      asked = true;
      dialog.showModal();
    }
  }

  function end() {
    clearInterval(ticking);
    document.removeEventListener("visibilitychange", show);
    dialog.close();
    timer.classList.add("vr-timer--late");
    find("running").hidden = true;
    find("ended").hidden = false;
    find("announcement").textContent = find("ended").querySelector("span").firstChild.textContent.trim();
    // The form around the timer stays as it is; whoever keeps drafts may want to know.
    document.dispatchEvent(new CustomEvent("vr:hold-ended"));
  }

  dialog.querySelector("[data-vr-timer-close]").addEventListener("click", () => dialog.close());
  const ticking = setInterval(show, 1000);
  document.addEventListener("visibilitychange", show);
  document.addEventListener("input", () => {
    typedAt = Date.now();
  });
  show();
}

for (const timer of document.querySelectorAll("[data-vr-timer]")) {
  if (Number(timer.dataset.secondsLeft) > 0) {
    start(timer);
  }
}
