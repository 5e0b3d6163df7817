// The steps of a check. Each is given the check and a signal that ends it early, and answers
// {verdict, problems, measures}; `told` when the server knows it already.

import { isVirtual } from "./devices.js";
import { judge, summary, throughHttp, throughTurn } from "./network.js";
import { pressed, wait } from "./pressing.js";
import { listen, play, record, tones } from "./sound.js";

const STILLS = 5;
const STILL_PAUSE_MS = 200;
const STILL_WIDTH = 640;
const STILL_QUALITY = 0.85;
const GOOD_FPS = 20;
const SECONDS = 3;
const SILENT_TICKS = 50; // Five seconds of the meter.
const SKEW_SECONDS = 60;

export async function permission(check) {
  const { view } = check;
  const lost = await check.obtain(["camera", "microphone"]);
  const refused = Object.values(lost).filter((code) => check.isRefusal(code));
  view.moment(view.card("permission"), refused.length ? "" : "done");
  if (!refused.length) {
    return { verdict: "ok" };
  }
  const problems = [...new Set(refused)].filter((code) => check.isOfPermission(code));
  return problems.length ? { verdict: "problem", problems } : { verdict: "skipped" };
}

// --- Camera ------------------------------------------------------------------------------------

export async function camera(check, signal) {
  const { view } = check;
  const card = view.card("camera");
  const lost = await check.need("camera");
  if (lost) {
    return lost;
  }
  const track = check.devices.tracks.camera;
  const video = card.querySelector("video");
  video.srcObject = new MediaStream([track]);
  await video.play().catch(() => {});
  const frames = counting(video);
  await check.choices("camera");
  for (;;) {
    view.moment(card, "look");
    await pressed(card, ["shoot"], signal);
    view.moment(card, "shooting");
    const stills = await shoot(video);
    view.find("stills", card).replaceChildren(...stills);
    view.moment(card, "agree");
    const act = await pressed(card, ["send", "shoot-again", "refuse"], signal);
    if (act === "shoot-again") {
      continue;
    }
    check.fps = frames();
    const measures = { width: video.videoWidth, height: video.videoHeight, fps: check.fps };
    let result = { verdict: "not_checked", measures };
    if (act === "send") {
      view.moment(card, "sending");
      result = await check.analyse("camera", { images: await Promise.all(stills.map(jpeg)) });
    }
    view.find("stills", card).replaceChildren();
    view.moment(card, "done");
    return hinted(result, track);
  }
}

function hinted(result, track) {
  return { ...result, hint: isVirtual(track.label) ? "virtual_device" : "" };
}

// Frames a second, where the browser can count them.
function counting(video) {
  let [first, last, frames] = [0, 0, -1];
  const next = (now) => {
    first ||= now;
    last = now;
    frames += 1;
    video.requestVideoFrameCallback(next);
  };
  video.requestVideoFrameCallback?.(next);
  return () => (frames > 0 ? Math.round((frames * 1000) / (last - first)) : 0);
}

async function shoot(video) {
  const stills = [];
  while (!video.videoWidth) {
    await wait(STILL_PAUSE_MS);
  }
  while (stills.length < STILLS) {
    const still = document.createElement("canvas");
    still.width = Math.min(STILL_WIDTH, video.videoWidth);
    still.height = Math.round((still.width * video.videoHeight) / video.videoWidth);
    still.getContext("2d").drawImage(video, 0, 0, still.width, still.height);
    stills.push(still);
    await wait(STILL_PAUSE_MS);
  }
  return stills;
}

const jpeg = (still) =>
  new Promise((resolve) => still.toBlob(resolve, "image/jpeg", STILL_QUALITY));

// --- Microphone --------------------------------------------------------------------------------

export async function microphone(check, signal) {
  const { view } = check;
  const card = view.card("microphone");
  const lost = await check.need("microphone");
  if (lost) {
    return lost;
  }
  const track = check.devices.tracks.microphone;
  await check.choices("microphone");
  const stop = listen(check.audio, track, meter(view, card));
  signal.addEventListener("abort", stop);
  view.moment(card, "look");
  let act = await pressed(card, ["record"], signal);
  try {
    for (;;) {
      view.moment(card, "recording");
      view.announce(card.querySelector("[data-when=recording]").textContent);
      const samples = await record(check.audio, track, SECONDS, signal);
      act = "play";
      while (act === "play") {
        view.moment(card, "playing");
        await play(check.audio, samples);
        view.moment(card, "agree");
        act = await pressed(card, ["play", "send", "record-again", "refuse"], signal);
      }
      if (act === "record-again") {
        continue;
      }
      let result = { verdict: "not_checked" };
      if (act === "send") {
        view.moment(card, "sending");
        result = await check.analyse("microphone", { samples });
      }
      view.moment(card, "done");
      return hinted(result, track);
    }
  } finally {
    stop();
  }
}

function meter(view, card) {
  const bar = card.querySelector("[role=meter]");
  const word = view.find("word", card);
  const parts = [...bar.children];
  let silent = 0;
  let heard = false;
  return (level) => {
    heard ||= level.word !== "nothing";
    silent += 1;
    // Another program or a call may hold the microphone without any error.
    const nothing = view.find("nothing", card);
    nothing.hidden = heard || silent < SILENT_TICKS;
    if (!nothing.hidden && silent === SILENT_TICKS) {
      view.announce(nothing.textContent);
    }
    bar.ariaValueNow = level.parts;
    const words = view.text(level.word);
    if (word.textContent !== words) {
      bar.ariaValueText = words;
      word.textContent = words;
    }
    parts.forEach((part, number) => part.classList.toggle("is-on", number < level.parts));
  };
}

// --- Speakers ----------------------------------------------------------------------------------

export async function speakers(check, signal) {
  const { view } = check;
  const card = view.card("speakers");
  const outputs = await check.devices.list("speakers").catch(() => []);
  view.find("choice", card).hidden = !check.audio.setSinkId || outputs.length < 2;
  await check.choices("speakers");
  const answers = [...card.querySelectorAll("[name=hear]")];
  answers.forEach((answer) => (answer.checked = false));
  view.moment(card, "look");
  const answered = new Promise((resolve) => {
    answers.forEach((answer) => answer.addEventListener("change", resolve, { signal }));
  });
  for (let heard = ""; !heard; ) {
    heard = await Promise.race([pressed(card, ["tone"], signal).then(() => ""), answered.then(() => "yes")]);
    if (!heard) {
      view.moment(card, "asked");
      sound(check);
    }
  }
  return heard(card, outputs.length);
}

// What the person has answered; `outputs` is how many devices the browser lists.
export function heard(card, outputs) {
  const is = card.querySelector("[name=hear]:checked").value === "yes";
  const problems = is ? [] : ["not_heard"];
  return { verdict: is ? "ok" : "problem", problems, measures: { speakers: outputs } };
}

export async function sound(check) {
  await check.audio.setSinkId?.(check.devices.chosen("speakers")).catch(() => {});
  await check.audio.resume();
  await play(check.audio, tones());
}

// --- Connection --------------------------------------------------------------------------------

export async function connection(check, signal) {
  const { view } = check;
  const card = view.card("connection");
  view.moment(card, "running");
  await check.begun;
  let skew;
  try {
    await check.api.ping(signal); // The first opens the connection.
    skew = (await check.api.ping(signal)).skew;
    const skewed = Math.abs(skew) >= SKEW_SECONDS;
    const measures = { skew_seconds: Math.round(skew) };
    check.settle("clock", { verdict: skewed ? "advice" : "ok", problems: skewed ? ["skewed"] : [], measures });
  } catch {
    check.settle("clock", { verdict: "not_checked" });
  }
  const ways = await (check.turn.length
    ? throughTurn(check.turn, signal)
    : throughHttp(check.api, signal));
  const result = summary(ways);
  if (check.fps) {
    result.measures.fps = check.fps;
  }
  fill(view, card, ways, result.measures, skew);
  view.moment(card, "done");
  return result;
}

function fill(view, card, ways, numbers, skew) {
  const good = (is) => view.text(is ? "enough" : "poor");
  const worse = judge(numbers).problems;
  const show = (name, value, is) => {
    const row = card.querySelector(`[data-row="${name}"]`);
    row.hidden = value === undefined;
    row.cells[1].textContent = value === undefined ? "" : `${value}, ${good(is)}`;
  };
  const { kbit_per_s: rate, rtt_ms: delay, loss_percent: loss, fps } = numbers;
  const measured = (value, text) => (value === undefined ? undefined : text(value));
  show("rate", measured(rate, (it) => view.number(it / 1000, "megabit-per-second", 1)), !worse.includes("slow"));
  show("delay", measured(delay, (it) => view.number(it, "millisecond")), !worse.includes("high_delay"));
  show("loss", measured(loss, (it) => view.number(it, "percent", 1)), !worse.includes("lossy"));
  show("fps", measured(fps, (it) => view.number(it)), fps >= GOOD_FPS);
  show("clock", measured(skew, (it) => view.number(Math.abs(it), "second")), Math.abs(skew) < SKEW_SECONDS);
  for (const transport of ["udp", "tcp", "tls"]) {
    const way = ways[transport];
    const row = card.querySelector(`[data-row="${transport}"]`);
    row.hidden = !way;
    row.cells[1].textContent = way ? view.text(way.code ? "closed" : "open") : "";
  }
}
