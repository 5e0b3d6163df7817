"""What is wrong with the camera and the microphone, found out in a process of its own.

A driver that hangs or crashes takes the child down, not the agent.
"""

import json
import logging
import subprocess
import sys
from typing import Final

from device_check.protocol import (
    CAMERA_PROBLEMS,
    MICROPHONE_PROBLEMS,
    DeviceState,
    MalformedMessage,
    read_device,
)

logger = logging.getLogger(__name__)

SECONDS_TO_MEASURE: Final = 60
PROGRAM = (sys.executable, "-m", "device_check.agent.measuring")
NOTHING: Final = "none"
"""Name of the device that is not there on purpose."""

_NO_ANSWER = DeviceState(None, ("no_answer",))


def check(
    *, camera: str, microphone: str, seconds: float = SECONDS_TO_MEASURE
) -> tuple[DeviceState, DeviceState]:
    """Check both devices side by side; what does not answer in time says so itself.

    Args:
        camera: Number of the camera, a picture or video file, or "none".
        microphone: "default", number or name of the microphone, a WAV file, or "none".
        seconds: Longest time for both together.
    """
    with _Child("camera", camera) as seen, _Child("microphone", microphone) as heard:
        return (
            seen.state(CAMERA_PROBLEMS, seconds=seconds),
            heard.state(MICROPHONE_PROBLEMS, seconds=seconds),
        )


class _Child:
    def __init__(self, device: str, source: str) -> None:
        self._device = device
        self._process: subprocess.Popen[bytes] | None = None
        if source != NOTHING:
            self._process = subprocess.Popen(  # noqa: S603 - the technician's own device
                [*PROGRAM, f"--{device}", source],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
            )

    def __enter__(self) -> "_Child":
        return self

    def __exit__(self, *error: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def state(self, codes: tuple[str, ...], *, seconds: float) -> DeviceState:
        if self._process is None:
            return DeviceState(None)
        try:
            output, _ = self._process.communicate(timeout=seconds)
            return read_device(json.loads(output), codes)
        except subprocess.TimeoutExpired:
            logger.warning("The %s did not answer in %s s", self._device, seconds)
        except (ValueError, MalformedMessage):
            logger.warning("The check of the %s broke off", self._device)
        return _NO_ANSWER
