"""Limits of documents: up to 10 files of up to 5 MB (A-47)."""

import pytest

from diia_videoreception.rules.uploads import UploadLimits, UploadProblem, check_size

LIMITS = UploadLimits()


def test_limits__defaults_are_those_of_the_source() -> None:
    assert (LIMITS.files, LIMITS.bytes, LIMITS.megapixels) == (10, 5_242_880, 120)


@pytest.mark.parametrize(
    ("size", "problem"),
    [
        (1, None),
        (5 * 1024 * 1024, None),
        (5 * 1024 * 1024 + 1, UploadProblem.FILE_TOO_LARGE),
        (0, UploadProblem.FILE_EMPTY),
    ],
)
def test_check_size__names_the_problem(size: int, problem: UploadProblem | None) -> None:
    assert check_size(LIMITS, size) == problem


@pytest.mark.parametrize("wrong", [{"files": 0}, {"bytes": -1}, {"megapixels": 0}])
def test_limits__must_be_positive(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="positive"):
        UploadLimits(**wrong)
