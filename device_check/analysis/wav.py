"""WAV files from strangers: PCM of 16 bits, every length in the header checked."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

import numpy as np

from device_check.analysis.result import InputError, UnusableInput

Samples = np.ndarray[tuple[int, ...], np.dtype[np.int16]]

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_SECONDS: Final = 10
LEAST_SECONDS: Final = 0.5
LEAST_RATE: Final = 8_000
MOST_RATE: Final = 48_000
_PCM: Final = 0x0001
_EXTENSIBLE: Final = 0xFFFE
_PCM_SUBFORMAT: Final = struct.pack("<H", _PCM) + bytes.fromhex("000000001000800000aa00389b71")


@dataclass(frozen=True)
class Sound:
    """Samples in rows of channels; rate in Hz."""

    samples: Samples
    rate: int


def read_wav(data: bytes) -> Sound:
    """Reads a WAV file.

    Raises:
        UnusableInput: It is no WAV file, holds another kind of sound, contradicts itself, or is
            too short or too long.
    """
    if not data:
        raise UnusableInput(InputError.EMPTY, "the sound has no bytes")
    if len(data) > MOST_BYTES:
        raise UnusableInput(InputError.TOO_LARGE, f"more than {MOST_BYTES} bytes")
    if len(data) < 12 or data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise UnusableInput(InputError.NOT_WAV, "no WAV signature")
    chunks = _read_chunks(data)
    if b"fmt " not in chunks or b"data" not in chunks:
        raise UnusableInput(InputError.LYING_HEADER, "the format or the samples are missing")
    channels, rate = _read_format(chunks[b"fmt "])
    raw = chunks[b"data"]
    if len(raw) % (2 * channels):
        raise UnusableInput(InputError.LYING_HEADER, "a sample is cut short")
    samples = np.frombuffer(raw, "<i2").astype(np.int16, copy=False).reshape(-1, channels)
    if len(samples) < LEAST_SECONDS * rate:
        raise UnusableInput(InputError.EMPTY, f"less than {LEAST_SECONDS} seconds")
    if len(samples) > MOST_SECONDS * rate:
        raise UnusableInput(InputError.TOO_LARGE, f"more than {MOST_SECONDS} seconds")
    return Sound(samples, rate)


def _read_chunks(data: bytes) -> dict[bytes, bytes]:
    """The first chunk of each name. Lengths must add up to the file's."""
    size = int.from_bytes(data[4:8], "little")
    # Some writers forget to count the octet that makes the last chunk even.
    if not 0 <= len(data) - 8 - size <= 1:
        raise UnusableInput(InputError.LYING_HEADER, "the file has another length")
    chunks: dict[bytes, bytes] = {}
    position = 12
    while len(data) - position > 1:
        name, length = data[position : position + 4], data[position + 4 : position + 8]
        start = position + 8
        end = start + int.from_bytes(length, "little")
        if len(length) < 4 or end > len(data):
            raise UnusableInput(InputError.LYING_HEADER, "a chunk is longer than the file")
        chunks.setdefault(name, data[start:end])
        position = end + end % 2
    return chunks


def _read_format(chunk: bytes) -> tuple[int, int]:
    """Channels and rate in Hz."""
    if len(chunk) < 16:
        raise UnusableInput(InputError.LYING_HEADER, "the format is cut short")
    kind, channels, rate, per_second, per_frame, bits = struct.unpack_from("<HHIIHH", chunk)
    if kind == _EXTENSIBLE and chunk[24:40] == _PCM_SUBFORMAT:
        kind = _PCM
    if kind != _PCM or bits != 16 or channels not in {1, 2}:
        raise UnusableInput(InputError.WRONG_FORMAT, "not PCM of 16 bits in one or two channels")
    if not LEAST_RATE <= rate <= MOST_RATE:
        raise UnusableInput(InputError.WRONG_FORMAT, f"not {LEAST_RATE} to {MOST_RATE} Hz")
    if per_frame != 2 * channels or per_second != rate * per_frame:
        raise UnusableInput(InputError.LYING_HEADER, "the rates contradict each other")
    return channels, rate
