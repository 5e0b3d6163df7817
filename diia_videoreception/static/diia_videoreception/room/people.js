// Who is in the room and who is invited: staff invite and withdraw, the citizen may object.

// What each row says of somebody, from what the server tells: of people, those who do not answer among
// them, and of guests who were invited; one who has come is both.
export function rows(participants, guests, me) {
  const known = new Map(guests.map((one) => [one.id, one]));
  const here = participants.filter(({ state, is_here: isHere }) => state === "admitted" || (isHere && state === "waiting"));
  const shown = here.map(({ id, name, role_label: role, guest, state, is_here: isHere }) => {
    const isIn = guest ? "invited" : "role";
    const words = id === me ? "role_you" : state === "waiting" ? "outside" : isHere ? isIn : "away";
    return { name, role, words, guest: known.has(guest) ? guest : "", tried: Boolean(known.get(guest)?.tried) };
  });
  const inside = new Set(here.map(({ guest }) => guest));
  for (const { id, name, role_label: role, end, tried } of guests) {
    if (!inside.has(id) && (!end || end === "objected")) {
      shown.push({ name, role, words: end ? "objected" : "expected", guest: end ? "" : id, tried });
    }
  }
  return shown;
}

export class People {
  #view;
  #line;
  #role;
  #guests;
  #participants = [];
  #me = "";
  #shown = "";
  #isTried = false;

  constructor(view, line) {
    const { role, guests } = view.root.dataset;
    [this.#view, this.#line, this.#role] = [view, line, role];
    this.#guests = JSON.parse(guests);
    view.find("invite")?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#invite(event.submitter);
    });
    this.#show();
  }

  // What the server tells; `guests` only when something about them is new.
  hear({ participants, guests, link_tried: isTried }, me) {
    this.#participants = participants;
    this.#me = me;
    if (guests) {
      this.#tell(guests);
      this.#guests = guests;
    }
    if (isTried && !this.#isTried) {
      this.#view.announce(this.#view.text("own_link_tried"));
    }
    this.#isTried = Boolean(isTried);
    this.#show();
  }

  // Stands where the person is: before the talk whom to expect, then who is here.
  place(phase) {
    const isBefore = phase === "before";
    this.#view.find("people-place", this.#view.current)?.append(this.#view.find("people-panel"));
    this.#view.write("people-title", this.#view.text(isBefore ? "people_before" : "people_now"));
    this.#view.toggle("nobody-else", phase === "call");
    this.#show();
  }

  async answer(act, button) {
    const { guest: id } = button.closest("[data-guest]").dataset;
    button.disabled = true;
    try {
      await this.#line.post(`${act}/`, { guest: id });
      const end = act === "object" ? "objected" : "withdrawn";
      this.#guests = this.#guests.map((one) => (one.id === id ? { ...one, end } : one));
      this.#show();
      this.#view.find("people-title").focus();
      this.#line.hurry();
    } catch (error) {
      button.disabled = false;
      this.#view.announce(error.message);
    }
  }

  async copy() {
    const link = document.getElementById("guest-link");
    link.select();
    await navigator.clipboard?.writeText(link.value).then(
      () => this.#view.announce(this.#view.text("link_copied")),
      () => {}, // It stands there, chosen.
    );
  }

  async #invite(button) {
    const [role, name] = ["guest-role", "guest-name"].map((id) => document.getElementById(id));
    this.#view.write("invite-error", "");
    button && (button.disabled = true);
    try {
      const { guest, url } = await this.#line.post("invite/", { role: role.value, name: name.value });
      this.#guests = [...this.#guests.filter(({ id }) => id !== guest.id), guest];
      name.value = "";
      this.#view.toggle("link-made", true);
      const link = document.getElementById("guest-link");
      link.value = url;
      link.focus();
      link.select();
      this.#show();
    } catch (error) {
      this.#view.write("invite-error", error.message);
    }
    button && (button.disabled = false);
  }

  // Says each change once: to the citizen who is invited, to staff that the citizen objects, to both
  // that a link was tried.
  #tell(guests) {
    const known = new Map(this.#guests.map((one) => [one.id, one]));
    for (const { id, name: given, role_label: role, end, tried } of guests) {
      const [before, name] = [known.get(id), given || this.#view.text("unnamed")];
      const say = (words) => this.#view.announce(this.#view.text(words, { name, role }));
      !before && !end && this.#role === "citizen" && say("is_invited");
      end === "objected" && before && !before.end && this.#role !== "citizen" && say("has_objected");
      tried && before && !before.tried && say("link_tried");
    }
  }

  #show() {
    const isBefore = this.#view.phase === "before";
    const shown = rows(isBefore ? [] : this.#participants, this.#guests, this.#me);
    const panel = this.#view.find("people-panel");
    panel.hidden = isBefore && !shown.length && !this.#view.find("invite");
    this.#view.toggle("objecting", shown.some(({ guest }) => guest));
    const key = JSON.stringify([shown, this.#isTried]);
    if (key === this.#shown) {
      return;
    }
    this.#shown = key;
    const held = panel.contains(document.activeElement) && document.activeElement.closest("[data-guest]");
    const place = this.#view.find("people");
    place.replaceChildren(...shown.map((one) => this.#row(one)));
    held && place.querySelector(`[data-guest="${held.dataset.guest}"] button`)?.focus();
  }

  #row({ name: given, role, words, guest, tried }) {
    const row = this.#view.copy("person");
    const name = given || this.#view.text("unnamed");
    this.#view.find("name", row).textContent = name;
    this.#view.find("about", row).textContent = words === "role" ? role : this.#view.text(words, { role });
    this.#view.find("tried", row).hidden = !(tried || (words === "role_you" && this.#isTried));
    const act = { citizen: "object", official: "withdraw", moderator: "withdraw" }[this.#role];
    if (guest && act) {
      row.dataset.guest = guest;
      const button = this.#view.copy(act);
      this.#view.find("whom", button).textContent = `: ${name}`;
      row.append(button);
    }
    return row;
  }
}
