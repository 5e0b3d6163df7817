// The server's side of a check.

export class Refusal extends Error {
  constructor(status, { code = "", message = "" } = {}) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export class Api {
  run = "";
  #token;
  #urls;

  constructor({ runs, ping, payload }, token) {
    this.#urls = { runs, ping, payload };
    this.#token = token;
  }

  async #post(path, body) {
    const json = !(body instanceof FormData);
    const answer = await fetch(this.#urls.runs + path, {
      method: "POST",
      body: json ? JSON.stringify(body) : body,
      headers: {
        Accept: "application/json",
        "X-CSRFToken": this.#token,
        ...(json ? { "Content-Type": "application/json" } : {}),
      },
    });
    const content = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      throw new Refusal(answer.status, content.error);
    }
    return content;
  }

  async begin(context) {
    const { run, turn } = await this.#post("", context ? { context } : {});
    this.run = run;
    return turn ?? [];
  }

  tell(step, result) {
    return this.#post(`${this.run}/steps/${step}/`, result);
  }

  analyse({ images = [], audio = null }) {
    const form = new FormData();
    images.forEach((image, number) => form.append("image", image, `${number}.jpg`));
    if (audio) {
      form.append("audio", audio, "sound.wav");
    }
    return this.#post(`${this.run}/analyse/`, form);
  }

  finish() {
    return this.#post(`${this.run}/finish/`, {});
  }

  // The time that a tiny answer takes, and how far the clock of this device is from the server's.
  async ping(signal) {
    const before = performance.now();
    const answer = await fetch(this.#urls.ping, { cache: "no-store", signal });
    if (!answer.ok) {
      throw new Refusal(answer.status);
    }
    const delay = performance.now() - before;
    const there = Date.parse(answer.headers.get("Date"));
    return { delay, skew: (Date.now() - delay / 2 - there) / 1000 };
  }

  async download(bytes, signal) {
    const answer = await fetch(`${this.#urls.payload}?bytes=${bytes}`, { cache: "no-store", signal });
    return (await answer.arrayBuffer()).byteLength;
  }

  async upload(bytes, signal) {
    const headers = { "X-CSRFToken": this.#token, "Content-Type": "application/octet-stream" };
    const body = new Uint8Array(bytes);
    const answer = await fetch(this.#urls.payload, { method: "POST", body, headers, signal });
    if (!answer.ok) {
      throw new Refusal(answer.status);
    }
    return bytes;
  }
}
