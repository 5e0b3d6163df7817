// Filing: wait for the proof of work instead of failing without it, and send only once.

import { isProven } from "./proof.js";

for (const form of document.querySelectorAll("[data-vr-once]")) {
  const status = form.querySelector("[data-vr-once-status]");
  let sent = false;

  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
    } else if (isProven(form)) {
      sent = true;
      status.textContent = form.dataset.vrSending;
    } else {
      event.preventDefault();
      status.textContent = form.dataset.vrWait;
    }
  });
}

window.addEventListener("pageshow", (event) => {
  // A page that comes back as it was left may be of an application that is filed by now.
  if (event.persisted) {
    location.reload();
  }
});
