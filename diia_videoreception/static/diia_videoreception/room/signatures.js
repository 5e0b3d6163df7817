// Documents that the citizen is asked to sign. Signing is on a page of its own, in another tab: the talk
// goes on beside it, and this page learns of the signature as of anything new.

export class Signatures {
  #view;
  #line;
  #changed;
  #isStaff;
  #states = null;

  // `changed()` when one of ours has an answer for the other side.
  constructor(view, line, changed) {
    [this.#view, this.#line, this.#changed] = [view, line, changed];
    this.#isStaff = Boolean(view.find("texts").content.querySelector("[data-copy=ask]"));
  }

  // Shows how it stands with each document, and says what has changed.
  show(documents) {
    const [isFirst, known] = [this.#states === null, this.#states ?? new Map()];
    this.#states = new Map();
    for (const one of documents) {
      const state = one.signature?.state ?? "";
      const before = known.get(one.id);
      this.#states.set(one.id, state);
      if (state !== (before ?? "") || before === undefined) {
        this.#write(one, state);
        !isFirst && this.#tell(one, state, before ?? "");
      }
    }
    this.#list(documents.filter(({ signature }) => signature?.state === "asked"));
  }

  #write({ id, name, url, signature }, state) {
    const row = this.#view.root.querySelector(`[data-document="${id}"]`);
    const part = this.#view.find("signature", row);
    part.textContent = state ? this.#view.text(`sign_${state}`, { name: signature.signer, time: this.#time(signature.at) }) : "";
    const held = row.contains(document.activeElement) && document.activeElement.matches("button");
    this.#view.all("sign-act", row).forEach((act) => act.remove());
    const act = state === "signed" ? "container" : this.#isStaff ? (state === "asked" ? "recall" : "ask") : "";
    if (act && (act !== "ask" || this.#view.root.dataset.signs)) {
      const button = this.#view.copy(act);
      this.#view.find("whom", button).textContent = `: ${name}`;
      act === "container" && (button.href = `${url}signed/`);
      row.append(button);
      held && button.focus();
    }
  }

  #time(at) {
    const timeZone = this.#view.root.dataset.zone;
    return new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short", timeZone }).format(new Date(at));
  }

  // Only what the other side has done; `signed` in another tab is news to both, and passed on from here.
  #tell({ name }, state, before) {
    const theirs = this.#isStaff ? ["signed", "declined"] : ["asked", "withdrawn", "signed"];
    if (state !== before && theirs.includes(state)) {
      this.#view.announce(this.#view.text(`told_${state}`, { name }));
      state === "signed" && !this.#isStaff && this.#changed();
    }
  }

  // The citizen's card with what waits for their signature.
  #list(asked) {
    const place = this.#view.find("to-sign");
    const key = asked.map(({ id }) => id).join();
    if (!place || place.dataset.key === key) {
      return;
    }
    const held = place.contains(document.activeElement);
    place.dataset.key = key;
    place.replaceChildren(...asked.map((one) => this.#wanted(one)));
    this.#view.toggle("signing", asked.length > 0);
    held && (place.querySelector("a, button") ?? document.getElementById("documents-title")).focus();
  }

  #wanted({ id, name, size, url }) {
    const row = this.#view.copy("wanted");
    const link = this.#view.find("link", row);
    row.dataset.wanted = id;
    [link.textContent, link.href] = [name, url];
    this.#view.find("about", row).textContent = this.#view.size(size);
    this.#view.find("sign", row).href = `${url}sign/`;
    this.#view.all("whom", row).forEach((part) => (part.textContent = `: ${name}`));
    return row;
  }

  // Asks, asks no more, or declines, for the document of this row.
  async answer(act, button) {
    const row = button.closest("[data-document], [data-wanted]");
    const document = row.dataset.document ?? row.dataset.wanted;
    button.disabled = true;
    this.#view.write("file-error", "");
    try {
      await this.#line.post(`${act}/`, { document, window: this.#line.window });
      this.#line.hurry();
      this.#changed();
    } catch (error) {
      button.disabled = false;
      this.#view.write("file-error", error.message);
    }
  }
}
