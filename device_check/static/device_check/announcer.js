// Says each change once, not more often than a person can listen.

import { wait } from "./pressing.js";

const PAUSE_MS = 2000;

export function announcer(region) {
  const waiting = [];
  let [spoken, speaking] = ["", false];
  return async (words) => {
    if (words !== (waiting.at(-1) ?? spoken)) {
      waiting.push(words);
    }
    while (!speaking && waiting.length) {
      region.textContent = spoken = waiting.splice(0).join(" ");
      speaking = true;
      await wait(PAUSE_MS);
      speaking = false;
    }
  };
}
