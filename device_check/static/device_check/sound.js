// Measuring, recording and playing sound. A strict policy forbids addresses of blobs, so a
// recording is played from memory.

import { wait } from "./pressing.js";

export const RATE = 16000;
const LONGEST_WAKING_MS = 3000;
const [FLOOR_DB, PARTS] = [-60, 12];

// Whether the audio graph runs. Without any output for sound it may sleep for ever.
export async function awake(context) {
  await Promise.race([context?.resume(), wait(LONGEST_WAKING_MS)]);
  return context?.state === "running";
}

// The level of samples from -1 to 1, in decibels of full scale.
export function decibels(samples) {
  const sum = samples.reduce((all, sample) => all + sample * sample, 0);
  return 10 * Math.log10(sum / samples.length + 1e-20);
}

// What the meter shows: how many of its parts, and a word.
export function level(db) {
  const parts = Math.round(PARTS * (1 - db / FLOOR_DB));
  const word = db < -80 ? "nothing" : db < -45 ? "quiet" : db > -8 ? "loud" : "good";
  return { parts: Math.min(PARTS, Math.max(0, parts)), word };
}

// A mono WAV file with 16 bits a sample.
export function wav(samples, rate = RATE) {
  const bytes = samples.length * 2;
  // RIFF, WAVE, "fmt ", PCM and one channel, rates, two bytes of 16 bits, "data".
  const head = [0x46464952, 36 + bytes, 0x45564157, 0x20746d66, 16, 0x10001, rate, rate * 2];
  const data = Int16Array.from(samples, (sample) => 32767 * Math.max(-1, Math.min(1, sample)));
  return new Blob([Uint32Array.of(...head, 0x100002, 0x61746164, bytes), data], { type: "audio/wav" });
}

// Calls `show(level)` ten times a second until `signal` aborts.
export function listen(context, track, show, signal) {
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
    held = Math.max(decibels(samples), held - 2);
    show(level(held));
  }, 100);
  signal.addEventListener("abort", () => {
    clearInterval(timer);
    source.disconnect();
  });
}

// Samples at RATE of the next seconds; silence from where `signal` aborts or the track ends.
export async function record(context, track, seconds, signal) {
  await context.audioWorklet.addModule(new URL("recorder.worklet.js", import.meta.url));
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const mono = { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" };
  const recorder = new AudioWorkletNode(context, "device-check-recorder", mono);
  const samples = new Float32Array(Math.round(seconds * context.sampleRate));
  let length = 0;
  await new Promise((resolve) => {
    recorder.port.onmessage = ({ data }) => {
      samples.set(data.subarray(0, samples.length - length), length);
      length = Math.min(samples.length, length + data.length);
      length === samples.length && resolve();
    };
    signal.addEventListener("abort", resolve);
    track.addEventListener("ended", resolve);
    source.connect(recorder);
  });
  source.disconnect();
  const offline = new OfflineAudioContext(1, seconds * RATE, RATE);
  play(offline, samples, context.sampleRate);
  return (await offline.startRendering()).getChannelData(0);
}

// Plays samples; the promise ends with them.
export function play(context, samples, rate = RATE) {
  const buffer = context.createBuffer(1, samples.length, rate);
  buffer.copyToChannel(samples, 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(context.destination);
  source.start();
  return new Promise((resolve) => (source.onended = resolve));
}

// Three short rising tones, two seconds in all.
export function tones() {
  const samples = new Float32Array(RATE * 2);
  [440, 554, 659].forEach((frequency, number) => {
    for (let at = 0; at < RATE / 2; at += 1) {
      // Softly in and out, so that nothing clicks.
      const edge = Math.min(1, at / 800, (RATE / 2 - at) / 800);
      const wave = Math.sin((2 * Math.PI * frequency * at) / RATE);
      samples[Math.round(number * 0.65 * RATE) + at] = 0.25 * edge * wave;
    }
  });
  return samples;
}
