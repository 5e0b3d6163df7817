// Measuring the way to the portal by small requests, where there are no TURN servers.

import { middle } from "./network.js";

const [PINGS, LONGEST_MS] = [10, 10_000];
const [DOWN_BYTES, UP_BYTES] = [1_000_000, 262_144];

export async function throughHttp(api, signal) {
  const stop = new AbortController();
  signal.addEventListener("abort", () => stop.abort());
  setTimeout(() => stop.abort(), LONGEST_MS);
  const delays = [];
  const rate = async (way, bytes) => {
    const before = performance.now();
    await way(api, bytes, stop.signal);
    return (bytes * 8) / Math.max(1, performance.now() - before);
  };
  for (let number = 0; number < PINGS; number += 1) {
    await api.ping(stop.signal).then(({ delay }) => delays.push(delay), () => {});
  }
  const loss_percent = 100 * (1 - delays.length / PINGS);
  try {
    const kbit_per_s = Math.min(await rate(download, DOWN_BYTES), await rate(upload, UP_BYTES));
    return { http: { rtt_ms: middle(delays), loss_percent, kbit_per_s } };
  } catch {
    return { http: { code: delays.length ? "slow" : "offline" } };
  }
}

async function download(api, bytes, signal) {
  await (await api.get(`${api.urls.payload}?bytes=${bytes}`, signal)).arrayBuffer();
}

function upload(api, bytes, signal) {
  return api.send(api.urls.payload, new Uint8Array(bytes), "application/octet-stream", signal);
}
