// The way to the server of a Janus room.

const [PROTOCOL, PLUGIN] = ["janus-protocol", "janus.plugin.videoroom"];
const [ALIVE_MS, ANSWER_MS] = [25_000, 8000];

// The WebSocket: what is asked is answered by the same number, what happens comes by the handle.
export class Line {
  #socket;
  #token;
  #lost;
  #session = 0;
  #number = 0;
  #waiting = new Map();
  #handles = new Map();
  #alive = 0;
  #open;

  constructor({ url, token }, lost) {
    this.#token = token;
    this.#lost = lost;
    const socket = (this.#socket = new WebSocket(url, PROTOCOL));
    socket.addEventListener("message", ({ data }) => this.#take(data));
    socket.addEventListener("close", () => this.#end());
    this.#open = new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("close", () => reject(new Error("closed")));
    });
    this.#open.catch(() => {});
  }

  async begin() {
    await this.#open;
    this.#session = (await this.#ask({ janus: "create" })).data.id;
    this.#alive = setInterval(() => this.#ask({ janus: "keepalive" }).catch(() => this.#socket.close()), ALIVE_MS);
  }

  // Gives a handle; `happened(data, jsep)` hears of what nobody asked for.
  async attach(happened) {
    const { data } = await this.#ask({ janus: "attach", plugin: PLUGIN });
    this.#handles.set(data.id, happened);
    return data.id;
  }

  // Asks the plugin, and waits for what it says.
  async message(handle_id, body, jsep) {
    const { plugindata, jsep: answer } = await this.#ask({ janus: "message", handle_id, body, ...(jsep && { jsep }) });
    if (plugindata?.data.error_code) {
      throw new Error(`Janus ${plugindata.data.error_code}`);
    }
    return { ...plugindata?.data, jsep: answer };
  }

  trickle(handle_id, candidate) {
    this.#ask({ janus: "trickle", handle_id, candidate: candidate ?? { completed: true } }).catch(() => {});
  }

  detach(handle_id) {
    this.#handles.delete(handle_id);
    this.#ask({ janus: "detach", handle_id }).catch(() => {});
  }

  close() {
    clearInterval(this.#alive);
    this.#lost = () => {};
    this.#socket.readyState === WebSocket.OPEN && this.#ask({ janus: "destroy" }).catch(() => {});
    this.#socket.close();
  }

  #ask(words) {
    const transaction = `${(this.#number += 1)}`;
    const session = this.#session && { session_id: this.#session };
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(transaction)?.reject(new Error("late")), ANSWER_MS);
      this.#waiting.set(transaction, { resolve, reject, timer, isMessage: words.janus === "message" });
      if (this.#socket.readyState !== WebSocket.OPEN) {
        this.#settle(transaction).reject(new Error("closed"));
      } else {
        this.#socket.send(JSON.stringify({ ...words, ...session, transaction, token: this.#token }));
      }
    });
  }

  #settle(transaction) {
    const waiting = this.#waiting.get(transaction);
    this.#waiting.delete(transaction);
    clearTimeout(waiting?.timer);
    return waiting;
  }

  #take(data) {
    const said = JSON.parse(data);
    const { janus, transaction, sender, plugindata, jsep, error } = said;
    const waiting = this.#waiting.get(transaction);
    if (janus === "timeout") {
      this.#socket.close();
    } else if (waiting && !(janus === "ack" && waiting.isMessage)) {
      this.#settle(transaction)[error ? "reject" : "resolve"](error ? new Error(`Janus ${error.code}`) : said);
    } else if (!waiting && this.#handles.has(sender)) {
      this.#handles.get(sender)({ kind: janus, ...plugindata?.data }, jsep);
    }
  }

  #end() {
    clearInterval(this.#alive);
    [...this.#waiting.keys()].forEach((one) => this.#settle(one).reject(new Error("closed")));
    this.#lost();
  }
}
