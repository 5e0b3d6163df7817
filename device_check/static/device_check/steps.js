// The steps of a check. Each is given the check and a signal that ends it early, and answers
// {verdict, problems, measures}; `stored` when the server knows it already.

import { isVirtual } from "./devices.js";
import { judge, summary } from "./network.js";
import { pressed, wait } from "./pressing.js";
import { awake, listen, play, record, tones, wav } from "./sound.js";

const [STILL_PAUSE_MS, STILL_WIDTH, STILL_QUALITY] = [200, 640, 0.85];
const [GOOD_FPS, LONGEST_PAUSE_MS] = [20, 1000];
const NOT_SEEN = /face|centre|blurred|covered|frozen|too_/; // Problems that hide the face.
const SECONDS = 3;
const SILENT_TICKS = 50; // Five seconds of the meter.
const SKEW_SECONDS = 60;

export async function permission(check) {
  const lost = Object.values(await check.obtain(["camera", "microphone"]));
  const refused = [...new Set(lost.filter((code) => check.isRefusal(code)))];
  const problems = refused.filter((code) => !check.isOfBrowser(code));
  check.view.moment("permission", lost.length ? "" : "done");
  if (problems.length) {
    return { verdict: "problem", problems };
  }
  // For a device that is not there, or in a browser that has none, nobody is asked.
  const given = lost.length < 2 || lost.includes("busy");
  return { verdict: refused.length ? "skipped" : given ? "ok" : "not_checked", problems: refused };
}

const hint = ({ label }) => (isVirtual(label) ? "virtual_device" : "");

export async function camera(check, signal) {
  const { view } = check;
  const card = view.card("camera");
  const moment = check.moments("camera", signal);
  const lost = await check.need("camera");
  if (lost || signal.aborted) {
    return lost;
  }
  const track = check.devices.tracks.camera;
  const video = card.querySelector("video");
  video.srcObject = new MediaStream([track]);
  await video.play().catch(() => {});
  view.find("label", card).hidden = true;
  const frames = counting(video);
  const count = Number(view.find("stills", card).dataset.stills);
  let [stills, act] = [[], "reshoot"];
  while (act === "reshoot") {
    moment("look");
    await pressed(card, ["shoot"], signal);
    moment("shooting");
    stills = await shoot(video, count, signal);
    view.find("stills", card).replaceChildren(...stills);
    moment("agree");
    act = await pressed(card, ["send", "reshoot", "refuse"], signal);
  }
  check.fps = frames();
  const pictures = async () => Promise.all(stills.map(async (still) => ["image", await jpeg(still)]));
  const result = await check.consent(act, pictures, moment);
  view.find("stills", card).replaceChildren();
  const seen = result.stored && !result.problems.some((code) => NOT_SEEN.test(code));
  view.find("label", card).hidden = !seen;
  return { ...result, hint: hint(track) };
}

// Frames a second, where the browser can count them; anew after a time in which nobody looked.
function counting(video) {
  let [first, last, frames] = [0, -LONGEST_PAUSE_MS, -1];
  const next = (now) => {
    if (now - last >= LONGEST_PAUSE_MS) {
      [first, frames] = [now, -1];
    }
    last = now;
    frames += 1;
    video.requestVideoFrameCallback?.(next);
  };
  video.requestVideoFrameCallback?.(next);
  return () => (frames > 0 ? Math.round((frames * 1000) / (last - first)) : 0);
}

async function shoot(video, count, signal) {
  const stills = [];
  while (stills.length < count && !signal.aborted) {
    await wait(STILL_PAUSE_MS);
    if (video.videoWidth) {
      const still = document.createElement("canvas");
      still.width = Math.min(STILL_WIDTH, video.videoWidth);
      still.height = Math.round((still.width * video.videoHeight) / video.videoWidth);
      still.getContext("2d").drawImage(video, 0, 0, still.width, still.height);
      stills.push(still);
    }
  }
  return stills;
}

const jpeg = (still) => new Promise((done) => still.toBlob(done, "image/jpeg", STILL_QUALITY));

export async function microphone(check, signal) {
  const { view } = check;
  const card = view.card("microphone");
  const moment = check.moments("microphone", signal);
  const lost = await check.need("microphone");
  if (lost || !(await awake(check.audio)) || signal.aborted) {
    return lost ?? { verdict: "not_checked" };
  }
  const track = check.devices.tracks.microphone;
  const stop = new AbortController();
  signal.addEventListener("abort", () => stop.abort());
  listen(check.audio, track, meter(view, card, stop.signal), stop.signal);
  moment("look");
  let [samples, act] = [null, await pressed(card, ["record"], signal)];
  while (act !== "send" && act !== "refuse") {
    if (act !== "play") {
      moment("recording");
      view.announce(card.querySelector("[data-when=recording]").textContent);
      samples = await record(check.audio, track, SECONDS, signal);
    }
    moment("playing");
    await play(check.audio, samples);
    moment("agree");
    act = await pressed(card, ["play", "send", "rerecord", "refuse"], signal);
  }
  stop.abort();
  const result = await check.consent(act, async () => [["audio", wav(samples)]], moment);
  return { ...result, hint: hint(track) };
}

function meter(view, card, signal) {
  const bar = card.querySelector("[role=meter]");
  const shown = view.find("word", card);
  const nothing = view.find("nothing", card);
  let [ticks, heard] = [0, false];
  // What it said last must not stand beside another verdict.
  signal.addEventListener("abort", () => {
    bar.closest(".vr-row").hidden = true;
    shown.textContent = "";
  });
  bar.closest(".vr-row").hidden = false;
  return ({ parts, word }) => {
    heard ||= word !== "nothing";
    ticks += 1;
    nothing.hidden = heard || ticks < SILENT_TICKS;
    // Another program or a call may hold the microphone without any error.
    if (!nothing.hidden && ticks === SILENT_TICKS) {
      view.announce(nothing.textContent);
    }
    bar.setAttribute("aria-valuenow", parts);
    const words = view.text(word);
    if (shown.textContent !== words) {
      shown.textContent = words;
      bar.setAttribute("aria-valuetext", words);
    }
    [...bar.children].forEach((one, number) => one.classList.toggle("is-on", number < parts));
  };
}

export async function speakers(check, signal) {
  const { view } = check;
  const card = view.card("speakers");
  if (!(await awake(check.audio))) {
    return { verdict: "problem", problems: ["no_output"] };
  }
  view.find("choice", card).hidden = !check.audio.setSinkId || (await check.choices("speakers")) < 2;
  card.querySelectorAll("[name=hear]").forEach((answer) => (answer.checked = false));
  view.moment("speakers", "look");
  await pressed(card, ["tone"], signal);
  view.moment("speakers", "asked");
  // Whether it is heard is said by `heard`, now or later.
  return new Promise(() => {});
}

export const heard = (yes) =>
  yes ? { verdict: "ok" } : { verdict: "problem", problems: ["not_heard"] };

export async function sound(check) {
  await check.audio.setSinkId?.(check.devices.chosen("speakers")).catch(() => {});
  await play(check.audio, tones());
}

export async function connection(check, signal) {
  const { view } = check;
  await check.known();
  let clock = { verdict: "not_checked", measures: {} };
  try {
    await check.api.ping(signal); // The first also opens the connection.
    const { skew } = await check.api.ping(signal);
    const problems = Math.abs(skew) < SKEW_SECONDS ? [] : ["skewed"];
    const measures = { skew_seconds: Math.round(skew) };
    clock = { verdict: problems.length ? "advice" : "ok", problems, measures };
  } catch {
    // Then the connection has more to say.
  }
  await view.learn(clock.problems);
  check.settle("clock", clock);
  const ways = check.turn.length
    ? await (await import("./relay.js")).throughTurn(check.turn, signal)
    : await (await import("./http.js")).throughHttp(check.api, signal);
  const result = summary(ways);
  if (check.fps) {
    result.measures.fps = check.fps;
  }
  fill(view, ways, result.measures, clock.measures.skew_seconds);
  check.moments("connection", signal)("done");
  return result;
}

function fill(view, ways, { kbit_per_s, rtt_ms, loss_percent, fps }, skew) {
  const bad = judge({ kbit_per_s, rtt_ms, loss_percent }).problems;
  const row = (name, value, words) => {
    const line = view.card("connection").querySelector(`[data-row="${name}"]`);
    line.hidden = value === undefined;
    line.cells[1].textContent = line.hidden ? "" : words(line.dataset.unit ?? "");
  };
  const show = (name, value, good, digits) => {
    const words = (unit) => `${view.number(value, digits)} ${unit}`.trim();
    row(name, value, (unit) => `${words(unit)}, ${view.text(good ? "enough" : "poor")}`);
  };
  show("rate", kbit_per_s && kbit_per_s / 1000, !bad.includes("slow"), 1);
  show("delay", rtt_ms, !bad.includes("high_delay"));
  show("loss", loss_percent, !bad.includes("lossy"), 1);
  show("fps", fps, fps >= GOOD_FPS);
  show("clock", skew && Math.abs(skew), Math.abs(skew) < SKEW_SECONDS);
  for (const name of ["udp", "tcp", "tls"]) {
    row(name, ways[name], () => view.text(ways[name].code ? "closed" : "open"));
  }
}
