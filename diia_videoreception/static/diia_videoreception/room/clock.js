// The server's time, and how much of it is left. The clock of the device may be hours off.

const WARNED_MINUTES = 5;
const MINUTE = 60_000;

export class Clock {
  #ahead = 0;

  constructor(now) {
    this.set(now);
  }

  set(now) {
    this.#ahead = Date.parse(now) - performance.now();
  }

  get now() {
    return this.#ahead + performance.now();
  }

  // Whole minutes until a moment, a begun one counting whole; not below 0.
  minutes(until) {
    return Math.max(0, Math.ceil((Date.parse(until) - this.now) / MINUTE));
  }
}

// "5 хвилин", in the language of the page.
export function inMinutes(count, language = document.documentElement.lang) {
  const [hours, minutes] = [Math.floor(count / 60), count % 60];
  const words = (value, unit) =>
    new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(value);
  return [hours && words(hours, "hour"), (minutes || !hours) && words(minutes, "minute")]
    .filter(Boolean)
    .join(" ");
}

// "10:26", where the agency is.
export const clockOf = (moment, zone, language = document.documentElement.lang) =>
  new Intl.DateTimeFormat(language, { timeZone: zone, hour: "2-digit", minute: "2-digit" }).format(
    typeof moment === "string" ? Date.parse(moment) : moment,
  );

// Whether to warn of the end now: once, five minutes before it, and at once for who comes later.
export function warner() {
  let warned = null;
  return (minutes, ends) => {
    const isNews = minutes > 0 && minutes <= WARNED_MINUTES && warned !== ends;
    warned = isNews ? ends : warned;
    return isNews;
  };
}
