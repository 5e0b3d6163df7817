// The way to the server: what is asked of it again and again, and what is sent, each thing once and in
// its order. It never gives up while the page is open.

const [LONGEST_ANSWER_MS, LONGEST_PAUSE_MS, FIRST_PAUSE_MS] = [10_000, 10_000, 500];
const [CONNECTING_MS, BATCH_MS, SOONEST_MS, NUDGE_MS] = [500, 1000, 450, 2000];
const HOPELESS = [400, 401, 403, 404, 409, 410, 413]; // Asking again would change nothing.

// What the server refused: its code and words, and after how long to come again; status 0 where no answer came.
export class Refusal extends Error {
  constructor(status, { code = "", message = "" } = {}, seconds = 0) {
    super(message);
    Object.assign(this, { status, code, wait: seconds * 1000 });
  }

  get isFinal() {
    return HOPELESS.includes(this.status);
  }
}

// How long to wait after so many failures in a row.
export const backoff = (failures) => Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));

// How long to wait until the next question: the server's wish, less while somebody is being connected
// or while text goes this way.
export const pace = (wish, { connecting, batches }) =>
  Math.min(wish, connecting ? CONNECTING_MS : wish, batches ? BATCH_MS : wish);

export class Signalling {
  #seat = "";
  #next = "";
  #unreachable;
  #url;
  #token;
  #told;
  #hear;
  #failed;
  #after = 0;
  #messagesAfter = 0;
  #guestsAfter = 0;
  #failures = 0;
  #timer = 0;
  #soonest = 0;
  #busy = false;
  #hurried = false;
  #nudge = 0;
  #nudged = -NUDGE_MS;
  #open = false;
  #sending = new Map();
  #tag = "";
  #known = {};

  // `told()` is what a question carries; `hear(answer)` answers {connecting, batches};
  // `failed(error, failures)` hears of each failure; `unreachable` are the words where the server says none.
  constructor(url, token, { told, hear, failed, unreachable = "" }) {
    this.#unreachable = unreachable;
    this.#url = url;
    this.#token = token;
    this.#told = told;
    this.#hear = hear;
    this.#failed = failed;
    addEventListener("online", () => this.hurry());
  }

  // The token is read when it is needed: a sign-in in another tab renews it.
  get #headers() {
    return { "X-CSRFToken": this.#token.value, Accept: "application/json" };
  }

  async post(path, body, options) {
    const answer = await this.#ask(path, body, options);
    return answer.json().catch(() => ({}));
  }

  async #ask(path, body = {}, { keepalive = false, tag = "" } = {}) {
    const message = this.#unreachable;
    const request = {
      method: "POST",
      headers: { ...this.#headers, "Content-Type": "application/json", ...(tag && { "If-None-Match": tag }) },
      body: JSON.stringify(body),
      keepalive,
      signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
    };
    const answer = await fetch(this.#url + path, request).catch(() => {
      throw new Refusal(0, { message }); // The browser's own words are for nobody.
    });
    if (!answer.ok) {
      const { error } = await answer.json().catch(() => ({}));
      throw new Refusal(answer.status, { message, ...error }, Number(answer.headers.get("Retry-After")));
    }
    return answer;
  }

  // Asks what is new; where nothing is, it is as it was, and what was delivered is not delivered again.
  async #news(question) {
    const answer = await this.#ask("poll/", question, { tag: this.#tag });
    if (answer.status === 204) {
      return { ...this.#known, now: undefined, signals: [], messages: [], guests: null };
    }
    const news = await answer.json().catch(() => ({}));
    [this.#tag, this.#known] = [answer.headers.get("ETag") ?? "", news];
    return news;
  }

  // Sends a file with its progress from 0 to 1; answers [promise of the answer, how to stop it].
  upload(path, file, progress) {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("window", this.window);
    form.append("file", file, file.name);
    request.open("POST", this.#url + path);
    Object.entries(this.#headers).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => progress(loaded / total));
    const answer = new Promise((resolve, reject) => {
      request.addEventListener("load", () => {
        const { status, response } = request;
        status < 300 ? resolve(response) : reject(new Refusal(status, response?.error));
      });
      request.addEventListener("error", () => reject(new Error("offline")));
      request.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    });
    request.send(form);
    return [answer, () => request.abort()];
  }

  // The window by which this page has its seat.
  get window() {
    return this.#seat;
  }

  // Takes the seat for this window of the browser; an earlier window loses it. While no answer comes, nobody
  // knows which of the two has it: the next attempt names both again.
  async enter() {
    this.#next ||= crypto.randomUUID();
    const entered = await this.post("enter/", { window: this.#next, earlier: this.#seat });
    [this.#seat, this.#next] = [this.#next, ""];
    return entered;
  }

  // Begins to ask, from the beginning: a page that comes back has nothing.
  start() {
    this.#after = this.#messagesAfter = this.#guestsAfter = this.#failures = 0;
    this.#sending = new Map();
    this.#tag = "";
    this.#open = true;
    this.#poll();
  }

  // Asks again now instead of later; never sooner than the server allows, whatever the others send.
  hurry() {
    if (this.#open) {
      this.#hurried = true;
      this.#busy || this.#askIn(0);
    }
  }

  // As `hurry`, because another page says that there is something: the first time at once, then seldom,
  // for that page may say so without end.
  nudge() {
    this.#nudge ||= setTimeout(() => {
      this.#nudge = 0;
      this.#nudged = performance.now();
      this.hurry();
    }, Math.max(0, this.#nudged + NUDGE_MS - performance.now()));
  }

  #askIn(wait) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#poll(), Math.max(wait, this.#soonest - performance.now()));
  }

  stop() {
    this.#open = false;
    clearTimeout(this.#timer);
  }

  async #poll() {
    clearTimeout(this.#timer);
    const { window } = this;
    this.#soonest = performance.now() + SOONEST_MS;
    this.#busy = true;
    this.#hurried = false;
    let wait;
    try {
      const question = {
        window,
        after: this.#after,
        messages_after: this.#messagesAfter,
        guests_after: this.#guestsAfter,
      };
      const answer = await this.#news({ ...question, ...this.#told() });
      if (!this.#open || window !== this.window) {
        return; // The person has left meanwhile, or come in anew.
      }
      this.#failures = 0;
      [this.#after, this.#messagesAfter] = [answer.after, answer.messages_after];
      this.#guestsAfter = answer.guests_after ?? 0;
      wait = pace(answer.poll_ms, await this.#hear(answer));
    } catch (error) {
      if (!this.#open || window !== this.window) {
        return;
      }
      this.#failures += 1;
      wait = Math.max(backoff(this.#failures), error.wait ?? 0);
      this.#soonest = performance.now() + (error.wait || SOONEST_MS);
      this.#hurried = false;
      this.#failed(error, this.#failures);
    }
    this.#busy = false;
    if (this.#open && window === this.window) {
      this.#askIn(this.#hurried ? 0 : wait);
    }
  }

  // Sends one signal after another to each person, each until it has arrived or the server does not want
  // it; one person's signals wait for nobody else's.
  send(to, session, kind, payload) {
    const { window } = this;
    const body = { window, to, session, kind, payload };
    const earlier = this.#sending.get(to) ?? Promise.resolve();
    const sent = earlier.then(async () => {
      for (let failures = 1; this.#open && window === this.window; failures += 1) {
        try {
          return await this.post("signals/", body);
        } catch (error) {
          if (error.isFinal) {
            return this.#failed(error, 0);
          }
          await new Promise((again) => setTimeout(again, Math.max(backoff(failures), error.wait ?? 0)));
        }
      }
    });
    this.#sending.set(to, sent);
    return sent;
  }

  // Leaves the seat, by whichever window this page has it, also while the page goes away.
  async leave() {
    const windows = [this.#next, this.#seat].filter(Boolean);
    this.#next = "";
    this.stop();
    for (const window of windows) {
      await this.post("leave/", { window }, { keepalive: true }).catch(() => {});
    }
  }
}
