// Waiting for a person, and for time.

// The name of the button of `inside` that is pressed next, of those with [data-act] in `names`.
export function pressed(inside, names, signal) {
  return new Promise((resolve) => {
    const stop = new AbortController();
    signal.addEventListener("abort", () => stop.abort());
    const press = ({ target }) => {
      const act = target.closest("[data-act]")?.dataset.act;
      if (names.includes(act)) {
        stop.abort();
        resolve(act);
      }
    };
    inside.addEventListener("click", press, { signal: stop.signal });
  });
}

export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
