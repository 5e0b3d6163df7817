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


# --- People ------------------------------------------------------------------------------------

SKINS = {"light": 1.0, "tan": 0.6, "brown": 0.35, "dark": 0.2, "very dark": 0.12}
"""Light that the skin throws back, as a share of what that of the portrait does."""


def _linear(picture: Array) -> Array:
    return (np.clip(picture, 0, 255) / 255) ** 2.2


def _encoded(light: Array) -> Array:
    return (255 * np.clip(light, 0, 1) ** (1 / 2.2)).astype(np.float32)


def person_with_skin(skin: float, *, light: float, wall: float) -> Array:
    """The person with a skin of this reflectance in this light (1: as in the portrait).

    Only the skin gets darker; its gloss, the eyes and the clothes stay as they are.

    Args:
        wall: Value of the plain background, 0 to 255, whatever the light on the person.
    """
    empty = np.full((480, 640, 3), -1, np.float32)
    person = person_in_room(0.3, 0.5, 0.4, room_of=empty)
    is_there = person.max(axis=2, keepdims=True) >= 0
    shown = np.clip(person, 0, 255).astype(np.uint8)
    _, red, blue = cv2.split(cv2.cvtColor(shown, cv2.COLOR_BGR2YCrCb))
    is_skin = ((red > 137) & (red < 180) & (blue > 77) & (blue < 128)).astype(np.float32)
    share = cv2.GaussianBlur(is_skin, (0, 0), 1.5)[:, :, None]
    linear = _linear(person)
    gloss = np.clip(linear - np.percentile(linear[is_skin > 0], 90), 0, None)
    skin_light = np.minimum(linear, linear * skin + 0.03 + gloss)
    shaded = light * (share * skin_light + (1 - share) * linear)
    return np.where(is_there, _encoded(shaded), wall).astype(np.float32)


def melody(rate: int = RATE, pitch: int = 140) -> Array:
    """Three seconds of a voice as people speak: the pitch glides, the mouth changes its shape."""
    times = np.arange(3 * rate) / rate
    glide = pitch * 2 ** ((2 * np.sin(2 * np.pi * 0.9 * times) - 1.5 * (times % 1)) / 12)
    phase = 2 * np.pi * np.cumsum(glide) / rate
    mouth = 0.5 + 0.5 * np.sin(2 * np.pi * 2.3 * times)
    sound = np.zeros_like(times)
    for number in range(1, int(3300 / pitch)):
        for low, high, width in ((750, 320, 90), (1150, 2100, 120), (2500, 2900, 170)):
            formant = low + (high - low) * mouth
            distance = (number * glide - formant) / width
            sound += np.sin(number * phase + number**2) / (1 + distance**2)
    syllables = np.clip(np.sin(2 * np.pi * 3.3 * times), 0, 1) * ((times % 1.0) < 0.8)
    sound *= syllables
    return 0.4 * sound / np.abs(sound).max() + noise(sound.shape, 0.0004)


# --- Sounds that are no voice ------------------------------------------------------------------


def struck(partials: dict[float, float], every: float) -> Array:
    """A bell or a key: partials (Hz: how fast they fade) begin together, again and again."""
    times = np.arange(3 * RATE) / RATE
    since = times % every
    sound = sum(
        np.sin(2 * np.pi * pitch * since) * np.exp(-fading * since) / number
        for number, (pitch, fading) in enumerate(partials.items(), 1)
    )
    return 0.4 * sound / np.abs(sound).max() + noise(times.shape, 0.0004, 3)


def plucked(*pitches: float) -> Array:
    """Strings of a guitar, together, after Karplus and Strong."""
    sound = np.zeros(3 * RATE)
    for number, pitch in enumerate(pitches):
        string = np.random.default_rng(number).uniform(-1, 1, int(RATE / pitch))
        turns = []
        for _ in range(int(2.5 * RATE) // len(string)):
            turns.append(string)
            string = 0.498 * (string + np.roll(string, -1))
        tone = np.concatenate(turns)
        sound[4000 : 4000 + len(tone)] += tone
    return 0.4 * sound / np.abs(sound).max() + noise(sound.shape, 0.0004, 4)


def interrupted(sound: Array, every: float, share: float) -> Array:
    """The sound with silence between."""
    times = np.arange(len(sound)) / RATE
    return sound * ((times % every) < share * every) + noise(sound.shape, 0.0004, 5)


def tones(*pitches: float) -> Array:
    times = np.arange(3 * RATE) / RATE
    return 0.3 * np.mean([np.sin(2 * np.pi * pitch * times) for pitch in pitches], axis=0)
