// How the pictures of one sender share their line when there are several others. Sound is never cut.

const [SHARE, SOUND, LEAST] = [0.7, 40_000, 30_000]; // Bits a second but for the share.
const [FIRST, MOST, GROWS] = [1_000_000, 4_000_000, 1.25];
const SMALL = { height: 180, fps: 10, bits: 150_000 }; // Of who neither speaks nor shows anything.

// What the line of the sender carries. The browser's own guess grows no further than what is sent, and what
// is sent follows the guess: so it only counts where a line is in trouble, and while all is well more is tried.
export function guess(before, lines) {
  const troubled = lines.filter(({ isFine, estimate }) => !isFine && estimate);
  const known = Math.max(0, ...lines.map(({ estimate }) => estimate ?? 0)) || FIRST;
  // One bad line is that of its other end.
  return lines.length && troubled.length === lines.length
    ? known
    : Math.min(MOST, Math.max(known, (before || FIRST) * GROWS));
}

// What goes to each other: {bits, scale, fps}, null where nothing is bounded. `lines` are {estimate, isFine},
// bits a second as the browser guesses, where it does. Who signs is bounded by nothing but each line itself,
// for hands are their voice; while others sign, the rest is small.
export function plan({ total, lines, height, speaks, signs, shows, othersSign }) {
  if (lines.length < 2 || signs) {
    return lines.map(() => ({ bits: null, scale: 1, fps: null }));
  }
  const each = (total * SHARE) / lines.length - SOUND;
  const isSmall = !shows && (!speaks || othersSign);
  return lines.map(({ estimate, isFine }) => {
    const own = estimate && !isFine ? estimate * SHARE - SOUND : Infinity;
    return {
      bits: Math.round(Math.max(LEAST, Math.min(each, own, isSmall ? SMALL.bits : Infinity))),
      scale: isSmall ? Math.max(1, (height || SMALL.height) / SMALL.height) : 1,
      fps: isSmall ? SMALL.fps : null,
    };
  });
}

// The same as `encoding` of RTCRtpSender has it, over what it had.
export function encoded(encoding, { active, bits, scale, fps }) {
  const { maxBitrate: _bits, maxFramerate: _fps, ...rest } = encoding;
  return {
    ...rest,
    active,
    scaleResolutionDownBy: scale,
    ...(bits && { maxBitrate: bits }),
    ...(fps && { maxFramerate: fps }),
  };
}
