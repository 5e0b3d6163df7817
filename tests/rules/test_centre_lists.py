"""Lists of centres and people as spreadsheets write them."""

import pytest

from diia_videoreception.rules.centre_lists import (
    MAX_ROWS,
    ListError,
    ListKind,
    day_of_cell,
    read_list,
    text_of,
)
from tests.harness.growth import LIMIT, growth

HEADER = "centre_code,name,email,role\n"
ROW = "YAV-1,Ткачук Наталія,n@y.example,administrator\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_list__is_read_as_spreadsheets_write_it(encoding: str, delimiter: str) -> None:
    text = (HEADER + ROW).replace(",", delimiter)
    (row,) = read_list(ListKind.PEOPLE, text_of(text.encode(encoding)))
    assert (row.line, row.cells["name"]) == (2, "Ткачук Наталія")


def test_columns__may_stand_in_any_order_with_others_between() -> None:
    text = 'Email;note;ROLE;centre_code;name\nn@y.example;"а;б";head;YAV-1;Гнатюк\n;;;;\n'
    (row,) = read_list(ListKind.PEOPLE, text)
    assert row.cells == {
        "centre_code": "YAV-1",
        "name": "Гнатюк",
        "email": "n@y.example",
        "role": "head",
    }
    assert row.lacks(("role", "name")) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "columns_missing"),
        ("name\nА\n", "columns_missing"),
        (HEADER, "empty"),
        (HEADER + ",,,\n", "empty"),
        (HEADER + ROW * (MAX_ROWS + 1), "too_long"),
        (HEADER + '"YAV-1', "no_csv"),
        (HEADER + '"а"б,,,\n', "no_csv"),
    ],
)
def test_what_is_no_list__says_why(text: str, problem: str) -> None:
    with pytest.raises(ListError) as error:
        read_list(ListKind.PEOPLE, text)
    assert error.value.problem == problem


def test_a_picture__is_no_text() -> None:
    with pytest.raises(ListError):
        text_of(b"\x89PNG\0\0")


@pytest.mark.parametrize(
    ("cell", "day"),
    [("12.03.2026", "2026-03-12"), ("2026-03-12", "2026-03-12"), ("31.02.2026", None), ("12.3.26", None), ("", None)],
)  # fmt: skip
def test_days_of_cells__are_read_or_not_at_all(cell: str, day: str | None) -> None:
    read = day_of_cell(cell)
    assert (read.isoformat() if read else None) == day


def _outcome(text: str) -> object:
    try:
        return read_list(ListKind.PEOPLE, text)
    except ListError as error:
        return error.problem


@pytest.mark.parametrize("piece", [ROW, ",", ";", '"', '""', "\n", '"\n'])
def test_long_lists__cost_no_more_than_they_are_long(piece: str) -> None:
    assert growth(_outcome, lambda size: HEADER + piece * size, 400) < LIMIT
