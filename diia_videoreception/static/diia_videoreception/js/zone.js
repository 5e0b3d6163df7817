// Tells whose clock a page shows: always below it where it shows one, and at its top when the
// device is in another time zone. The times of receptions stand in both, where they differ.

const CLOCK = /(^|[^\d:.])([01]?\d|2[0-3]):[0-5]\d(?![\d:])/;
const HALF_A_YEAR_MS = 182 * 24 * 3600 * 1000;

function isElsewhere(zone) {
  // Two zones may agree in winter only.
  return [0, HALF_A_YEAR_MS].some((ahead) => {
    const moment = new Date(Date.now() + ahead);
    return moment.toLocaleString("sv", { timeZone: zone }) !== moment.toLocaleString("sv");
  });
}

export function tellZone(root = document) {
  const shows = CLOCK.test(document.querySelector("main")?.innerText ?? "");
  for (const note of root.querySelectorAll("[data-vr-zone]")) {
    note.hidden = !shows || !isElsewhere(note.dataset.vrZone);
  }
  for (const note of root.querySelectorAll("[data-vr-zone-said]")) {
    note.hidden = !shows;
  }
}

function tellOwnTimes(root = document) {
  const language = document.documentElement.lang;
  const shown = { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" };
  for (const note of root.querySelectorAll("[data-vr-own-time]")) {
    const moment = new Date(note.dataset.vrOwnTime);
    const there = moment.toLocaleString("sv", { timeZone: note.dataset.vrOfZone });
    if (there === moment.toLocaleString("sv")) continue;
    note.textContent = note.dataset.vrWords.replace("{moment}", moment.toLocaleString(language, shown));
    note.hidden = false;
  }
}

// The admin has no place of ours in its pages: the note is put at the top of those that are ours.
const kept = document.querySelector("template[data-vr-zone-note]");
if (kept && document.querySelector(kept.dataset.vrZoneNote)) {
  document.querySelector("main").prepend(kept.content.cloneNode(true));
}
tellZone();
tellOwnTimes();
