"""What a camera and a microphone would give."""

import wave
from pathlib import Path

import cv2
import numpy as np


def scene(brightness: float = 1.0, *, shift: int = 0) -> np.ndarray:
    """A picture with light, shadow and edges, 640 × 480."""
    random = np.random.default_rng(7)
    coarse = random.integers(0, 256, (24, 32, 3), dtype=np.uint8)
    picture = cv2.resize(coarse, (640, 480), interpolation=cv2.INTER_NEAREST)
    return (np.roll(picture, shift, axis=1) * brightness).astype(np.uint8)


def write_wav(path: Path, samples: np.ndarray, *, rate: int = 16_000) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path
