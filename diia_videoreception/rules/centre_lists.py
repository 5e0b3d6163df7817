"""Lists of centres and of their people, as text that spreadsheets write."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from io import StringIO

MAX_ROWS = 1000
MAX_FILE_BYTES = 512 * 1024
"""Of a list, also of its text as CSV."""
_DAY = re.compile(
    r"(?P<d>[0-9]{2})\.(?P<m>[0-9]{2})\.(?P<y>[0-9]{4})|(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2})"
)


class ListKind(StrEnum):
    """What a file lists."""

    CENTRES = "centres"
    PEOPLE = "people"


COLUMNS: Mapping[ListKind, tuple[str, ...]] = {
    ListKind.CENTRES: (
        "code", "name", "edrpou", "place", "katottg", "address", "phone", "email", "head_name", "head_email",
        "self_service_number", "self_service_date", "intermediation_number", "intermediation_date",
    ),
    ListKind.PEOPLE: ("centre_code", "name", "email", "role"),
}  # fmt: skip
"""The columns of each kind, in any order; the first row of the file names them."""
NEEDED: Mapping[ListKind, tuple[str, ...]] = {
    ListKind.CENTRES: (
        "code", "name", "place", "address", "phone", "email", "head_name", "head_email",
    ),
    ListKind.PEOPLE: ("centre_code", "name", "email", "role"),
}  # fmt: skip


class ListProblem(StrEnum):
    """Why a file cannot be read as a list."""

    NO_TEXT = "no_text"
    NO_CSV = "no_csv"
    NO_WORKBOOK = "no_workbook"
    OLD_WORKBOOK = "old_workbook"
    COLUMNS_MISSING = "columns_missing"
    EMPTY = "empty"
    TOO_LONG = "too_long"


class ListError(ValueError):
    """A file that is no list; `missing` names the columns that it lacks."""

    def __init__(self, problem: ListProblem, missing: tuple[str, ...] = ()) -> None:
        super().__init__(problem)
        self.problem = problem
        self.missing = missing


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row: the line of the file where it ends, and its cells by column."""

    line: int
    cells: Mapping[str, str]

    def lacks(self, columns: tuple[str, ...]) -> list[str]:
        """Return which of these columns are empty."""
        return [name for name in columns if not self.cells.get(name)]


def text_of(data: bytes) -> str:
    """Return the text of a file, in UTF-8 or as older spreadsheets write Ukrainian.

    Raises:
        ListError: it is neither.
    """
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ListError(ListProblem.NO_TEXT)


class RowOutcome(StrEnum):
    """What became of a row, or would."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """A row of the list with its outcome; `problem` says why it is wrong."""

    line: int
    title: str
    outcome: RowOutcome
    problem: str = ""


def read_list(kind: ListKind, text: str) -> list[ListRow]:
    """Read a list of centres or of their people, as `read_rows` does.

    Raises:
        ListError: as `read_rows`.
    """
    return read_rows(text, columns=COLUMNS[kind], needed=NEEDED[kind])


def read_rows(text: str, *, columns: Sequence[str], needed: Sequence[str]) -> list[ListRow]:
    """Read a list whose columns are told apart by commas or semicolons.

    Raises:
        ListError: it has no rows or too many, lacks a column, or is no CSV, or no text.
    """
    if "\0" in text:
        raise ListError(ListProblem.NO_TEXT)
    first = text[: text.find("\n")] if "\n" in text else text
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.DictReader(StringIO(text), delimiter=delimiter, strict=True)
    found = []
    try:
        names = [(name or "").strip().casefold() for name in reader.fieldnames or ()]
        missing = tuple(name for name in needed if name not in names)
        if missing:
            raise ListError(ListProblem.COLUMNS_MISSING, missing)
        reader.fieldnames = names
        for cells in reader:
            known = {name: (cells.get(name) or "").strip() for name in columns}
            if any(known.values()):
                found.append(ListRow(reader.line_num, known))
            if len(found) > MAX_ROWS:
                raise ListError(ListProblem.TOO_LONG)
    except csv.Error as error:
        raise ListError(ListProblem.NO_CSV) from error
    if not found:
        raise ListError(ListProblem.EMPTY)
    return found


def day_of_cell(text: str) -> date | None:
    """Return the day of a cell, such as 12.03.2026; None for what is none."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    try:
        return date.fromisoformat(
            text if found["iso"] else f"{found['y']}-{found['m']}-{found['d']}"
        )
    except ValueError:
        return None
