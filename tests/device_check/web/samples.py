"""Pictures and sounds that nobody has taken."""

import io
import math
import struct
import wave
from functools import cache

import cv2
import numpy as np


@cache
def black_jpeg() -> bytes:
    """What a covered lens sees."""
    return _encoded(np.zeros((360, 640, 3), np.uint8))


@cache
def bomb() -> bytes:
    """A real JPEG whose header promises 12,000 × 12,000 pixels."""
    content = bytearray(_encoded(np.zeros((360, 640, 3), np.uint8)))
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", 12_000, 12_000)
    return bytes(content)


def _encoded(picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    return cv2.imencode(".jpg", picture)[1].tobytes()


@cache
def wav(*, level: float = 0.0, seconds: float = 3.0) -> bytes:
    """A 440 Hz tone of this level (1 is full scale) at 16 kHz; 0 is digital silence."""
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        samples = (
            round(32_767 * level * math.sin(2 * math.pi * 440 * number / 16_000))
            for number in range(round(16_000 * seconds))
        )
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return target.getvalue()
