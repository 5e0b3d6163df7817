"""Measures of a recording, by frames of 20 ms, and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from device_check.analysis.result import Problem
from device_check.analysis.thresholds import Thresholds
from device_check.analysis.wav import Samples, Sound

FULL_SCALE: Final = 32768
FRAME_SECONDS: Final = 0.02
NOTHING: Final = -100.0
"""dBFS that stand for no signal at all."""
_LIMIT: Final = 32700
_FLAT_TOP: Final = 0.5
"""A flat top this high (share of full scale) was cut off before the sound reached us."""
_LEAST_RUN: Final = 3
_MAINS: Final = (50, 100, 150, 200)
_HUM_RATE: Final = 2_000
_HUM_WINDOW_SECONDS: Final = 0.2
_AUDIBLE_HUM: Final = 0.01
"""Share of the power from which on hum fills the pauses between words."""

Signal = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


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
    """

    peak: float
    level: float
    floor: float
    loud: float
    hum: float
    clipped_runs: int
    offset: float

    @property
    def range(self) -> float:
        """How far the words stand out, in dB."""
        return self.loud - self.floor


def measure_sound(sound: Sound) -> Levels:
    """Measures the louder of the channels: on many cards the other one is not connected."""
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
    )


def judge_sound(levels: Levels, limits: Thresholds) -> set[Problem]:
    """Names what is wrong. Of a silent recording nothing else can be told."""
    found = set()
    if abs(levels.offset) > limits.offset:
        found.add(Problem.BAD_SOUND_CARD)
    if levels.peak < limits.silent_peak or levels.level < limits.silent_level:
        return found | {Problem.SILENT}
    if levels.loud < limits.quiet_level or levels.peak < limits.quiet_peak:
        found.add(Problem.TOO_QUIET)
    if levels.clipped_runs > limits.clipped_runs:
        found.add(Problem.CLIPPING)
    if levels.range < limits.noisy_range and levels.floor > limits.noise_floor:
        found.add(Problem.NOISY)
    if levels.range < limits.speech_range:
        found.add(Problem.NO_SPEECH)
    if levels.hum > limits.hum_share:
        found.add(Problem.HUM)
    return found


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


def _clipped_runs(channel: Samples) -> int:
    """Counts runs at the limit of the format, and flat tops of what was cut off further up."""
    size = np.abs(channel.astype(np.int32))
    peak = int(size.max())
    at_limit = size >= _LIMIT
    if _FLAT_TOP * FULL_SCALE <= peak < _LIMIT:
        at_limit = size == peak
    edges = np.diff(at_limit.astype(np.int8), prepend=0, append=0)
    lengths = np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)
    return int(np.count_nonzero(lengths >= _LEAST_RUN))


def _harmonics(signal: Signal, rate: int) -> Signal:
    """Power at the mains frequency and its harmonics, summed, in windows of 200 ms."""
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
    """The signal in whole tenths of a second without the hum, so that words can be measured.

    Mains keep their frequency only roughly, so each tenth is fitted on its own.
    """
    length = rate // 10
    parts = signal[: len(signal) // length * length].reshape(-1, length)
    angles = 2 * np.pi * np.outer(np.arange(length) / rate, _MAINS)
    waves = np.concatenate([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    hum = (parts @ waves) @ waves.T * np.float32(2 / length)
    return np.asarray(parts - hum, np.float32).ravel()
