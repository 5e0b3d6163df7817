"""What the agent finds out about devices, from files; no camera stands here."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest

from device_check.agent import capture, checking
from device_check.agent.capture import NotCaptured
from device_check.agent.measuring import measure_camera, measure_microphone
from tests.steps.recordings import scene, write_wav


def size_of(still: bytes) -> tuple[int, int]:
    picture = cv2.imdecode(np.frombuffer(still, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture.shape[1], picture.shape[0]


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "video.avi"
    file = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (1280, 720))
    for number in range(12):
        file.write(cv2.resize(scene(shift=20 * number), (1280, 720)))
    file.release()
    return path


def test_picture__light_and_dark_differ(picture: Path, dark_picture: Path) -> None:
    light, dark = measure_camera(str(picture)), measure_camera(str(dark_picture))

    assert (light.present, dark.present) == (True, True)
    assert "too_dark" not in light.problems
    assert "too_dark" in dark.problems


def test_video__gives_five_small_stills_that_move(video: Path) -> None:
    stills = capture.stills(str(video))

    assert len(set(stills)) == 5
    assert {size_of(still) for still in stills} == {(640, 360)}
    assert "frozen" not in measure_camera(str(video)).problems


def test_people__are_no_concern_of_an_unattended_check(picture: Path, tmp_path: Path) -> None:
    """Nobody sits there at night: that is no fault of the camera or the microphone."""
    quiet = write_wav(tmp_path / "quiet.wav", np.random.default_rng(1).normal(0, 0.001, 48_000))
    seen, heard = measure_camera(str(picture)), measure_microphone(str(quiet))

    assert "no_face" not in seen.problems
    assert not {"no_speech", "too_quiet"} & set(heard.problems)
    assert not [name for name in seen.measures or {} if name.startswith("face")]


def test_sound__voice_and_silence_differ(voice: Path, silence: Path) -> None:
    assert "silent" not in measure_microphone(str(voice)).problems
    assert measure_microphone(str(silence)).problems == ("silent",)


def test_both_devices__are_checked_side_by_side(dark_picture: Path, silence: Path) -> None:
    camera, microphone = checking.check(camera=str(dark_picture), microphone=str(silence))

    assert "too_dark" in camera.problems
    assert microphone.problems == ("silent",)


def test_what_cannot_be_checked__says_why(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8 no picture")
    not_sound = tmp_path / "not.wav"
    not_sound.write_bytes(b"RIFF")
    missing = str(tmp_path / "missing")

    for state, present, code in (
        (measure_camera(str(broken)), True, "no_picture"),
        (measure_camera(f"{missing}.mp4"), False, "no_device"),
        (measure_camera("73"), False, "no_device"),
        (measure_microphone(str(not_sound)), True, "no_sound"),
        (measure_microphone(f"{missing}.wav"), False, "no_device"),
    ):
        assert (state.present, state.problems) == (present, (code,))


def test_device_that_hangs_or_crashes__does_not_take_the_agent_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for program in ("import time; time.sleep(60)", "import os; os.abort()", "print('[]')"):
        monkeypatch.setattr(checking, "PROGRAM", (sys.executable, "-c", program))

        states = checking.check(camera="0", microphone="none", seconds=0.3)

        assert states[0].present is None
        assert states[0].problems == ("no_answer",)
        assert (states[1].present, states[1].problems) == (None, ())


class PortAudioProblem(Exception):
    pass


@pytest.mark.parametrize(
    ("query", "rec", "code"),
    [
        (None, None, ""),
        (ValueError("no such device"), None, "no_device"),
        (None, PortAudioProblem("busy"), "no_sound"),
    ],
)
def test_microphone__through_portaudio(
    query: Exception | None, rec: Exception | None, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}

    def fail_or(error: Exception | None, result: Any) -> Any:
        if error:
            raise error
        return result

    def record(frames: int, **options: Any) -> Any:
        asked.update(options, frames=frames)
        return fail_or(rec, np.full((frames, 1), 100, np.int16))

    stand_in = SimpleNamespace(
        PortAudioError=PortAudioProblem,
        query_devices=lambda device, kind: fail_or(query, {}),
        rec=record,
    )
    monkeypatch.setitem(sys.modules, "sounddevice", stand_in)

    if code:
        with pytest.raises(NotCaptured) as refused:
            capture.sound("default")
        assert refused.value.code == code
    else:
        sound = capture.sound("3")
        assert len(sound) == 44 + 2 * 48_000
        assert (asked["device"], asked["samplerate"], asked["frames"]) == (3, 16_000, 48_000)


def test_microphone__without_portaudio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)

    state = measure_microphone("default")

    assert (state.present, state.problems) == (None, ("no_library",))
