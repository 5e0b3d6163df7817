// The proof of work of a form: it is waited for, instead of sending the person back for it.

const waiting = new WeakSet();

const isOver = (state) => state === "verified" || state === "error";

// Whether the form can be sent now; else it is sent when there is a proof, or when none can be had.
export function isProven(form) {
  const widget = form.querySelector("altcha-widget");
  const state = widget?.getState?.() ?? "verified";
  if (isOver(state)) {
    return true;
  }
  // Where the clock is ahead, a challenge is called expired while it is still being solved.
  const proof = new FormData(form).get("altcha");
  if (state !== "verifying" && (state !== "expired" || proof)) {
    widget.verify();
  }
  if (!waiting.has(form)) {
    waiting.add(form);
    widget.addEventListener("statechange", function follow({ detail }) {
      if (isOver(detail.state)) {
        widget.removeEventListener("statechange", follow);
        waiting.delete(form);
        // The widget puts its proof into the form after it has told of it.
        setTimeout(() => form.requestSubmit());
      }
    });
  }
  return false;
}
