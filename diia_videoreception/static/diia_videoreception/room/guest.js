// A guest opens a link: what stands behind the `#` is exchanged for the cookie of this browser.

const root = document.querySelector("[data-guest]");
const find = (name) => root.querySelector(`[data-part="${name}"]`);
const words = (name) => find("words").content.querySelector(`[data-text="${name}"]`).textContent;
const secret = location.hash.slice(1);
const form = find("accept");

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
  try {
    const answer = await fetch(root.dataset.url, {
      method: "POST",
      headers: {
        "X-CSRFToken": root.querySelector("[name=csrfmiddlewaretoken]").value,
        Accept: "application/json",
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ secret, name: name.value, role: role.value }),
    });
    if (answer.ok) {
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
