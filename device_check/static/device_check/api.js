// The server's side of a check.

export class Refusal extends Error {}

async function answered(answer) {
  if (!answer.ok) {
    const { error } = await answer.json().catch(() => ({}));
    throw new Refusal(error?.message ?? "");
  }
  return answer;
}

export class Api {
  run = "";
  urls;
  #token;

  // The token is read when it is needed: a sign-in in another tab renews it.
  constructor(urls, token) {
    this.urls = urls;
    this.#token = token;
  }

  async send(url, body, type, signal) {
    const headers = { "X-CSRFToken": this.#token?.value, ...(type && { "Content-Type": type }) };
    return (await answered(await fetch(url, { method: "POST", body, headers, signal }))).json();
  }

  async get(url, signal) {
    return answered(await fetch(url, { cache: "no-store", signal }));
  }

  #post(path, body) {
    return this.send(this.urls.runs + path, JSON.stringify(body), "application/json");
  }

  async begin(context) {
    const { run, turn } = await this.#post("", { context });
    this.run = run;
    return turn;
  }

  report(step, result) {
    return this.#post(`${this.run}/steps/${step}/`, result);
  }

  analyse(files) {
    const form = new FormData();
    for (const [name, file] of files) {
      form.append(name, file, name);
    }
    return this.send(`${this.urls.runs}${this.run}/analyse/`, form);
  }

  finish(next) {
    return this.#post(`${this.run}/finish/`, { next });
  }

  // The milliseconds of a tiny answer, and the seconds by which the clock of this device is ahead.
  async ping(signal) {
    const before = performance.now();
    const answer = await this.get(this.urls.ping, signal);
    const delay = performance.now() - before;
    const there = Date.parse(answer.headers.get("Date"));
    return { delay, skew: (Date.now() - delay / 2 - there) / 1000 };
  }
}
