// How good the connection is, from what the browser counts, and whether the picture has to go.

import { judge } from "../../device_check/network.js";

const [BAD_LOOKS, GOOD_LOOKS] = [2, 4]; // Before the picture goes, and before it comes back.

// The counters of a moment: those of the pair of addresses in use and of what comes and goes.
export function counters(report) {
  const seen = { lost: 0, received: 0, bytes: 0, frames: 0, limited: false };
  for (const row of report.values()) {
    if (row.type === "candidate-pair" && row.nominated && row.state === "succeeded") {
      seen.rtt = row.currentRoundTripTime;
      seen.estimate = row.availableOutgoingBitrate;
    } else if (row.type === "inbound-rtp") {
      seen.lost += Math.max(0, row.packetsLost ?? 0);
      seen.received += row.packetsReceived ?? 0;
      seen.frames += row.framesDecoded ?? 0;
      seen.bytes += row.bytesReceived ?? 0;
    } else if (row.type === "outbound-rtp" && row.kind === "video") {
      seen.limited ||= row.qualityLimitationReason === "bandwidth";
    } else if (row.type === "remote-inbound-rtp") {
      seen.fraction = Math.max(seen.fraction ?? 0, row.fractionLost ?? 0);
    }
  }
  return seen;
}

// What two moments tell: {rtt_ms, loss_percent, kbit_per_s} as the device check measures them. The
// rate only counts when it holds the picture back: browsers guess low until they need more.
export function measures(before, now) {
  const [lost, received] = [now.lost - before.lost, now.received - before.received];
  const incoming = lost + received > 0 ? Math.max(0, lost) / (Math.max(0, lost) + received) : 0;
  return {
    rtt_ms: Math.round(1000 * (now.rtt ?? 0)),
    loss_percent: Math.round(1000 * Math.max(incoming, now.fraction ?? 0)) / 10,
    kbit_per_s: now.limited && now.estimate ? Math.round(now.estimate / 1000) : Infinity,
  };
}

// Follows one connection: `look(measures)` answers {verdict, picture}: "ok", "advice" or "problem", and
// whether there is room for the picture. The sound goes on in any case.
export function follower() {
  let [bad, good, picture] = [0, 0, true];
  return (numbers) => {
    const { verdict } = judge(numbers);
    bad = verdict === "problem" ? bad + 1 : 0;
    good = verdict === "problem" ? 0 : good + 1;
    picture = picture ? bad < BAD_LOOKS : good >= GOOD_LOOKS;
    return { verdict: picture ? verdict : "problem", picture };
  };
}

// The verdict over several connections: that of the best, for what is wrong with one's own line is wrong
// with each of them.
const RANK = ["ok", "advice", "problem"];
export const best = (verdicts) => RANK.find((verdict) => verdicts.includes(verdict)) ?? "";
