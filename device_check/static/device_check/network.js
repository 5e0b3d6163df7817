// Measuring the way to the TURN servers by a loop inside this page: two ends of a connection that
// may only meet at the server. Without TURN servers small HTTP requests stand in.

import { wait } from "./pressing.js";

const SILENCE_MS = 8000; // An unreachable UDP port says nothing at all.
const PINGS = 100;
const PAUSE_MS = 30;
const LAST_PING_MS = 1000;
const BURST_MS = 3000; // In all, over all ways, like the bytes: mobile data costs money.
const BURST_BYTES = 6_000_000;
const MESSAGE_BYTES = 1200;
const BUFFERED_BYTES = 262_144;
const HTTP_PINGS = 10;
const DOWNLOAD_BYTES = 1_000_000;
const UPLOAD_BYTES = 262_144;
const HTTP_MS = 10_000;

export const GOOD = { rtt_ms: 200, loss_percent: 3, kbit_per_s: 1000 };
const LEAST = { rtt_ms: 1000, loss_percent: 20, kbit_per_s: 60 }; // Enough for the voice alone.


const middle = (numbers) => numbers.sort((one, other) => one - other)[numbers.length >> 1];

function worse(than, { rtt_ms, loss_percent = 0, kbit_per_s }) {
  return {
    slow: kbit_per_s < than.kbit_per_s,
    high_delay: rtt_ms >= than.rtt_ms,
    lossy: loss_percent >= than.loss_percent,
  };
}

// The verdict of one way, as the server computes it from the same numbers.
export function judge(numbers) {
  const problems = Object.entries(worse(GOOD, numbers)).flatMap(([code, is]) => (is ? [code] : []));
  if (!problems.length) {
    return { verdict: "ok", problems };
  }
  const fails = Object.values(worse(LEAST, numbers)).some(Boolean);
  return { verdict: fails ? "problem" : "advice", problems };
}

// The best of what was measured: {transport: numbers or {code}} gives a result of the step.
export function summary(ways) {
  const open = Object.entries(ways).filter(([, way]) => !way.code);
  if (!open.length) {
    const codes = Object.values(ways).map((way) => way.code);
    const code = ["turn_denied", "offline", "slow"].find((one) => codes.includes(one));
    return { verdict: "problem", problems: [code ?? "turn_unreachable"], measures: {} };
  }
  const rank = ["ok", "advice", "problem"];
  const judged = open.map(([, way]) => ({ way, ...judge(way) }));
  // Ways are tried in the order in which a call would take them.
  const best = judged.reduce((one, other) =>
    rank.indexOf(other.verdict) < rank.indexOf(one.verdict) ? other : one,
  );
  let { verdict, problems } = best;
  if (ways.udp?.code) {
    problems = [...problems, "no_udp"];
    verdict = verdict === "ok" ? "advice" : verdict;
  }
  const measures = { ...best.way };
  for (const [transport, way] of open) {
    for (const [name, value] of Object.entries(way)) {
      measures[`${transport}_${name}`] = value;
    }
  }
  return { verdict, problems, measures };
}

// Tries all TURN servers at the same time; then each open way carries its share of the burst.
export async function throughTurn(servers, signal) {
  const loops = await Promise.all(servers.map((server) => open(server, signal)));
  const ways = {};
  try {
    const connected = loops.filter((loop) => !loop.code);
    await Promise.all(connected.map((loop) => pings(loop, signal)));
    for (const loop of connected) {
      await burst(loop, connected.length, signal);
    }
    loops.forEach((loop, number) => {
      ways[servers[number].transport] ??= loop.code ? { code: loop.code } : loop.numbers;
    });
  } finally {
    loops.forEach((loop) => loop.close());
  }
  return ways;
}

async function open({ urls, username, credential }, signal) {
  const ends = [1, 2].map(
    () =>
      new RTCPeerConnection({
        iceServers: [{ urls, username, credential }],
        iceTransportPolicy: "relay",
      }),
  );
  const [near, far] = ends;
  const loop = { code: "", numbers: {}, close: () => ends.forEach((end) => end.close()) };
  loop.channel = near.createDataChannel("check", { ordered: false, maxRetransmits: 0 });
  loop.channel.binaryType = "arraybuffer";
  let failed = "";
  const answered = new Promise((resolve) => {
    far.ondatachannel = ({ channel }) => {
      channel.binaryType = "arraybuffer";
      loop.far = channel;
      loop.channel.readyState === "open" ? resolve() : (loop.channel.onopen = resolve);
    };
    ends.forEach((end) => {
      end.onicecandidateerror = ({ errorCode }) => {
        failed = errorCode === 401 || errorCode === 403 ? "turn_denied" : "turn_unreachable";
        // One family of addresses may fail where the other works: only a wrong password is final.
        failed === "turn_denied" && resolve();
      };
      // Firefox may never finish gathering, so this only shortens the waiting.
      end.onicegatheringstatechange = () =>
        end.iceGatheringState === "complete" && !end.found && failed && resolve();
    });
    signal.addEventListener("abort", resolve);
  });
  try {
    await meet(near, far);
    await Promise.race([answered, wait(SILENCE_MS)]);
  } catch (error) {
    if (!(error instanceof DOMException)) {
      throw error;
    }
  }
  if (loop.channel.readyState !== "open" || !loop.far) {
    loop.code = failed || "turn_unreachable";
  }
  return loop;
}

async function meet(near, far) {
  const pass = (from, to) => {
    from.onicecandidate = ({ candidate }) => {
      from.found ||= Boolean(candidate?.candidate);
      // Some candidates are of a kind that the other end does not take.
      to.ready.then(() => to.addIceCandidate(candidate)).catch(() => {});
    };
  };
  for (const end of [near, far]) {
    end.ready = new Promise((resolve) => (end.isReady = resolve));
  }
  pass(near, far);
  pass(far, near);
  await near.setLocalDescription();
  await far.setRemoteDescription(near.localDescription);
  far.isReady();
  await far.setLocalDescription();
  await near.setRemoteDescription(far.localDescription);
  near.isReady();
}

async function pings(loop, signal) {
  const { channel, far, numbers } = loop;
  const sent = [];
  const delays = [];
  far.onmessage = ({ data }) => far.readyState === "open" && far.send(data);
  const answered = new Promise((resolve) => {
    channel.onmessage = ({ data }) => {
      delays.push(performance.now() - sent[new Uint32Array(data)[0]]);
      delays.length === PINGS && resolve();
    };
  });
  for (let number = 0; number < PINGS && !signal.aborted; number += 1) {
    sent.push(performance.now());
    if (channel.readyState === "open") {
      channel.send(new Uint32Array([number]));
    }
    await wait(PAUSE_MS);
  }
  await Promise.race([answered, wait(LAST_PING_MS)]);
  numbers.rtt_ms = delays.length ? middle(delays) : SILENCE_MS;
  numbers.loss_percent = 100 * (1 - delays.length / PINGS);
}

async function burst(loop, shares, signal) {
  const { channel, far, numbers } = loop;
  const message = new Uint8Array(MESSAGE_BYTES);
  const started = performance.now();
  const until = started + BURST_MS / shares;
  let [received, last, sent] = [0, started, 0];
  far.onmessage = ({ data }) => {
    received += data.byteLength;
    last = performance.now();
  };
  while (performance.now() < until && sent < BURST_BYTES / shares && !signal.aborted) {
    while (
      channel.readyState === "open" &&
      channel.bufferedAmount < BUFFERED_BYTES &&
      sent < BURST_BYTES / shares
    ) {
      channel.send(message);
      sent += MESSAGE_BYTES;
    }
    await wait(10);
  }
  // What is still on its way counts as long as the time does.
  while (channel.bufferedAmount && performance.now() < until) {
    await wait(10);
  }
  numbers.kbit_per_s = (received * 8) / Math.max(1, last - started);
}

export async function throughHttp(api, signal) {
  const stop = new AbortController();
  signal.addEventListener("abort", () => stop.abort());
  setTimeout(() => stop.abort(), HTTP_MS);
  const limit = stop.signal;
  const delays = [];
  let lost = 0;
  try {
    for (let number = 0; number < HTTP_PINGS; number += 1) {
      await api.ping(limit).then(
        ({ delay }) => delays.push(delay),
        () => (lost += 1),
      );
    }
    if (!delays.length) {
      return { http: { code: "offline" } };
    }
    const rates = [];
    for (const carry of [() => api.download(DOWNLOAD_BYTES, limit), () => api.upload(UPLOAD_BYTES, limit)]) {
      const before = performance.now();
      const bytes = await carry();
      rates.push((bytes * 8) / Math.max(1, performance.now() - before));
    }
    const numbers = { rtt_ms: middle(delays), kbit_per_s: Math.min(...rates) };
    return { http: { ...numbers, loss_percent: (100 * lost) / HTTP_PINGS } };
  } catch {
    return { http: { code: delays.length ? "slow" : "offline" } };
  }
}
