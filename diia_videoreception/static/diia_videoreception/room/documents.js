// Documents that both sides add and see.

import { Signatures } from "./signatures.js";

export class Documents {
  #view;
  #line;
  #known = null;
  #me = "";
  #names = new Map();
  #added;
  #signatures;

  // `added()` when one of ours has arrived, or has an answer for the other side.
  constructor(view, line, added) {
    this.#view = view;
    this.#line = line;
    this.#added = added;
    this.#signatures = new Signatures(view, line, added);
    const input = document.getElementById("room-file");
    input.addEventListener("change", () => {
      [...input.files].forEach((file) => this.#upload(file));
      input.value = "";
    });
  }

  name(id, name, isMe) {
    this.#names.set(id, name);
    this.#me = isMe ? id : this.#me;
  }

  // Shows the documents that there are; tells of new ones by others.
  show(documents) {
    const isFirst = this.#known === null;
    this.#known ??= new Set();
    for (const one of documents) {
      if (!this.#known.has(one.id)) {
        this.#known.add(one.id);
        this.#view.find("files").append(this.#row(one));
        if (!isFirst && one.from !== this.#me) {
          this.#view.announce(this.#view.text("received", { name: one.name }));
        }
      }
    }
  }

  // What the server tells of all there are.
  hear(documents) {
    this.show(documents);
    this.#signatures.show(documents);
  }

  answer(act, button) {
    return this.#signatures.answer(act, button);
  }

  #row({ id, name, size, from, url }) {
    const row = this.#view.copy("file");
    const link = this.#view.find("link", row);
    row.dataset.document = id;
    [link.textContent, link.href] = [name, url];
    const words = from === this.#me ? "from_you" : this.#names.has(from) ? "from" : "of_case";
    const values = { name: this.#names.get(from), size: this.#view.size(size) };
    this.#view.find("about", row).textContent = this.#view.text(words, values);
    return row;
  }

  async #upload(file) {
    const { name } = file;
    this.#view.write("file-error", "");
    if (file.size > Number(this.#view.root.dataset.maxBytes)) {
      this.#view.write("file-error", this.#view.text("too_large", { name }));
      return;
    }
    const row = this.#view.copy("uploading");
    const about = this.#view.find("about", row);
    const progress = row.querySelector("progress");
    this.#view.find("link", row).textContent = name;
    this.#view.find("cancel", row).textContent = this.#view.text("cancel", { name });
    progress.ariaLabel = name;
    this.#view.find("files").append(row);
    const [answer, stop] = this.#line.upload("documents/", file, (share) => {
      progress.value = share;
      const words = { done: this.#view.percent(share) };
      about.textContent = share < 1 ? this.#view.text("adding", words) : this.#view.text("checking");
    });
    row.querySelector("button").addEventListener("click", () => {
      stop();
      document.getElementById("room-file").focus();
    });
    try {
      const { document: added } = await answer;
      this.show([added]);
      this.#view.announce(this.#view.text("added", { name }));
      this.#added();
      this.#line.hurry(); // What may be done with it comes with the next answer.
    } catch (error) {
      if (error.name !== "AbortError") {
        const words = error.message && error.status ? error.message : this.#view.text("not_added", { name });
        this.#view.write("file-error", words);
      }
    }
    row.remove();
  }
}
