"""Lists in workbooks: read as they look, and refused with a reason where they are none."""

import random
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]

from diia_videoreception.rules.agency_lists import AgencyList, read_agency_list
from diia_videoreception.rules.centre_lists import MAX_ROWS, ListError, ListKind, read_list
from diia_videoreception.rules.workbooks import MAX_BYTES, MAX_COLUMNS, MAX_LINES, list_text
from tests.harness.growth import LIMIT, growth
from tests.steps.workbooks import saved, with_part, workbook

SHEET = "xl/worksheets/sheet1.xml"
HEADS = ["centre_code", "name", "email", "role"]


def problem_of(data: bytes) -> str:
    with pytest.raises(ListError) as error:
        list_text(data)
    return error.value.problem


def test_a_workbook__is_read_as_a_list_with_the_lines_that_its_sheet_shows() -> None:
    data = workbook(
        HEADS,
        [],
        ["YAV-1", 'Ткачук; "Наталія",\nІванівна', "n@y.example", "administrator"],
    )
    (row,) = read_list(ListKind.PEOPLE, list_text(data))
    assert (row.line, row.cells["name"]) == (3, 'Ткачук; "Наталія", Іванівна')


def test_cells__are_what_they_show() -> None:
    book = Workbook()
    book.active.append([7, 12.0, 0.5, date(2026, 12, 1), datetime(2026, 12, 1), True, None, "007"])
    book.active["A1"].number_format = "00000000"
    assert list_text(saved(book)).strip() == "00000007,12,0.5,2026-12-01,2026-12-01,True,,007"


def test_a_list__is_that_of_the_first_sheet_that_can_be_seen() -> None:
    book = Workbook()
    book.active.append(["name"])
    book.active.append(["Захована"])
    book.active.sheet_state = "hidden"
    shown = book.create_sheet("Підрозділи")
    shown.append(["name"])
    shown.append(["Відділ звернень"])
    (row,) = read_agency_list(AgencyList.UNITS, list_text(saved(book)))
    assert row.cells["name"] == "Відділ звернень"


def test_a_formula__is_what_it_came_to_and_nothing_where_nobody_worked_it_out() -> None:
    assert list_text(workbook(["name"], ["=1+1"])).split() == ["name"]


def test_a_csv_file__is_still_read() -> None:
    assert list_text("name\nВідділ\n".encode("cp1251")) == "name\nВідділ\n"


def test_an_old_workbook_or_one_with_a_password__is_named() -> None:
    assert problem_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600) == "old_workbook"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (SHEET, b"<worksheet"),
        (SHEET, b"\0" * 100),
        ("xl/workbook.xml", b""),
        ("[Content_Types].xml", b"<Types/>"),
    ],
)
def test_a_damaged_workbook__is_refused(name: str, content: bytes) -> None:
    assert problem_of(with_part(workbook(["name"], ["А"]), name, content)) == "no_workbook"


def test_an_archive_of_something_else__is_no_workbook() -> None:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("document.txt", "text")
    assert problem_of(file.getvalue()) == "no_workbook"


def test_entities__are_not_resolved() -> None:
    laughs = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 100}">' for n in range(9)
    )
    sheet = (
        f'<?xml version="1.0"?><!DOCTYPE worksheet [{laughs}]><worksheet xmlns="http://schemas.'
        'openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr">'
        "<is><t>&l8;</t></is></c></row></sheetData></worksheet>"
    )
    data = with_part(workbook(["name"]), SHEET, sheet.encode())
    assert problem_of(data) == "no_workbook"


def test_what_unpacks_to_more_than_it_looks__is_refused_unread() -> None:
    data = with_part(workbook(["name"]), SHEET, b" " * (MAX_BYTES + 1))
    assert len(data) < 20_000
    assert problem_of(data) == "too_long"


def test_a_size_that_is_stated_too_small__does_not_let_more_in() -> None:
    data = with_part(workbook(["name"]), SHEET, b" " * MAX_BYTES * 2)
    size, lie = (MAX_BYTES * 2).to_bytes(4, "little"), (100).to_bytes(4, "little")
    assert problem_of(data.replace(size, lie)) == "no_workbook"


def test_a_sheet_with_too_many_lines__is_refused() -> None:
    assert problem_of(workbook(*[["А"]] * (MAX_LINES + 1))) == "too_long"
    text = list_text(workbook(["name"], *[["А"]] * (MAX_ROWS + 1)))
    with pytest.raises(ListError, match="too_long"):
        read_agency_list(AgencyList.UNITS, text)


def test_cells_far_away__cost_nothing() -> None:
    book = Workbook()
    book.active.append(["name", *["x"] * MAX_COLUMNS * 2])
    book.active["XFD1"] = "x"
    assert list_text(saved(book)).count(",") == MAX_COLUMNS - 1
    book.active["A1048576"] = "x"
    assert problem_of(saved(book)) == "too_long"


def test_twice_the_rows__cost_less_than_three_times() -> None:
    def rows(size: int) -> bytes:
        return workbook(HEADS, *[["YAV-1", "Ткачук " * 5, "n@y.example", "head"]] * size)

    assert growth(list_text, rows, 300) < LIMIT


@pytest.mark.parametrize("seed", range(60))
def test_any_damage__is_a_list_or_a_reason(seed: int) -> None:
    chance = random.Random(seed)
    good = workbook(HEADS, ["YAV-1", "Ткачук", "n@y.example", 5])
    with ZipFile(BytesIO(good)) as parts:
        name = chance.choice(parts.namelist())
        content = bytearray(parts.read(name))
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(content))
        content[place : place + chance.randint(0, 9)] = chance.randbytes(chance.randint(0, 3))
    damaged = bytearray(good)
    damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    for data in (with_part(good, name, bytes(content)), bytes(damaged)):
        with suppress(ListError):
            assert isinstance(list_text(data), str)
