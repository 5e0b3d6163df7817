"""Limits of documents: up to 10 files of up to 5 MB (A-47)."""

import pytest

from diia_videoreception.rules.uploads import (
    UploadLimits,
    UploadProblem,
    can_add,
    check_pixels,
    check_upload,
)

LIMITS = UploadLimits()


def test_limits__defaults_are_those_of_the_source() -> None:
    assert (LIMITS.files, LIMITS.bytes, LIMITS.megapixels) == (10, 5_242_880, 120)


@pytest.mark.parametrize(("count", "fits"), [(0, True), (9, True), (10, False), (11, False)])
def test_can_add__tenth_fits_eleventh_does_not(count: int, fits: bool) -> None:
    assert can_add(LIMITS, count_so_far=count) is fits


def test_can_add__several_at_once_are_counted_together() -> None:
    assert can_add(LIMITS, count_so_far=7, adding=3)
    assert not can_add(LIMITS, count_so_far=7, adding=4)


@pytest.mark.parametrize(
    ("count", "size", "problem"),
    [
        (0, 1, None),
        (9, 5 * 1024 * 1024, None),
        (0, 5 * 1024 * 1024 + 1, UploadProblem.FILE_TOO_LARGE),
        (0, 0, UploadProblem.FILE_EMPTY),
        (10, 1, UploadProblem.TOO_MANY_FILES),
    ],
)
def test_check_upload__names_the_problem(
    count: int, size: int, problem: UploadProblem | None
) -> None:
    assert check_upload(LIMITS, count_so_far=count, size=size) == problem


def test_check_pixels__judges_width_times_height() -> None:
    assert check_pixels(LIMITS, width=12_000, height=10_000) is None
    assert check_pixels(LIMITS, width=12_001, height=10_000) is UploadProblem.TOO_MANY_PIXELS


@pytest.mark.parametrize("wrong", [{"files": 0}, {"bytes": -1}, {"megapixels": 0}])
def test_limits__must_be_positive(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="positive"):
        UploadLimits(**wrong)
