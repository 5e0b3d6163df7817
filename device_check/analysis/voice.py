"""Whether a sound has what only a voice has: a pitch that glides, or a mouth that changes shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

_FRAME_SECONDS: Final = 0.04
_HOP_SECONDS: Final = 0.02
_BAND: Final = (150, 4_000)
"""Hz in which voices are told from other sounds."""
_PITCH: Final = (70, 400)
"""Hz of the voices of men, women and children."""
_BIN: Final = 1 / (2 * _FRAME_SECONDS)
"""Hz between two values of a spectrum, whatever the rate: frames are padded to twice their length."""
_LAG_RATE: Final = 16_000
"""Steps of the autocorrelation per second, whatever the rate of the recording."""
_BANDS: Final = 12
_BELOW_LOUD: Final = 15
"""dB below the loud frames from which on a frame belongs to the pauses."""
_PERIODIC: Final = 0.6
"""Autocorrelation from which on a frame has a pitch."""
_GLIDE: Final = (0.08, 3.0)
"""Semitones from frame to frame: less is a tone that stands, more is the next note."""
_SYLLABLE_APART: Final = 4
"""Frames (80 ms) after which the shape of the mouth has changed."""
_AUDIBLE: Final = 1e-4
"""Power of a partial as a share of the strongest one (40 dB below it)."""

Floats = np.ndarray[tuple[int, ...], np.dtype[np.floating]]
Booleans = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True)
class Voice:
    """What the loud frames of a recording have in common.

    Attributes:
        pitched: Share of the frames with a pitch of 70 to 400 Hz.
        gliding: Share of the steps between pitched frames in which the pitch glides. A voice never
            holds a note; bells, ring tones and chords do.
        flatness: Geometric by arithmetic mean of the spectrum, its median: 0 for tones, about 0.56
            for white noise.
        change: dB by which the shape of the spectrum changes within 80 ms.
        partials: Partials of the spectrum that are heard, their median.
        syllables: How often a second the sound begins anew.
    """

    pitched: float
    gliding: float
    flatness: float
    change: float
    partials: float
    syllables: float


NO_VOICE: Final = Voice(0, 0, 1, 0, 0, 0)


def measure_voice(signal: Floats, rate: int) -> Voice:
    """Measure a signal in shares of full scale.

    Args:
        signal: At least half a second, without a constant part.
        rate: Samples per second, 8,000 or more.
    """
    length, hop = round(rate * _FRAME_SECONDS), round(rate * _HOP_SECONDS)
    frames = np.lib.stride_tricks.sliding_window_view(signal, length)[::hop]
    levels = 10 * np.log10(np.einsum("ij,ij->i", frames, frames) / length + 1e-10)
    floor, loud = np.percentile(levels, (10, 90))
    heard = levels > max((floor + loud) / 2, loud - _BELOW_LOUD)
    if not heard.any():
        return NO_VOICE
    window = np.hanning(length).astype(np.float32)
    last = round(_BAND[1] / _BIN) + 1
    spectra = np.abs(np.fft.rfft(frames * window, 2 * length, axis=1)[:, :last]) ** 2 + 1e-12
    pitches, periodic = _pitches(spectra[heard], window)
    band = spectra[:, round(_BAND[0] / _BIN) :]
    return Voice(
        pitched=float(periodic.mean()),
        gliding=_gliding(pitches, periodic),
        flatness=float(np.median(np.exp(np.log(band[heard]).mean(1)) / band[heard].mean(1))),
        change=_change(band, heard),
        partials=float(np.median(_partials(band[heard]))),
        syllables=float(np.count_nonzero(np.diff(heard.astype(np.int8), prepend=0) == 1))
        / (len(heard) * _HOP_SECONDS),
    )


def _pitches(spectra: Floats, window: Floats) -> tuple[Floats, Booleans]:
    """Return the pitch of each frame in semitones, and whether it has one."""
    size = round(_LAG_RATE / _BIN)
    lags = np.fft.irfft(spectra, size, axis=1)
    fading = np.fft.irfft(np.abs(np.fft.rfft(window, 2 * len(window))) ** 2)
    # The window fades the later lags; its own autocorrelation tells by how much.
    known = np.arange(len(fading) // 2) * _LAG_RATE / (len(window) / _FRAME_SECONDS)
    first, last = _LAG_RATE // _PITCH[1], _LAG_RATE // _PITCH[0]
    weights = np.interp(np.arange(last + 2), known, fading[: len(known)] / fading[0])
    similar = lags[:, : last + 2] / (lags[:, :1] * weights)
    best = similar[:, first : last + 1].argmax(1) + first
    rows = np.arange(len(similar))
    before, peak, after = (similar[rows, best + step] for step in (-1, 0, 1))
    bend = before - 2 * peak + after
    shift = np.where(np.abs(bend) > 1e-6, (before - after) / (2 * np.where(bend, bend, 1)), 0)
    exact = best + np.clip(shift, -0.5, 0.5)
    # Of a rumble the shortest lag is the most similar, which is no period.
    periodic = (peak > _PERIODIC) & (peak >= before) & (peak >= after)
    return np.asarray(12 * np.log2(_LAG_RATE / exact), np.float32), np.asarray(periodic)


def _gliding(pitches: Floats, periodic: Booleans) -> float:
    steps = np.abs(np.diff(pitches))[periodic[1:] & periodic[:-1]]
    if not len(steps):
        return 0.0
    return float(((steps > _GLIDE[0]) & (steps < _GLIDE[1])).mean())


def _change(band: Floats, heard: Booleans) -> float:
    """Return levels of twelve bands against their mean: loudness does not count, only the shape does."""
    edges = np.geomspace(_BAND[0], _BAND[1], _BANDS + 1)
    bins = np.unique(np.round((edges - _BAND[0]) / _BIN).astype(int))
    sums = np.add.reduceat(band, bins[:-1], axis=1) / np.diff(bins)
    pauses = sums[~heard].mean(0) if (~heard).any() else 0
    # What is no louder than the pauses is noise, whose shape always changes.
    decibels = 10 * np.log10(sums[heard] + 3 * pauses + 1e-9)
    shapes = decibels - decibels.mean(1, keepdims=True)
    if len(shapes) <= _SYLLABLE_APART:
        return 0.0
    return float(np.abs(shapes[_SYLLABLE_APART:] - shapes[:-_SYLLABLE_APART]).mean())


def _partials(band: Floats) -> Floats:
    """Return peaks of each spectrum that stand out of their neighbourhood and are heard."""
    middle = band[:, 2:-2]
    peaks = (middle > band[:, 1:-3]) & (middle >= band[:, 3:-1])
    peaks &= middle > 2 * np.minimum(band[:, :-4], band[:, 4:])
    peaks &= middle > _AUDIBLE * band.max(1, keepdims=True)
    return np.asarray(peaks.sum(1), np.float32)
