// Measuring the way to the TURN servers by a loop inside this page: two ends of a connection that
// may meet only at the server.

import { middle } from "./network.js";
import { wait } from "./pressing.js";

const SILENCE_MS = 8000; // An unreachable UDP port says nothing at all.
const [PINGS, PAUSE_MS, PINGS_MS, LAST_PING_MS] = [100, 30, 6000, 1000];
// Over all ways together: mobile data costs money.
const [BURST_MS, BURST_BYTES] = [3000, 6_000_000];
const [MESSAGE_BYTES, BUFFERED_BYTES] = [1200, 262_144];

// Tries all TURN servers at the same time; then each open way carries its share of the burst.
export async function throughTurn(servers, signal) {
  const ways = {};
  const loops = await Promise.all(servers.map((server) => connect(server, signal)));
  const open = loops.filter((loop) => !loop.code);
  await Promise.all(open.map((loop) => ping(loop, signal)));
  for (const loop of open) {
    await burst(loop, open.length, signal);
  }
  loops.forEach(({ code, numbers, close }, number) => {
    const { transport } = servers[number];
    close();
    ways[transport] = code ? (ways[transport] ?? { code }) : numbers;
  });
  return ways;
}

async function connect({ urls, username, credential }, signal) {
  const iceServers = [{ urls, username, credential }];
  const end = () => new RTCPeerConnection({ iceServers, iceTransportPolicy: "relay" });
  const ends = [end(), end()];
  const [near, far] = ends;
  const loop = { code: "", numbers: {}, close: () => ends.forEach((one) => one.close()) };
  loop.channel = near.createDataChannel("check", { ordered: false, maxRetransmits: 0 });
  let failed = "turn_unreachable";
  await new Promise((resolve) => {
    far.ondatachannel = ({ channel }) => {
      loop.far = channel;
      loop.channel.readyState === "open" ? resolve() : (loop.channel.onopen = resolve);
    };
    near.onicecandidateerror = ({ errorCode }) => {
      if (errorCode === 401 || errorCode === 403) {
        failed = "turn_denied";
        resolve();
      }
    };
    signal.addEventListener("abort", resolve);
    // A server that is not there may say nothing, and gathering may never be called complete.
    setTimeout(resolve, SILENCE_MS);
    near.onicegatheringstatechange = () =>
      near.iceGatheringState === "complete" && !near.found && resolve();
    meet(near, far).catch(resolve);
  });
  loop.code = loop.channel.readyState === "open" && loop.far ? "" : failed;
  return loop;
}

async function meet(near, far) {
  for (const [from, to] of [[near, far], [far, near]]) {
    const known = new Promise((resolve) => (from.isKnown = resolve));
    from.onicecandidate = ({ candidate }) => {
      from.found ||= Boolean(candidate?.candidate);
      // A candidate may come before its description, or be of a kind that the other does not take.
      known.then(() => to.addIceCandidate(candidate)).catch(() => {});
    };
  }
  await near.setLocalDescription();
  await far.setRemoteDescription(near.localDescription);
  near.isKnown();
  await far.setLocalDescription();
  await near.setRemoteDescription(far.localDescription);
  far.isKnown();
}

async function ping({ channel, far, numbers }, signal) {
  const [sent, delays] = [[], []];
  far.onmessage = ({ data }) => far.send(data);
  const answered = new Promise((resolve) => {
    channel.onmessage = ({ data }) => {
      delays.push(performance.now() - sent[data]);
      delays.length === PINGS && resolve();
    };
  });
  // In a hidden tab each pause is a second.
  const ends = performance.now() + PINGS_MS;
  const isOn = () => performance.now() < ends && !signal.aborted && channel.readyState === "open";
  while (sent.length < PINGS && isOn()) {
    channel.send(String(sent.push(performance.now()) - 1));
    await wait(PAUSE_MS);
  }
  await Promise.race([answered, wait(LAST_PING_MS)]);
  numbers.rtt_ms = delays.length ? middle(delays) : SILENCE_MS;
  numbers.loss_percent = 100 * (1 - delays.length / Math.max(1, sent.length));
}

async function burst({ channel, far, numbers }, shares, signal) {
  const message = new Uint8Array(MESSAGE_BYTES);
  const share = BURST_BYTES / shares;
  const started = performance.now();
  let [received, last, sent] = [0, started, 0];
  const fill = () => {
    while (channel.readyState === "open" && channel.bufferedAmount < BUFFERED_BYTES && sent < share) {
      channel.send(message);
      sent += MESSAGE_BYTES;
    }
  };
  await new Promise((resolve) => {
    far.onmessage = () => {
      received += MESSAGE_BYTES;
      last = performance.now();
      received >= share && resolve();
    };
    channel.bufferedAmountLowThreshold = BUFFERED_BYTES / 2;
    channel.onbufferedamountlow = fill;
    signal.addEventListener("abort", resolve);
    setTimeout(resolve, BURST_MS / shares);
    fill();
  });
  numbers.kbit_per_s = (received * 8) / Math.max(1, last - started);
}
