"""Measures of a recording, by frames of 20 ms, and what they say."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

import numpy as np

from device_check.analysis.result import Problem
from device_check.analysis.thresholds import Thresholds
from device_check.analysis.voice import Voice, measure_voice
from device_check.analysis.wav import FULL_SCALE, Samples, Sound

FRAME_SECONDS: Final = 0.02
NOTHING: Final = -100.0
"""dBFS that stand for no signal at all."""
_LIMIT: Final = 32700
_FLAT_TOP: Final = 0.1
"""A flat top this high (share of full scale) was cut off before the sound reached us."""
_EDGE: Final = 3
"""Units that a cut-off top stands above its neighbours; a slow wave rounds off in steps of one."""
_MIN_RUN: Final = 3
_MAINS: Final = (50, 100, 150, 200)
_HUM_RATE: Final = 2_000
_HUM_WINDOW_SECONDS: Final = 0.2
_AUDIBLE_HUM: Final = 0.01
"""Share of the power from which on hum fills the pauses between words."""

Signal = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
Indexes = np.ndarray[tuple[int, ...], np.dtype[np.intp]]


@dataclass(frozen=True)
class Levels:
    """What was heard: levels in dBFS, counts and shares.

    Attributes:
        peak: The loudest sample.
        level: The mean power.
        floor: 10th percentile of the frames' levels: the room between the words.
        loud: 90th percentile: the words.
        hum: Share of the power that stands steadily at the mains frequency and its harmonics.
        clipped_runs: Runs of three or more samples at the limit.
        offset: Constant part, as a share of full scale.
        longest_sound: Seconds for which the sound stays loud at most.
        voice: What tells a voice from other sounds.
    """

    peak: float
    level: float
    floor: float
    loud: float
    hum: float
    clipped_runs: int
    offset: float
    longest_sound: float
    voice: Voice

    @property
    def range(self) -> float:
        """How far the words stand out, in dB."""
        return self.loud - self.floor


def measure_sound(sound: Sound) -> Levels:
    """Measure the louder of the channels: on many cards the other one is not connected."""
    channel = _louder(sound.samples)
    signal: Signal = channel.astype(np.float32) / np.float32(FULL_SCALE)
    offset = float(signal.mean())
    signal -= np.float32(offset)
    power = float(np.mean(signal * signal))
    harmonics = _harmonics(signal, sound.rate)
    hum = _steady_share(harmonics, power)
    words = _without_hum(signal, sound.rate) if hum > _AUDIBLE_HUM else signal
    levels = _frame_levels(words, sound.rate)
    floor, loud = np.percentile(levels, (10, 90))
    return Levels(
        peak=_decibels(float(np.abs(signal).max()) ** 2),
        level=_decibels(power),
        floor=float(floor),
        loud=float(loud),
        hum=hum,
        clipped_runs=_clipped_runs(channel),
        offset=offset,
        longest_sound=_longest_run(levels > (floor + loud) / 2) * FRAME_SECONDS,
        voice=measure_voice(words, sound.rate),
    )


def judge_sound(levels: Levels, limits: Thresholds) -> set[Problem]:
    """Name what is wrong. Of a silent recording nothing else can be told."""
    found = set()
    if levels.clipped_runs > limits.clipped_runs:
        # What is cut off more on one side than on the other has an offset too.
        found.add(Problem.CLIPPING)
    elif abs(levels.offset) > limits.offset:
        found.add(Problem.BAD_SOUND_CARD)
    if levels.peak < limits.silent_peak or levels.level < limits.silent_level:
        return found | {Problem.SILENT}
    if levels.loud < limits.quiet_level or levels.peak < limits.quiet_peak:
        found.add(Problem.TOO_QUIET)
    if levels.range < limits.noisy_range and levels.floor > limits.noise_floor:
        found.add(Problem.NOISY)
    if not _has_words(levels, limits):
        found.add(Problem.NO_SPEECH)
    if levels.hum > limits.hum_share:
        found.add(Problem.HUM)
    return found


def _has_words(levels: Levels, limits: Thresholds) -> bool:
    """Tell words from steady noise, the clicks of a keyboard, bells, ring tones and music."""
    if levels.range < limits.speech_range or levels.longest_sound < limits.speech_seconds:
        return False
    voice = levels.voice
    if voice.flatness > limits.voice_flatness:
        return False
    if voice.pitched < limits.voice_pitched:
        # Whispering: no pitch, but a mouth that changes shape.
        return voice.change >= limits.whisper_change and voice.syllables > 0.5
    if voice.gliding >= limits.voice_gliding:
        return True
    is_rhythm_of_speech = limits.min_syllables <= voice.syllables <= limits.max_syllables
    return voice.partials >= limits.voice_partials and is_rhythm_of_speech


def as_numbers(levels: Levels) -> dict[str, float]:
    """Return the measures by name, rounded for people."""
    numbers = {**asdict(levels), "range": levels.range}
    numbers |= numbers.pop("voice")
    return {name: round(float(value), 4) for name, value in numbers.items()}


def _decibels(power: float) -> float:
    return max(NOTHING, 10 * float(np.log10(max(power, 1e-10))))


def _louder(samples: Samples) -> Samples:
    if samples.shape[1] == 1:
        return samples[:, 0]
    return samples[:, int(np.argmax(samples.astype(np.float32).std(axis=0)))]


def _frame_levels(signal: Signal, rate: int) -> Signal:
    length = round(rate * FRAME_SECONDS)
    frames = signal[: len(signal) // length * length].reshape(-1, length)
    power = np.einsum("ij,ij->i", frames, frames) / length
    return np.asarray(10 * np.log10(np.maximum(power, 1e-10)), np.float32)


def _runs(is_in: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> tuple[Indexes, Indexes]:
    """Return where runs of what is in begin, and where they have ended."""
    edges = np.diff(is_in.astype(np.int8), prepend=0, append=0)
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)


def _longest_run(is_in: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> int:
    starts, ends = _runs(is_in)
    return int((ends - starts).max(initial=0))


def _clipped_runs(channel: Samples) -> int:
    """Count runs at the limit of the format, and flat tops of what was cut off further up."""
    size = np.abs(channel.astype(np.int32))
    peak = int(size.max())
    if _FLAT_TOP * FULL_SCALE <= peak < _LIMIT:
        starts, ends = _runs(size == peak)
        around = np.pad(size, 1)
        cut_off = np.maximum(around[starts], around[ends + 1]) <= peak - _EDGE
        starts, ends = starts[cut_off], ends[cut_off]
    else:
        starts, ends = _runs(size >= _LIMIT)
    return int(np.count_nonzero(ends - starts >= _MIN_RUN))


def _harmonics(signal: Signal, rate: int) -> Signal:
    """Return power at the mains frequency and its harmonics, summed, in windows of 200 ms."""
    step = rate // _HUM_RATE
    slow = signal[: len(signal) // step * step].reshape(-1, step).mean(axis=1)
    length = round(rate / step * _HUM_WINDOW_SECONDS)
    windows = slow[: len(slow) // length * length].reshape(-1, length)
    weights = np.hanning(length).astype(np.float32)
    times = np.arange(length) * step / rate
    waves = np.exp(-2j * np.pi * np.outer(times, _MAINS)) * weights[:, None]
    amplitudes = 2 * np.abs(windows @ waves) / weights.sum()
    return np.asarray((amplitudes**2 / 2).sum(axis=1), np.float32)


def _steady_share(harmonics: Signal, power: float) -> float:
    """Hum never pauses; a deep voice at the same frequencies does."""
    return min(1.0, float(np.percentile(harmonics, 20)) / power) if power > 1e-10 else 0.0


def _without_hum(signal: Signal, rate: int) -> Signal:
    """Return the signal in whole tenths of a second without the hum, so that words can be measured.

    Mains keep their frequency only roughly, so each tenth is fitted on its own.
    """
    length = rate // 10
    parts = signal[: len(signal) // length * length].reshape(-1, length)
    angles = 2 * np.pi * np.outer(np.arange(length) / rate, _MAINS)
    waves = np.concatenate([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    hum = (parts @ waves) @ waves.T * np.float32(2 / length)
    return np.asarray(parts - hum, np.float32).ravel()
