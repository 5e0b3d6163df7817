// Judging what has been measured of the ways through the network.

const GOOD = { rtt_ms: 200, loss_percent: 3, kbit_per_s: 1000 };
const LEAST = { rtt_ms: 1000, loss_percent: 20, kbit_per_s: 60 }; // Enough for the voice alone.
const RANK = ["ok", "advice", "problem"];

export const middle = (numbers) => numbers.sort((one, other) => one - other)[numbers.length >> 1];

function worse(limits, { rtt_ms, loss_percent, kbit_per_s }) {
  const is = {
    slow: kbit_per_s < limits.kbit_per_s,
    high_delay: rtt_ms >= limits.rtt_ms,
    lossy: loss_percent >= limits.loss_percent,
  };
  return Object.keys(is).filter((code) => is[code]);
}

// The verdict of one way, as the server computes it from the same numbers.
export function judge(numbers) {
  const problems = worse(GOOD, numbers);
  const fails = worse(LEAST, numbers).length > 0;
  return { verdict: fails ? "problem" : problems.length ? "advice" : "ok", problems };
}

// The result of the step from {transport: numbers or {code}}: that of the best way.
export function summary(ways) {
  const open = Object.entries(ways).filter(([, way]) => !way.code);
  if (!open.length) {
    const codes = Object.values(ways).map((way) => way.code);
    const code = ["turn_denied", "offline", "slow"].find((one) => codes.includes(one));
    return { verdict: "problem", problems: [code ?? "turn_unreachable"], measures: {} };
  }
  const judged = open.map(([, way]) => ({ ...judge(way), measures: { ...way } }));
  // Ways come in the order in which a call would take them.
  const result = judged.reduce((one, other) =>
    RANK.indexOf(other.verdict) < RANK.indexOf(one.verdict) ? other : one,
  );
  if (ways.udp?.code) {
    result.problems.push("no_udp");
    result.verdict = result.verdict === "ok" ? "advice" : result.verdict;
  }
  for (const [transport, way] of open) {
    for (const [name, value] of Object.entries(way)) {
      result.measures[`${transport}_${name}`] = value;
    }
  }
  return result;
}
