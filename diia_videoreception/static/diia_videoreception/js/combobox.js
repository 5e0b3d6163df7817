// Turns a <select> into a field in which one types and picks from a list: the editable combobox of
// WAI-ARIA 1.2 with list autocomplete. The select stays in the form and keeps the value.

import { fold, words } from "./folding.js";

// The words of a text, in bold where one that is wanted begins in it.
function marked(text, wanted) {
  return text.split(/(\s+)/).map((word) => {
    const folded = fold(word);
    if (!wanted.some((one) => folded.includes(one))) {
      return word;
    }
    const bold = document.createElement("b");
    bold.textContent = word;
    return bold;
  });
}

export function combobox(select, frame) {
  const { id } = select;
  const label = document.querySelector(`label[for="${id}"]`);
  const hint = document.getElementById(`${id}-hint`);
  const choices = [...select.options]
    .filter((option) => option.value)
    .map((option) => ({ value: option.value, text: option.text, folded: option.dataset.folded ?? fold(option.text) }));
  const part = frame.content.cloneNode(true);
  const input = part.querySelector("input");
  const list = part.querySelector("ul");
  const count = part.querySelector("[aria-live]");
  const none = part.querySelector("[data-vr-none]");
  let shown = [];
  let active = -1;

  const chosen = () => choices.find((choice) => choice.value === select.value);
  const rest = () => {
    input.value = chosen()?.text ?? "";
  };

  function open(all) {
    const wanted = all ? [] : words(input.value);
    shown = choices.filter((choice) => wanted.every((word) => choice.folded.includes(word)));
    list.replaceChildren(...shown.map((choice, number) => drawn(choice, number, wanted)));
    list.hidden = shown.length === 0;
    input.setAttribute("aria-expanded", String(shown.length > 0));
    count.textContent = shown.length
      ? select.dataset.found.replace("{count}", shown.length)
      : select.dataset.none;
    none.hidden = shown.length > 0;
    activate(all ? shown.indexOf(chosen()) : -1);
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    count.textContent = "";
    none.hidden = true;
    activate(-1);
  }

  function drawn(choice, number, wanted) {
    const item = document.createElement("li");
    item.id = `${id}-option-${number}`;
    item.setAttribute("role", "option");
    item.append(...marked(choice.text, wanted));
    item.addEventListener("click", () => choose(choice));
    return item;
  }

  function activate(number) {
    active = number;
    [...list.children].forEach((item, position) => {
      item.setAttribute("aria-selected", String(position === number));
    });
    if (number >= 0) {
      input.setAttribute("aria-activedescendant", list.children[number].id);
      list.children[number].scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function choose(choice) {
    const changed = select.value !== choice.value;
    select.value = choice.value;
    rest();
    close();
    if (changed) {
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  const keys = {
    ArrowDown: () => (list.hidden ? open(true) : activate((active + 1) % shown.length)),
    ArrowUp: () =>
      list.hidden ? open(true) : activate((active <= 0 ? shown.length : active) - 1),
    Enter: () => {
      if (!list.hidden && (active >= 0 || shown.length === 1)) {
        choose(shown[Math.max(active, 0)]);
      }
    },
    Escape: () => {
      rest();
      close();
    },
  };

  input.addEventListener("keydown", (event) => {
    if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  input.addEventListener("input", () => open(false));
  input.addEventListener("click", () => list.hidden && open(true));
  input.addEventListener("focus", () => input.select());
  input.addEventListener("blur", ({ relatedTarget }) => {
    if (!none.contains(relatedTarget)) {
      rest();
      close();
    }
  });
  // A press on the list must not take the focus out of the field.
  for (const inside of [list, none]) {
    inside.addEventListener("mousedown", (event) => event.preventDefault());
  }
  none.querySelector("button").addEventListener("click", () => {
    input.focus();
    open(true);
  });

  select.id = `${id}-value`;
  select.hidden = true;
  input.id = id;
  list.id = `${id}-list`;
  input.setAttribute("aria-controls", list.id);
  list.setAttribute("aria-label", select.dataset.list);
  if (hint) {
    hint.textContent = select.dataset.hint;
    input.setAttribute("aria-describedby", hint.id);
  }
  label.htmlFor = id;
  rest();
  select.before(part);
}
