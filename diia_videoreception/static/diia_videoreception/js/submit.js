// Filing: wait for the proof of work instead of failing without it, and send only once.

for (const form of document.querySelectorAll("[data-vr-once]")) {
  const status = form.querySelector("[data-vr-once-status]");
  const widget = form.querySelector("altcha-widget");
  let sent = false;
  let wanted = false;

  function proven() {
    return !widget || Boolean(new FormData(form).get("altcha"));
  }

  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
    } else if (!proven() && widget.getState?.() === "verifying") {
      event.preventDefault();
      wanted = true;
      status.textContent = form.dataset.vrWait;
    } else {
      sent = true;
      status.textContent = form.dataset.vrSending;
    }
  });

  widget?.addEventListener("statechange", (event) => {
    if (wanted && event.detail.state !== "verifying") {
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
