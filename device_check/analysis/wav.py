"""WAV files from strangers: what common programs write, every length checked."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

import numpy as np

from device_check.analysis.result import InputError, UnusableInput

Samples = np.ndarray[tuple[int, ...], np.dtype[np.int16]]

MAX_BYTES: Final = 2 * 1024 * 1024
MAX_SECONDS: Final = 10
MIN_SECONDS: Final = 0.5
MIN_RATE: Final = 8_000
MAX_RATE: Final = 48_000
_PCM: Final = 1
_FLOAT: Final = 3
_EXTENSIBLE: Final = 0xFFFE
_SUBFORMAT: Final = bytes.fromhex("000000001000800000aa00389b71")
"""What follows the kind of sound in the extensible format."""
_KINDS: Final = frozenset({(_PCM, 8), (_PCM, 16), (_PCM, 24), (_PCM, 32), (_FLOAT, 32)})
"""Kinds and bits that recorders and `ffmpeg` write."""
_STREAMED: Final = 0x7FFF_F000
"""A program that writes into a pipe does not know the length yet and states this much or more."""
FULL_SCALE: Final = 32768


@dataclass(frozen=True)
class Sound:
    """Samples in rows of channels; rate in Hz."""

    samples: Samples
    rate: int


def read_wav(data: bytes) -> Sound:
    """Read a WAV file.

    Raises:
        UnusableInput: It is no WAV file, holds another kind of sound, contradicts itself, or is
            too short or too long.
    """
    if not data:
        raise UnusableInput(InputError.EMPTY, "the sound has no bytes")
    if len(data) > MAX_BYTES:
        raise UnusableInput(InputError.TOO_LARGE, f"more than {MAX_BYTES} bytes")
    if len(data) < 12 or data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise UnusableInput(InputError.NOT_WAV, "no WAV signature")
    chunks = _read_chunks(data)
    if b"fmt " not in chunks or b"data" not in chunks:
        raise UnusableInput(InputError.LYING_HEADER, "the format or the samples are missing")
    form = _read_format(chunks[b"fmt "])
    samples, rate = _read_samples(chunks[b"data"], form), form.rate
    if len(samples) < MIN_SECONDS * rate:
        raise UnusableInput(InputError.EMPTY, f"less than {MIN_SECONDS} seconds")
    if len(samples) > MAX_SECONDS * rate:
        raise UnusableInput(InputError.TOO_LARGE, f"more than {MAX_SECONDS} seconds")
    return Sound(samples, rate)


def _read_chunks(data: bytes) -> dict[bytes, bytes]:
    """Return the first chunk of each name. The length of the whole file is stated by few programs rightly."""
    chunks: dict[bytes, bytes] = {}
    position = 12
    while len(data) - position > 1:
        name, length = data[position : position + 4], data[position + 4 : position + 8]
        start = position + 8
        end = start + int.from_bytes(length, "little")
        if name == b"data" and end - start >= _STREAMED:
            end = len(data)
        if len(length) < 4 or end > len(data):
            raise UnusableInput(InputError.LYING_HEADER, "a chunk is longer than the file")
        chunks.setdefault(name, data[start:end])
        position = end + end % 2
    return chunks


@dataclass(frozen=True)
class _Format:
    kind: int
    channels: int
    rate: int
    bits: int

    @property
    def frame(self) -> int:
        """Bytes of one sample of all channels."""
        return self.channels * self.bits // 8


def _read_format(chunk: bytes) -> _Format:
    if len(chunk) < 16:
        raise UnusableInput(InputError.LYING_HEADER, "the format is cut short")
    kind, channels, rate, per_second, per_frame, bits = struct.unpack_from("<HHIIHH", chunk)
    if kind == _EXTENSIBLE and chunk[26:40] == _SUBFORMAT:
        kind = int.from_bytes(chunk[24:26], "little")
    form = _Format(kind, channels, rate, bits)
    if (kind, bits) not in _KINDS or channels not in {1, 2}:
        raise UnusableInput(
            InputError.WRONG_FORMAT, "not PCM or 32-bit float in one or two channels"
        )
    if not MIN_RATE <= rate <= MAX_RATE:
        raise UnusableInput(InputError.WRONG_FORMAT, f"not {MIN_RATE} to {MAX_RATE} Hz")
    if per_frame != form.frame or per_second != rate * per_frame:
        raise UnusableInput(InputError.LYING_HEADER, "the rates contradict each other")
    return form


def _read_samples(raw: bytes, form: _Format) -> Samples:
    """Sample of 16 bits, whatever the file holds; a last frame that is cut short is left out."""
    raw = raw[: len(raw) // form.frame * form.frame]
    if form.kind == _FLOAT:
        loudness = np.nan_to_num(np.frombuffer(raw, "<f4"), posinf=1, neginf=-1)
        samples = np.clip(loudness * FULL_SCALE, -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)
    elif form.bits == 8:
        samples = (np.frombuffer(raw, np.uint8).astype(np.int16) - 128) << 8
    elif form.bits == 16:
        samples = np.frombuffer(raw, "<i2").astype(np.int16, copy=False)
    else:
        # The two upper bytes of 24 or 32 bits.
        width = form.bits // 8
        upper = np.frombuffer(raw, np.uint8).reshape(-1, width)[:, width - 2 :]
        samples = np.ascontiguousarray(upper).view("<i2").ravel().astype(np.int16, copy=False)
    return np.asarray(samples, np.int16).reshape(-1, form.channels)
