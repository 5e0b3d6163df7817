// How often the portal is asked for a room anew: at once the first time, then less and less often.

import { backoff } from "./signalling.js";

export class Patience {
  #failures = 0; // In a row.

  renew() {
    this.#failures = 0;
  }

  // Does it after a pause, telling how many failures there were; gives the timer.
  fail(act) {
    const pause = this.#failures && backoff(this.#failures);
    const failures = (this.#failures += 1);
    return setTimeout(() => act(failures), pause);
  }
}
