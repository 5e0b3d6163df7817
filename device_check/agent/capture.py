"""Takes five stills and three seconds of sound from a device or from a file."""

import importlib
import io
import os
import time
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.uint8]

STILLS: Final = 5
SECONDS_BETWEEN_STILLS: Final = 0.2
WIDEST: Final = 640
"""Pixels; the analysis needs no more."""
JPEG_QUALITY: Final = 85
FRAMES_TO_WARM_UP: Final = 15
"""Half a second in which a camera sets its exposure."""

SAMPLE_RATE: Final = 16_000
SECONDS_OF_SOUND: Final = 3

_PICTURES = frozenset((".jpg", ".jpeg", ".png", ".bmp", ".webp"))


@dataclass(frozen=True, slots=True)
class NotCaptured(Exception):
    """Nothing could be taken; `present` tells whether there is such a device at all."""

    code: str
    present: bool | None


def stills(source: str) -> list[bytes]:
    """Take five stills 200 ms apart as JPEG, at most 640 pixels wide; one of a picture file.

    Args:
        source: The number of a camera, or a picture or video file.

    Raises:
        NotCaptured: no_device, busy or no_picture.
    """
    if source.isdecimal():
        return _of_camera(int(source))
    path = Path(source)
    if not path.is_file():
        raise NotCaptured("no_device", present=False)
    if path.suffix.lower() in _PICTURES:
        frame = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
        if frame is None:
            raise NotCaptured("no_picture", present=True)
        return [_jpeg(_frame(frame))]
    return _of_video(path)


def _of_camera(index: int) -> list[bytes]:
    camera = cv2.VideoCapture(index)
    try:
        if not camera.isOpened():
            # On Linux the device of a camera in use is still there.
            if os.path.exists(f"/dev/video{index}"):
                raise NotCaptured("busy", present=True)
            raise NotCaptured("no_device", present=False)
        for _ in range(FRAMES_TO_WARM_UP):
            camera.grab()
        frames = []
        for _ in range(STILLS):
            read, frame = camera.read()
            if read:
                frames.append(_jpeg(_frame(frame)))
            time.sleep(SECONDS_BETWEEN_STILLS)
    finally:
        camera.release()
    if not frames:
        raise NotCaptured("no_picture", present=True)
    return frames


def _of_video(path: Path) -> list[bytes]:
    video = cv2.VideoCapture(str(path))
    try:
        rate = video.get(cv2.CAP_PROP_FPS) if video.isOpened() else 0.0
        step = max(1, round(rate * SECONDS_BETWEEN_STILLS))
        frames: list[bytes] = []
        while len(frames) < STILLS:
            read, frame = video.read()
            if not read:
                break
            frames.append(_jpeg(_frame(frame)))
            for _ in range(step - 1):
                video.grab()
    finally:
        video.release()
    if not frames:
        raise NotCaptured("no_picture", present=True)
    return frames


def _frame(frame: Any) -> Frame:
    """Return the picture, made smaller when it is wider than the analysis needs."""
    height, width = frame.shape[:2]
    if width > WIDEST:
        size = (WIDEST, max(1, round(height * WIDEST / width)))
        frame = cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
    return np.asarray(frame, np.uint8)


def _jpeg(frame: Frame) -> bytes:
    encoded, data = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not encoded:
        raise NotCaptured("no_picture", present=True)
    return data.tobytes()


def sound(source: str) -> bytes:
    """Take three seconds of sound as a WAV of 16-bit samples, 16 kHz, one channel.

    Args:
        source: "default", the number or the name of a microphone, or a WAV file.

    Raises:
        NotCaptured: no_device, no_sound or, where PortAudio is missing, no_library.
    """
    if source.lower().endswith(".wav"):
        try:
            return Path(source).read_bytes()
        except OSError:
            raise NotCaptured("no_device", present=False) from None
    return _of_microphone(source)


def _of_microphone(source: str) -> bytes:
    try:
        sounddevice = importlib.import_module("sounddevice")
    # OSError: the package is there, PortAudio itself is not.
    except (ImportError, OSError):
        raise NotCaptured("no_library", present=None) from None
    device = None if source == "default" else int(source) if source.isdecimal() else source
    try:
        sounddevice.query_devices(device, "input")
    except (ValueError, sounddevice.PortAudioError):
        raise NotCaptured("no_device", present=False) from None
    try:
        samples = sounddevice.rec(
            SECONDS_OF_SOUND * SAMPLE_RATE,
            samplerate=SAMPLE_RATE,
            channels=1,
            dtype="int16",
            device=device,
            blocking=True,
        )
    except sounddevice.PortAudioError:
        raise NotCaptured("no_sound", present=True) from None
    return _wav(np.asarray(samples, np.int16))


def _wav(samples: NDArray[np.int16]) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(SAMPLE_RATE)
        written.writeframes(samples.astype("<i2").tobytes())
    return file.getvalue()
