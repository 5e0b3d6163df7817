// Shows another state of the page without leaving it: fetches the page and puts some of its parts
// in the place of those shown. Links and forms work the same without this.

let latest = 0;

export async function fetchPage(url) {
  const ticket = ++latest;
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" }, redirect: "error" });
    if (!answer.ok) {
      throw new Error(String(answer.status));
    }
    const text = await answer.text();
    if (ticket !== latest) {
      return null; // Something newer has been asked for meanwhile.
    }
    history.replaceState(null, "", url);
    return new DOMParser().parseFromString(text, "text/html");
  } catch {
    if (ticket === latest) {
      location.assign(url);
    }
    return null;
  }
}

export function swap(page, ids) {
  const focused = document.activeElement;
  for (const id of ids) {
    const before = document.getElementById(id);
    const after = page.getElementById(id);
    if (before && after) {
      const hadFocus = before.contains(focused);
      before.replaceWith(after);
      if (hadFocus) {
        counterpart(focused, after).focus();
      }
    }
  }
}

// Where the focus was, or at least near: it must never fall back to the top of the page.
function counterpart(focused, container) {
  const selectors = [
    focused.dataset.vrKey && `[data-vr-key="${focused.dataset.vrKey}"]`,
    focused.id && `#${CSS.escape(focused.id)}`,
    focused.name && `[name="${focused.name}"][value="${CSS.escape(focused.value)}"]`,
    "#week-label",
    "h2, h3",
  ];
  for (const selector of selectors.filter(Boolean)) {
    const found = container.querySelector(selector);
    if (found) {
      if (found.tabIndex < 0) {
        found.tabIndex = -1;
      }
      return found;
    }
  }
  container.tabIndex = -1;
  return container;
}
