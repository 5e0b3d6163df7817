"""Every problem of a picture is named when it is there, and a good picture has none."""

from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image

from device_check.analysis import DEFAULTS, Analysis, Problem, Verdict, analyse
from tests.device_check.analysis.samples import (
    SKINS,
    Array,
    live,
    look,
    noise,
    person_in_room,
    person_with_skin,
    portrait,
    room,
)


def blurred(deviation: float) -> Array:
    return cv2.GaussianBlur(portrait(), (0, 0), deviation)


def smeared(degrees: float) -> Array:
    """The camera moved by 21 pixels in this direction."""
    path = np.zeros((21, 21), np.float32)
    across, down = 10 * np.cos(np.radians(degrees)), 10 * np.sin(np.radians(degrees))
    ends = [(round(10 - across), round(10 - down)), (round(10 + across), round(10 + down))]
    cv2.line(path, *ends, 1)
    return cv2.filter2D(portrait(), -1, path / path.sum())


def flat(luma: float, deviation: float = 0) -> Array:
    return np.full((480, 640, 3), luma) + noise((480, 640, 3), deviation)


def against_window(share: float) -> Array:
    """The person as dark as this before a bright window."""
    person = person_in_room(0.3, 0.5, 0.4, room_of=np.full((480, 640, 3), -1, np.float32))
    return np.where(person < 0, 235, person * share)


GOOD = {
    "as it is": portrait(),
    "small": portrait(320, 240),
    "small and a little soft": cv2.GaussianBlur(portrait(320, 240), (0, 0), 0.9),
    "large": portrait(1280, 960),
    "in a room": person_in_room(0.3, 0.5, 0.4),
    "in a wide room": person_in_room(0.3, 0.5, 0.4, room_of=room(1280, 720)),
    "mirrored": portrait()[:, ::-1],
    "noisy camera": portrait() + noise((480, 640, 3), 5),
    "a little soft": blurred(0.7),
    "a little darker": portrait() * 0.8,
    "white wall": person_in_room(0.3, 0.5, 0.4, room_of=np.full((480, 640, 3), 252, np.float32)),
}
BAD = {
    "dim": (portrait() * 0.4, Problem.TOO_DARK),
    "dark": (portrait() * 0.15, Problem.TOO_DARK),
    "very dark": (portrait() * 0.05, Problem.TOO_DARK),
    "dark and noisy": (portrait() * 0.1 + noise((480, 640, 3), 4), Problem.TOO_DARK),
    "overexposed": (portrait() * 2.2, Problem.TOO_BRIGHT),
    "washed out": (portrait() + 130, Problem.TOO_BRIGHT),
    "fog": ((portrait() - 128) * 0.2 + 140, Problem.LOW_CONTRAST),
    "out of focus": (blurred(2.5), Problem.BLURRED),
    "far out of focus": (blurred(7), Problem.BLURRED),
    "out of focus, noisy": (blurred(5) + noise((480, 640, 3), 5), Problem.BLURRED),
    "moving sideways": (cv2.blur(portrait(), (21, 1)), Problem.BLURRED),
    "moving up": (cv2.blur(portrait(), (1, 21)), Problem.BLURRED),
    "moving down and right": (smeared(45), Problem.BLURRED),
    "moving down and left": (smeared(135), Problem.BLURRED),
    "shutter": (flat(4), Problem.COVERED),
    "shutter, noisy": (flat(10, 5), Problem.COVERED),
    "finger": (flat(90, 2) + np.linspace(-30, 30, 640)[None, :, None], Problem.COVERED),
    "window behind": (against_window(0.3), Problem.BACKLIGHT),
    "bright window behind": (against_window(0.15), Problem.BACKLIGHT),
    "nobody": (room(), Problem.NO_FACE),
    "far": (person_in_room(0.11, 0.5, 0.4), Problem.FACE_FAR),
    "very far": (person_in_room(0.08, 0.5, 0.4), Problem.FACE_FAR),
    "near": (person_in_room(0.85, 0.5, 0.5), Problem.FACE_NEAR),
    "left": (person_in_room(0.3, 0.12, 0.4), Problem.OFF_CENTRE),
    "right": (person_in_room(0.3, 0.9, 0.4), Problem.OFF_CENTRE),
    "low": (person_in_room(0.3, 0.5, 0.75), Problem.OFF_CENTRE),
    "two": (
        person_in_room(0.25, 0.72, 0.4, room_of=person_in_room(0.25, 0.35, 0.4)),
        Problem.SEVERAL_FACES,
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_picture__has_no_problem(name: str) -> None:
    result = look(GOOD[name])
    assert result.problems == ()
    assert result.verdict == Verdict.GOOD


@pytest.mark.parametrize("name", BAD)
def test_bad_picture__has_its_problem(name: str) -> None:
    picture, problem = BAD[name]
    result = look(picture)
    assert problem in result.problems
    assert result.verdict != Verdict.GOOD


@pytest.mark.parametrize("problem", sorted({problem for _, problem in BAD.values()}))
def test_problem__is_named_only_where_it_belongs(problem: Problem) -> None:
    """A face may be lost as well; nothing else is blamed."""
    follows = {Problem.COVERED: {Problem.TOO_DARK, Problem.NO_FACE}}
    for picture, expected in BAD.values():
        if expected == problem:
            others = set(look(picture).problems) - {problem, Problem.NO_FACE}
            assert others <= follows.get(problem, set())


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("dim", Verdict.USABLE),
        ("very dark", Verdict.BAD),
        ("out of focus", Verdict.USABLE),
        ("shutter", Verdict.BAD),
        ("far", Verdict.USABLE),
        ("two", Verdict.USABLE),
    ],
)
def test_verdict__is_bad_only_when_nothing_is_seen(name: str, verdict: Verdict) -> None:
    assert look(BAD[name][0]).verdict == verdict


@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize("wall", [215, 240, 252])
def test_face_lit_from_the_front_before_a_white_wall__is_good(skin: str, wall: float) -> None:
    result = look(person_with_skin(SKINS[skin], light=1, wall=wall))
    assert not {Problem.BACKLIGHT, Problem.TOO_DARK} & set(result.problems)


@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize("light", [0.12, 0.06])
def test_face_in_shadow_before_a_window__is_backlit(skin: str, light: float) -> None:
    assert Problem.BACKLIGHT in look(person_with_skin(SKINS[skin], light=light, wall=250)).problems


@pytest.mark.parametrize("skin", SKINS)
def test_lit_face_before_a_dark_room__is_not_too_dark(skin: str) -> None:
    assert Problem.TOO_DARK not in look(person_with_skin(SKINS[skin], light=1, wall=25)).problems


def test_dim_picture_with_a_plain_face__wants_light_and_is_not_bad() -> None:
    dim = person_with_skin(SKINS["light"], light=0.12, wall=8)
    result = look(dim)
    assert result.measures["image"]["luma"] < DEFAULTS.very_dark_luma
    assert Problem.TOO_DARK in result.problems
    assert result.verdict == Verdict.USABLE


def test_running_camera__is_good() -> None:
    result = look(*live(portrait()))
    assert result.problems == ()
    assert result.measures["image"]["stills"] == 5


@pytest.mark.parametrize("count", [2, 5])
def test_same_picture_again__is_frozen(count: int) -> None:
    result = look(*[portrait()] * count)
    assert result.problems == (Problem.FROZEN,)
    assert result.verdict == Verdict.BAD


def test_single_picture__is_not_frozen() -> None:
    assert Problem.FROZEN not in look(portrait()).problems


def test_covered_camera__is_not_called_frozen() -> None:
    assert Problem.FROZEN not in look(*[flat(3)] * 5).problems


def _in_turn(*factors: float) -> Analysis:
    stills = live(portrait(), len(factors))
    return look(*[still * factor for still, factor in zip(stills, factors, strict=True)])


def test_light_that_goes_up_and_down__flickers() -> None:
    assert _in_turn(1, 0.85, 1, 0.85, 1).problems == (Problem.FLICKER,)


@pytest.mark.parametrize(
    "factors", [(0.8, 0.87, 0.94, 0.98, 1), (0.7, 0.9, 1.04, 1, 1), (0.7, 0.7, 0.7, 1, 1)]
)
def test_camera_that_adapts_to_the_light__does_not_flicker(factors: tuple[float, ...]) -> None:
    assert _in_turn(*factors).problems == ()


def test_face_in_most_stills__is_enough() -> None:
    nobody = room()
    there = person_in_room(0.3, 0.5, 0.4)
    stills = live(there, 3) + live(nobody, 2)
    assert Problem.NO_FACE not in look(*stills).problems
    stills = live(there, 2) + live(nobody, 3)
    assert Problem.NO_FACE in look(*stills).problems


def test_turn_by_exif__is_made() -> None:
    """A telephone stores its pictures lying; what it meant is upright."""
    lying = Image.fromarray(np.rot90(portrait(), 1).astype(np.uint8)[:, :, ::-1])
    tags = Image.Exif()
    tags[0x0112] = 6
    buffer = BytesIO()
    lying.save(buffer, "JPEG", quality=85, exif=tags)
    turned, upright = analyse([buffer.getvalue()], None), look(portrait())
    for name in ("face_across", "face_down", "face_height"):
        assert turned.measures["image"][name] == pytest.approx(
            upright.measures["image"][name], abs=0.02
        )


def test_person__before_a_plain_wall_is_sharp_however_small() -> None:
    """Most of such a picture has no detail at all."""
    wall = np.full((720, 1280, 3), 128, np.float32)
    result = look(person_in_room(0.1, 0.5, 0.5, room_of=wall))
    assert Problem.FACE_FAR in result.problems
    assert Problem.BLURRED not in result.problems


def test_two_people__both_small_in_a_wide_picture() -> None:
    """On the first look the network sees each of them fourteen pixels high."""
    pair = np.concatenate([portrait(640, 480)[:, 100:500], portrait(640, 480)[:, 100:500]], axis=1)
    picture = np.full((720, 1280, 3), 140, np.float32)
    picture[240:, 240:1040] = pair
    assert Problem.SEVERAL_FACES in look(picture).problems


def test_two_people__one_far_behind_the_other() -> None:
    """A call has several stills; one of them is enough to find who is behind."""
    behind = person_in_room(0.13, 0.85, 0.3, room_of=room(1280, 720))
    stills = live(person_in_room(0.4, 0.4, 0.45, room_of=behind), 2)
    assert Problem.SEVERAL_FACES in look(*stills).problems
