// What becomes of the code on the phone of the person: the page is opened anew once it has changed.

const EVERY_MS = 3000;
const card = document.querySelector("[data-vr-person-view]");

async function look() {
  try {
    const answer = await fetch(card.dataset.vrPersonView, { headers: { "X-VR-Poll": "1" }, redirect: "error" });
    if (answer.ok && (await answer.json()).state !== card.dataset.state) {
      location.reload();
    }
  } catch {
    // Without a line the page stays as it is; the next look tells.
  }
}

if (card && card.dataset.state !== "none") {
  setInterval(() => {
    if (document.visibilityState === "visible") {
      look();
    }
  }, EVERY_MS);
}
