// Filing: wait for the proof of work instead of failing without it, and send only once.

for (const form of document.querySelectorAll("[data-vr-once]")) {
  const status = form.querySelector("[data-vr-once-status]");
  const widget = form.querySelector("altcha-widget");
  let sent = false;
  let wanted = false;

  form.addEventListener("submit", (event) => {
    const state = widget?.getState?.() ?? "verified";
    if (sent) {
      event.preventDefault();
    } else if (state === "verified" || state === "error") {
      sent = true;
      status.textContent = form.dataset.vrSending;
    } else {
      event.preventDefault();
      wanted = true;
      status.textContent = form.dataset.vrWait;
      // The proof grows too old on a page that stays open, and at once where the clock is ahead.
      if (state !== "verifying") {
        widget.verify();
      }
    }
  });

  widget?.addEventListener("statechange", ({ detail }) => {
    if (wanted && (detail.state === "verified" || detail.state === "error")) {
      wanted = false;
      status.textContent = "";
      // The widget puts its proof into the form after it has told of it.
      setTimeout(() => form.requestSubmit());
    }
  });
}

window.addEventListener("pageshow", (event) => {
  // A page that comes back as it was left may be of an application that is filed by now.
  if (event.persisted) {
    location.reload();
  }
});
