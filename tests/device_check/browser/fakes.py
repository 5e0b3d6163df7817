"""What Chromium's fake camera sees and its fake microphone hears."""

import wave
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

PORTRAIT = Path(__file__).parents[2] / "data" / "device" / "portrait.jpg"
WIDTH, HEIGHT = 640, 480
FRAMES = 12
RATE = 48_000

Picture = NDArray[np.uint8]
Sound = NDArray[np.float64]


def portrait() -> Picture:
    """A person in front of the camera, in the middle and well lit."""
    picture = cv2.imread(str(PORTRAIT))
    assert picture is not None
    scale = max(WIDTH / picture.shape[1], HEIGHT / picture.shape[0])
    picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    top, left = (picture.shape[0] - HEIGHT) // 4, (picture.shape[1] - WIDTH) // 2
    return np.asarray(picture[top : top + HEIGHT, left : left + WIDTH], dtype=np.uint8)


def film(path: Path, picture: Picture, *, light: float = 1.0) -> Path:
    """Concatenated JPEGs of the picture with the noise that a real sensor has."""
    random = np.random.default_rng(7)
    with path.open("wb") as file:
        for _ in range(FRAMES):
            noise = random.normal(0, 2, picture.shape)
            frame = np.clip(picture * light + noise, 0, 255).astype(np.uint8)
            file.write(cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes())
    return path


def covered() -> Picture:
    """What a camera sees behind its shutter."""
    return np.full((HEIGHT, WIDTH, 3), 12, dtype=np.uint8)


def speech() -> Sound:
    """Three seconds like a voice: syllables of a buzzing tone with pauses between words."""
    random = np.random.default_rng(7)
    time = np.arange(3 * RATE) / RATE
    voice = sum(np.sin(2 * np.pi * 140 * n * time) / n for n in range(1, 25))
    syllables = np.clip(np.sin(2 * np.pi * 3 * time), 0, 1) ** 0.5
    words = (time % 1.0 < 0.7).astype(float)
    noise = random.normal(0, 0.0008, time.size)
    return np.asarray(0.12 * voice * syllables * words + noise)


def nobody() -> Picture:
    """A room with edges and colours, and nobody in it."""
    random = np.random.default_rng(5)
    coarse = random.integers(60, 220, (12, 16, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_NEAREST))


def ring() -> Sound:
    """Three seconds of a telephone that rings."""
    time = np.arange(3 * RATE) / RATE
    tone = 0.2 * (np.sin(2 * np.pi * 440 * time) + np.sin(2 * np.pi * 480 * time))
    noise = np.random.default_rng(7).normal(0, 0.0008, time.size)
    return np.asarray(tone * (time % 1.5 < 0.9) + noise)


def write(path: Path, sound: Sound) -> Path:
    """A WAV file of 48 kHz, as Chromium takes it."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return path


BASE_FLAGS = ["--no-sandbox", "--disable-dev-shm-usage"]
FAKE_PROMPT = "--use-fake-ui-for-media-stream"
FAKE_DEVICES = "--use-fake-device-for-media-stream"
