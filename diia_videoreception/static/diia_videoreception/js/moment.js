// A page of something that is still being done: look every second until it leads elsewhere.

const LOOK_MS = 1_000;

async function look() {
  const answer = await fetch(location.href).catch(() => null);
  if (answer?.redirected) {
    location.replace(answer.url);
  } else {
    setTimeout(look, LOOK_MS);
  }
}

setTimeout(look, LOOK_MS);
