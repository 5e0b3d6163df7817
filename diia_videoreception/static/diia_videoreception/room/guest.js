// A guest opens a link: what stands behind the `#` is exchanged for the cookie of this browser.

const root = document.querySelector("[data-guest]");
const find = (name) => root.querySelector(`[data-part="${name}"]`);
const words = (name) => find("words").content.querySelector(`[data-text="${name}"]`).textContent;
const secret = location.hash.slice(1);
const form = find("accept");
const LONGEST_ANSWER_MS = 10_000;
const KEY = `room-key ${location.pathname}`;

// What this browser alone knows of this link: when an answer is lost on its way, the next is the same.
// Kept until the link is exchanged, for the page may be opened again meanwhile.
const key = stored() ?? hex(crypto.getRandomValues(new Uint8Array(32)));

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // Storage may be forbidden.
  }
}

function store(value) {
  try {
    value ? localStorage.setItem(KEY, value) : localStorage.removeItem(KEY);
  } catch {
    // Then it lasts as long as the page.
  }
}

function tell(problem) {
  find("problem-text").textContent = problem;
  find("problem").hidden = !problem;
}

async function accept() {
  const [name, role] = [form.elements.name, form.elements.role];
  if (!name.value.trim()) {
    tell(words("no_name"));
    name.focus();
    return;
  }
  tell("");
  const button = form.querySelector("button");
  button.disabled = true;
  store(key);
  try {
    const answer = await fetch(root.dataset.url, {
      method: "POST",
      headers: {
        "X-CSRFToken": root.querySelector("[name=csrfmiddlewaretoken]").value,
        Accept: "application/json",
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ secret, key, name: name.value, role: role.value }),
      signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
    });
    if (answer.ok) {
      store("");
      location.replace(location.pathname);
      return;
    }
    const { error } = await answer.json().catch(() => ({}));
    tell(error?.message ?? words("offline"));
  } catch {
    tell(words("offline"));
  }
  button.disabled = false;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  accept();
});
form.hidden = !secret;
tell(secret ? "" : words("incomplete"));
