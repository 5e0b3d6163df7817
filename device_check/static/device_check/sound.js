// Measuring, recording and playing sound. Blobs with addresses are not used: a strict policy
// forbids them, so a recording is played from memory.

export const RATE = 16000;
const QUIET_DB = -45;
const LOUD_DB = -8;
const SILENT_DB = -80;
const FLOOR_DB = -60;
const PARTS = 12;

// The level of samples from -1 to 1: decibels of full scale, parts of the meter, a word.
export function level(samples) {
  let sum = 0;
  for (const sample of samples) {
    sum += sample * sample;
  }
  return judged(10 * Math.log10(sum / samples.length + 1e-20));
}

export function judged(decibels) {
  const part = Math.round(((decibels - FLOOR_DB) / -FLOOR_DB) * PARTS);
  let word = "good";
  if (decibels < SILENT_DB) {
    word = "nothing";
  } else if (decibels < QUIET_DB) {
    word = "quiet";
  } else if (decibels > LOUD_DB) {
    word = "loud";
  }
  return { decibels, parts: Math.min(PARTS, Math.max(0, part)), word };
}

// A WAV file with 16 bits a sample.
export function wav(samples, rate = RATE) {
  const file = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const text = (offset, letters) =>
    [...letters].forEach((letter, at) => file.setUint8(offset + at, letter.charCodeAt(0)));
  text(0, "RIFF");
  file.setUint32(4, 36 + samples.length * 2, true);
  text(8, "WAVEfmt ");
  file.setUint32(16, 16, true);
  file.setUint16(20, 1, true);
  file.setUint16(22, 1, true);
  file.setUint32(24, rate, true);
  file.setUint32(28, rate * 2, true);
  file.setUint16(32, 2, true);
  file.setUint16(34, 16, true);
  text(36, "data");
  file.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, at) => {
    const held = Math.max(-1, Math.min(1, sample));
    file.setInt16(44 + at * 2, Math.round(held < 0 ? held * 32768 : held * 32767), true);
  });
  return new Blob([file], { type: "audio/wav" });
}

// Calls `show(level)` ten times a second until it is stopped; gives back how to stop it.
export function listen(context, track, show) {
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = new AnalyserNode(context, { fftSize: 4096 });
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let held = -Infinity;
  const timer = setInterval(() => {
    // A sleeping context reads nothing but zeros, which would look like a dead microphone.
    if (context.state !== "running") {
      context.resume();
      return;
    }
    analyser.getFloatTimeDomainData(samples);
    held = Math.max(level(samples).decibels, held - 2);
    show(judged(held));
  }, 100);
  return () => {
    clearInterval(timer);
    source.disconnect();
  };
}

// Mono samples at RATE of the next seconds. They end early when `signal` aborts or the track ends.
export async function record(context, track, seconds, signal) {
  await context.audioWorklet.addModule(new URL("recorder.worklet.js", import.meta.url));
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const recorder = new AudioWorkletNode(context, "device-check-recorder", {
    numberOfOutputs: 0,
    channelCount: 1,
    channelCountMode: "explicit",
  });
  const wanted = Math.round(seconds * context.sampleRate);
  const recorded = new Float32Array(wanted);
  let length = 0;
  await new Promise((resolve) => {
    recorder.port.onmessage = ({ data }) => {
      recorded.set(data.subarray(0, wanted - length), length);
      length = Math.min(wanted, length + data.length);
      if (length === wanted) {
        resolve();
      }
    };
    signal.addEventListener("abort", resolve);
    track.addEventListener("ended", resolve);
    source.connect(recorder);
  });
  source.disconnect();
  recorder.port.onmessage = null;
  return resampled(recorded, context.sampleRate);
}

async function resampled(samples, rate) {
  const length = Math.round((samples.length * RATE) / rate);
  const offline = new OfflineAudioContext(1, length, RATE);
  play(offline, samples, rate);
  return (await offline.startRendering()).getChannelData(0);
}

// Plays samples; the promise ends with them.
export function play(context, samples, rate = RATE, destination = context.destination) {
  const buffer = context.createBuffer(1, samples.length, rate);
  buffer.copyToChannel(samples, 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(destination);
  source.start();
  return new Promise((resolve) => (source.onended = resolve));
}

// Three short rising tones, two seconds in all.
export function tones(rate = RATE) {
  const samples = new Float32Array(rate * 2);
  [440, 554, 659].forEach((frequency, number) => {
    const start = Math.round(number * 0.65 * rate);
    const length = Math.round(0.5 * rate);
    for (let at = 0; at < length; at += 1) {
      // Softly in and out, so that nothing clicks.
      const edge = Math.min(1, at / 800, (length - at) / 800);
      samples[start + at] = 0.25 * edge * Math.sin((2 * Math.PI * frequency * at) / rate);
    }
  });
  return samples;
}
