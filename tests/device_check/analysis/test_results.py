"""The result as other parts take it, the command line, the thresholds and the shipped model."""

import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from device_check.__main__ import main
from device_check.analysis import DEFAULTS, Analysis, Problem, Thresholds, Verdict, analyse
from device_check.analysis.face import MODEL, Crop, _cut
from device_check.analysis.weights import WEIGHT
from device_check.vocabulary import IMAGE_PROBLEMS, SOUND_PROBLEMS
from tests.device_check.analysis.samples import jpeg, portrait, room, voice, wav

STILL = jpeg(portrait())
SOUND = wav(voice())


def _run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, dict[str, object]]:
    code = main(["analyse", *map(str, words)])
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture
def still(tmp_path: Path) -> Path:
    (tmp_path / "still.jpg").write_bytes(STILL)
    return tmp_path / "still.jpg"


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    (tmp_path / "sound.wav").write_bytes(SOUND)
    return tmp_path / "sound.wav"


def test_command__examines_both(
    capsys: pytest.CaptureFixture[str], still: Path, sound: Path
) -> None:
    code, result = _run(capsys, "--image", still, "--image", still, "--audio", sound)
    assert code == 0
    assert _run(capsys, "--image", still, still, "--audio", sound) == (code, result)
    assert result == analyse([STILL, STILL], SOUND).as_json()
    assert result["problems"] == ["frozen"]


@pytest.mark.parametrize(
    ("content", "error"), [(b"", "empty"), (b"text", "not_jpeg"), (STILL[:999], "truncated")]
)
def test_command__refuses_by_name(
    capsys: pytest.CaptureFixture[str], still: Path, content: bytes, error: str
) -> None:
    still.write_bytes(content)
    code, result = _run(capsys, "--image", still)
    assert (code, result["error"]) == (2, error)
    assert set(result) == {"error", "detail"}


def test_command__refuses_what_it_cannot_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert _run(capsys, "--audio", tmp_path)[1]["error"] == "unreadable"
    assert _run(capsys, "--image", tmp_path / "missing")[0] == 2
    assert _run(capsys)[1]["error"] == "nothing_given"
    assert _run(capsys, "--image", "/dev/zero")[1]["error"] == "too_large"
    os.mkfifo(tmp_path / "pipe")
    assert _run(capsys, "--image", tmp_path / "pipe")[1]["error"] == "unreadable"
    # None of 200 endless files is read.
    assert _run(capsys, "--image", *["/dev/zero"] * 200)[1]["error"] == "too_many"


@pytest.mark.parametrize("words", [[], ["analyse", "--image"], ["analyse", "x"], ["look"]])
def test_command__called_wrongly_says_so_in_json(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert main(words) == 2
    assert json.loads(capsys.readouterr().out)["error"] == "usage"


def test_command__runs_as_a_module_without_django(still: Path) -> None:
    script = (
        "import runpy, sys; sys.modules['django'] = None; sys.argv[1:] = ['analyse', '--image', "
        f"{str(still)!r}]; runpy.run_module('device_check', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert json.loads(done.stdout)["verdict"] == "good"
    assert done.stderr == b""


def test_analyses_side_by_side__do_not_see_each_others_pictures() -> None:
    pictures = [STILL, jpeg(room())]
    alone = [analyse([picture], None) for picture in pictures]
    assert alone[0] != alone[1]

    def repeatedly(number: int) -> list[Analysis]:
        return [analyse([pictures[number]], None) for _ in range(10)]

    with ThreadPoolExecutor(2) as threads:
        together = list(threads.map(repeatedly, range(2)))

    assert together == [[result] * 10 for result in alone]


@pytest.mark.parametrize("view", [Crop(10_000, 10_000, 30), Crop(-10_000, -10_000, 30)])
def test_a_face_beyond_the_picture__is_looked_for_without_a_fall(view: Crop) -> None:
    """Where the network places a face is up to whoever made the picture."""
    assert _cut(room().astype(np.uint8), view).shape == (128, 128, 3)


def test_types__come_without_opencv() -> None:
    script = "import sys, device_check.analysis; sys.exit('cv2' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)


def test_result__survives_json() -> None:
    result = analyse([STILL, STILL], SOUND)
    assert Analysis.from_json(json.loads(json.dumps(result.as_json()))) == result
    assert set(result.measures) == {"image", "audio"}
    assert set(analyse([STILL], None).measures) == {"image"}
    assert set(analyse([], SOUND).measures) == {"audio"}


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"verdict": "fine", "problems": [], "measures": {}},
        {"verdict": "skipped", "problems": [], "measures": {}},
        {"verdict": "good", "problems": ["unknown"], "measures": {}},
        {"verdict": "good", "problems": "too_dark", "measures": {}},
        {"verdict": "good", "problems": [], "measures": {"video": {}}},
        {"verdict": "good", "problems": [], "measures": {"image": {"luma": "1"}}},
        {"verdict": "good", "problems": [], "measures": {"image": {"luma": float("nan")}}},
        {"verdict": "good", "problems": [], "measures": {"image": {"luma": 10**400}}},
        {"verdict": "good", "problems": [], "measures": {"image": {"luma\0": 1.0}}},
        {"verdict": "good", "problems": [[]], "measures": {}},
        {"verdict": [], "problems": [], "measures": {}},
    ],
)
def test_forged_result__is_refused(data: object) -> None:
    with pytest.raises(ValueError):
        Analysis.from_json(data)


def test_problems__are_those_of_the_vocabulary() -> None:
    assert tuple(Problem) == IMAGE_PROBLEMS + SOUND_PROBLEMS
    assert set(WEIGHT) == set(Problem)
    assert Verdict.GOOD not in WEIGHT.values()


def test_thresholds__decide() -> None:
    assert analyse([STILL], None, thresholds=Thresholds(far_height=0.4)).problems == (
        Problem.FACE_FAR,
    )
    assert Problem.TOO_QUIET in analyse([], SOUND, thresholds=Thresholds(quiet_level=-5)).problems
    for item in fields(Thresholds):
        assert replace(DEFAULTS, **{item.name: 1}) != DEFAULTS or getattr(DEFAULTS, item.name) == 1


def test_model__is_the_published_one() -> None:
    """BlazeFace short range of @mediapipe/face_detection 0.4.1657300184, Apache-2.0."""
    data = MODEL.read_bytes()
    digest = "3bc182eb9f33925d9e58b5c8d59308a760f4adea8f282370e428c51212c26633"
    assert len(data) == 229_032
    assert hashlib.sha256(data).hexdigest() == digest
    assert digest in (MODEL.parent / "NOTICE").read_text()
    assert "Apache License" in (MODEL.parent / "LICENSE-Apache-2.0.txt").read_text()
