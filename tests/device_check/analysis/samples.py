"""Pictures of one portrait and sounds of one synthetic voice, damaged in every way."""

import struct
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from device_check.analysis import Analysis, analyse

PORTRAIT = Path(__file__).parents[2] / "data" / "device" / "portrait.jpg"
RATE = 16_000
Array = np.ndarray


def noise(shape: tuple[int, ...], deviation: float, seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(0, deviation, shape)


# --- Pictures ----------------------------------------------------------------------------------


@cache
def _portrait(width: int, height: int) -> Array:
    picture = cv2.imread(str(PORTRAIT))
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_CUBIC)


def portrait(width: int = 640, height: int = 480) -> Array:
    """Face of a quarter of the height, left of the middle; floating numbers of 0 to 255."""
    return _portrait(width, height).astype(np.float32)


@cache
def room(width: int = 640, height: int = 480) -> Array:
    """Shelves on a patterned wall: sharp edges and nobody there."""
    chance = np.random.default_rng(5)
    picture = np.full((height, width, 3), (150, 165, 170), np.uint8)
    for _ in range(60):
        left, top = int(chance.integers(0, width)), int(chance.integers(0, height))
        size = chance.integers(10, 90, 2)
        colour = tuple(int(value) for value in chance.integers(20, 230, 3))
        cv2.rectangle(picture, (left, top), (left + int(size[0]), top + int(size[1])), colour, -1)
    return picture.astype(np.float32)


def person_in_room(
    face: float, across: float, down: float, *, room_of: Array | None = None
) -> Array:
    """Puts the person, with a face of this share of the height, to this place of the face."""
    picture = (room() if room_of is None else room_of).copy()
    height, width = picture.shape[:2]
    source = portrait(480, 360)[:, 130:310]
    scale = face * height / 100
    source = cv2.resize(source, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    left, top = round(across * width - 90 * scale), round(down * height - 112 * scale)
    first_row, first_column = max(0, -top), max(0, -left)
    part = source[first_row : height - top, first_column : width - left]
    rows, columns = part.shape[:2]
    picture[max(0, top) : max(0, top) + rows, max(0, left) : max(0, left) + columns] = part
    return picture


def jpeg(picture: Array, quality: int = 85) -> bytes:
    pixels = np.clip(picture, 0, 255).astype(np.uint8)
    return bytes(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])


def look(*pictures: Array) -> Analysis:
    return analyse([jpeg(picture) for picture in pictures], None)


def live(picture: Array, count: int = 5, deviation: float = 2) -> list[Array]:
    """Stills of a camera that is running: each with noise of its own."""
    return [picture + noise(picture.shape, deviation, seed) for seed in range(count)]


# --- Sounds ------------------------------------------------------------------------------------


@cache
def _voice(rate: int, pitch: int) -> Array:
    times = np.arange(3 * rate) / rate
    sound = np.zeros_like(times)
    for number in range(1, int(3500 / pitch)):
        frequency = number * pitch
        strength = sum(
            1 / (1 + ((frequency - formant) / width) ** 2)
            for formant, width in ((700, 90), (1200, 110), (2600, 160))
        )
        sound += strength * np.sin(2 * np.pi * frequency * times + number**2)
    syllables = np.clip(np.sin(2 * np.pi * 3.3 * times), 0, 1)
    words = (times % 1.0) < 0.75
    sound *= syllables * words
    return 0.4 * sound / np.abs(sound).max() + noise(sound.shape, 0.0004)


def voice(rate: int = RATE, pitch: int = 140) -> Array:
    """Three seconds of a voice with syllables and pauses, in shares of full scale."""
    return _voice(rate, pitch).copy()


def mains(rate: int = RATE, level: float = 0.1) -> Array:
    times = np.arange(3 * rate) / rate
    return level * (np.sin(2 * np.pi * 50 * times) + 0.5 * np.sin(2 * np.pi * 150 * times))


def chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def wav_format(kind: int = 1, channels: int = 1, rate: int = RATE, bits: int = 16) -> bytes:
    frame = channels * bits // 8
    return struct.pack("<HHIIHH", kind, channels, rate, rate * frame, frame, bits)


def riff(*chunks: bytes) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def wav(sound: Array, rate: int = RATE, *extra: bytes) -> bytes:
    """PCM of 16 bits; two dimensions are channels in columns."""
    samples = np.clip(np.round(sound * 32768), -32768, 32767).astype("<i2")
    channels = 1 if sound.ndim == 1 else sound.shape[1]
    header = chunk(b"fmt ", wav_format(channels=channels, rate=rate))
    return riff(header, *extra, chunk(b"data", samples.tobytes()))


def listen(sound: Array, rate: int = RATE) -> Analysis:
    return analyse([], wav(sound, rate))
