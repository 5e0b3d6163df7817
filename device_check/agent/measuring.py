"""`python -m device_check.agent.measuring`: checks one device and prints what it found as JSON."""

import argparse
import json
import logging
import sys
from collections.abc import Iterable, Mapping

from device_check.agent.capture import NotCaptured, sound, stills
from device_check.analysis import UnusableInput, analyse
from device_check.protocol import CAMERA_PROBLEMS, MICROPHONE_PROBLEMS, DeviceState

logger = logging.getLogger(__name__)


def measure_camera(source: str) -> DeviceState:
    """Take stills and analyse them; see `capture.stills` for the source."""
    try:
        analysis = analyse(stills(source), None)
    except NotCaptured as error:
        return DeviceState(error.present, (error.code,))
    except UnusableInput as error:
        logger.warning("The picture cannot be used: %s", error)
        return DeviceState(True, ("no_picture",))
    return _state(analysis.problems, analysis.measures["image"], CAMERA_PROBLEMS)


def measure_microphone(source: str) -> DeviceState:
    """Take sound and analyse it; see `capture.sound` for the source."""
    try:
        analysis = analyse([], sound(source))
    except NotCaptured as error:
        return DeviceState(error.present, (error.code,))
    except UnusableInput as error:
        logger.warning("The sound cannot be used: %s", error)
        return DeviceState(True, ("no_sound",))
    return _state(analysis.problems, analysis.measures["audio"], MICROPHONE_PROBLEMS)


def _state(
    problems: Iterable[str], measures: Mapping[str, float], codes: tuple[str, ...]
) -> DeviceState:
    return DeviceState(
        True,
        tuple(str(code) for code in problems if code in codes),
        # Where a face is, is about a person, not about the camera.
        {name: value for name, value in measures.items() if not name.startswith("face")},
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m device_check.agent.measuring")
    device = parser.add_mutually_exclusive_group(required=True)
    device.add_argument("--camera", metavar="INDEX|FILE")
    device.add_argument("--microphone", metavar="DEVICE|FILE")
    options = parser.parse_args()
    if options.camera is not None:
        state = measure_camera(options.camera)
    else:
        state = measure_microphone(options.microphone)
    sys.stdout.write(json.dumps(state.as_json(), allow_nan=False) + "\n")


if __name__ == "__main__":
    main()
