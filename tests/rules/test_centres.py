"""Centres: their numbers, and the hours of a week as people write them."""

from datetime import time

import pytest

from diia_videoreception.rules.centres import (
    Period,
    grouped_week,
    is_centre_code,
    is_edrpou,
    is_katottg,
    problem_of_hours,
    read_day,
    written_day,
)
from tests.harness.growth import LIMIT, growth


@pytest.mark.parametrize("number", ["00032106", "14360570", "21560766", "32855961", "40109058"])
def test_numbers_of_the_register__are_taken(number: str) -> None:
    assert is_edrpou(number)


@pytest.mark.parametrize(
    "number", ["00032107", "41360570", "1436057", "143605700", "1436057О", "", "١٤٣٦٠٥٧٠"]
)
def test_mistyped_numbers_of_the_register__are_refused(number: str) -> None:
    assert not is_edrpou(number)


def test_any_single_wrong_digit__is_noticed_in_most_numbers() -> None:
    number = "14360570"
    wrong = {
        number[:place] + digit + number[place + 1 :]
        for place in range(8)
        for digit in "0123456789"
        if digit != number[place]
    }
    assert sum(is_edrpou(one) for one in wrong) <= len(wrong) // 10


@pytest.mark.parametrize(
    ("code", "fits"),
    [
        ("UA80000000000093317", True),
        ("UA8000000000009331", False),
        ("ua80000000000093317", False),
        ("UA80000000000093317\n", False),
    ],
)
def test_codes_of_places__have_their_form(code: str, fits: bool) -> None:
    assert is_katottg(code) is fits


@pytest.mark.parametrize(
    ("code", "fits"),
    [("A", True), ("YAV-1", True), ("-A", False), ("A-", False), ("a", False), ("A" * 21, False), ("A\n", False)],
)  # fmt: skip
def test_codes_of_centres__are_such_as_machines_can_have(code: str, fits: bool) -> None:
    assert is_centre_code(code) is fits


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("9:00–13:00", "9:00–13:00"),
        ("14.00-18.00; 09:00 - 13:00", "9:00–13:00, 14:00–18:00"),
        ("9:00—13:05", "9:00–13:05"),
    ],
)
def test_hours__are_read_as_people_write_them(typed: str, kept: str) -> None:
    read = read_day(typed, 2)
    assert read is not None
    assert written_day(read, 2) == kept
    assert written_day(read, 3) == ""


@pytest.mark.parametrize(
    "typed", ["9", "9–13", "25:00–26:00", "9:00–13:60", "зранку", "9:00–13:00,", "9" * 81]
)
def test_what_are_no_hours__is_not_guessed(typed: str) -> None:
    assert read_day(typed, 0) is None


def test_days_apart__do_not_overlap() -> None:
    assert problem_of_hours([Period(0, time(9), time(13)), Period(1, time(9), time(13))]) is None
    assert problem_of_hours([Period(0, time(9), time(13)), Period(0, time(13), time(14))]) is None


@pytest.mark.parametrize("piece", ["9:00–13:00,", "9", " ", "–", "9:00 "])
def test_long_hours__cost_no_more_than_they_are_long(piece: str) -> None:
    assert growth(lambda text: read_day(text, 0), lambda size: piece * size, 4000) < LIMIT


def test_a_week__is_told_with_equal_days_in_a_row_together() -> None:
    nine, one, two, six = time(9), time(13), time(14), time(18)
    week = [Period(day, nine, one) for day in (0, 1, 2, 4, 6)]
    week += [Period(2, two, six)]
    assert grouped_week(week) == [
        (0, 1, "9:00–13:00"),
        (2, 2, "9:00–13:00, 14:00–18:00"),
        (4, 4, "9:00–13:00"),
        (6, 6, "9:00–13:00"),
    ]
    assert grouped_week([]) == []
