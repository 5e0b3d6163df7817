// The page that explains why a camera or a microphone did not open, and what to do.

import { obstacle } from "./platform.js";
import { pressed } from "./pressing.js";

// Which browser and system this is. It only chooses words of advice, never what is tried.
export function platform(agent = navigator.userAgent, touchPoints = navigator.maxTouchPoints) {
  const has = (pattern) => pattern.test(agent);
  // An iPad calls itself a Macintosh, but no Macintosh has a touch screen.
  const system =
    (has(/iPhone|iPad|iPod/) || (has(/Macintosh/) && touchPoints > 1) ? "ios" : "") ||
    (/Android|Windows|Macintosh/.exec(agent)?.[0].toLowerCase() ?? "other");
  const safari = has(/AppleWebKit/) && !has(/Chrome\//) ? "safari" : "chromium";
  return { system, family: has(/Firefox\//) ? "firefox" : safari };
}

// Shows it for a code and the kinds concerned, until the person decides, or the browser has changed
// its mind: "retry" or "without".
export async function explain({ view, devices }, code, kinds) {
  await view.learn();
  if (!view.part("data-trouble", code)) {
    return "without"; // Its words could not be fetched; the step still says what is wrong.
  }
  const main = view.find("main");
  const page = view.part("data-dc", "trouble");
  fill(view, page, code, kinds);
  lower(page, Number(view.heading(main).tagName[1]) - 1);
  main.after(page);
  main.hidden = true;
  view.heading(page).focus();
  const stop = new AbortController();
  const act = await Promise.race([
    pressed(page, ["retry", "without"], stop.signal),
    changed(devices, code, kinds, stop.signal),
  ]);
  stop.abort();
  main.hidden = false;
  page.remove();
  return act;
}

// Headings as deep as those of the part of the page that this one stands in for.
function lower(page, levels) {
  for (const heading of levels ? page.querySelectorAll("h1, h2, h3") : []) {
    const lower = document.createElement(`h${Number(heading.tagName[1]) + levels}`);
    lower.append(...heading.childNodes);
    [...heading.attributes].forEach(({ name, value }) => lower.setAttribute(name, value));
    heading.replaceWith(lower);
  }
}

function fill(view, page, code, kinds) {
  const key = kinds.length > 1 ? "both" : kinds[0];
  const { system, family } = platform();
  // Browsers of a phone ask for permission in the way of the phone.
  const ours = system === "ios" || system === "android" ? [system] : [family, system];
  const [title, lead, ...lists] = view.part("data-trouble", code).children;
  const list = lists.find(({ dataset }) => ours.includes(dataset.for)) ?? lists.at(-1);
  view.find("title", page).textContent = title.textContent.replace("{device}", view.text(key));
  view.find("lead", page).replaceChildren(lead);
  view.find("todo", page).replaceChildren(list);
  view.find("without", page).textContent = view.text(`without_${key}`);
  const style = { day: "2-digit", month: "2-digit", year: "numeric", hour: "numeric", minute: "2-digit" };
  const now = new Intl.DateTimeFormat(document.documentElement.lang, style).format();
  const facts = [code, kinds.join(", "), `${family}, ${system}`, now];
  view.find("details", page).textContent = facts.join(" · ");
}

// The person has allowed the device, or plugged it in: go on by itself.
async function changed(devices, code, kinds, signal) {
  const good = async () => {
    const found = code === "no_device" ? devices.list : devices.permission;
    const states = await Promise.all(kinds.map((kind) => found.call(devices, kind)));
    return states.filter((one) => one?.state === "granted" || one?.[0]?.deviceId).length;
  };
  // What the browser itself refused was not granted; what the system refuses may well be.
  const before = ["denied_by_browser", "dismissed"].includes(code) ? 0 : await good();
  return new Promise((resolve) => {
    const look = async () => (await good()) > before && resolve("retry");
    obstacle() || watch(devices, kinds, look, signal).then(look);
  });
}

// Tells when something around the page has changed, until `signal` aborts.
async function watch(devices, kinds, look, signal) {
  navigator.mediaDevices.addEventListener("devicechange", look, { signal });
  addEventListener("focus", look, { signal });
  for (const kind of kinds) {
    // Where it cannot be asked, the focus tells that the person is back.
    (await devices.permission(kind))?.addEventListener("change", look, { signal });
  }
}
