"""Workbooks of spreadsheets (XLSX, ECMA-376) as the text of a list."""

import csv
import zlib
from datetime import date, datetime, time
from io import BytesIO, StringIO
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook  # type: ignore[import-untyped]
from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

from diia_videoreception.rules.centre_lists import (
    MAX_FILE_BYTES,
    MAX_ROWS,
    ListError,
    ListProblem,
    text_of,
)

BEGINNING = b"PK\x03\x04"
OLD_BEGINNING = b"\xd0\xcf\x11\xe0"
"""Of workbooks before 2007, and of those with a password."""
MAX_BYTES = 4 * 1024 * 1024
"""Of all parts of a workbook, unpacked."""
MAX_PARTS = 500
MAX_COLUMNS = 50
MAX_LINES = 2 * MAX_ROWS
"""With empty lines between the rows."""
# What the library raises over a damaged or hostile workbook; a broken XML is a SyntaxError.
DAMAGED = (
    ArithmeticError,
    AttributeError,
    BadZipFile,
    EOFError,
    InvalidFileException,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zlib.error,
)


def list_text(data: bytes) -> str:
    """Return the text of a list: of a CSV file, or of the first sheet of a workbook.

    Raises:
        ListError: it is neither, or too long.
    """
    if data.startswith(OLD_BEGINNING):
        raise ListError(ListProblem.OLD_WORKBOOK)
    return _sheet_text(data) if data.startswith(BEGINNING) else text_of(data)


def _sheet_text(data: bytes) -> str:
    """Write the first sheet as CSV, a line for each of its lines."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    try:
        _judge_size(data)
        # Formulas are what they came to when the workbook was saved. That XML names no entities is
        # seen to by defusedxml, which the library uses where it is installed.
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = next(sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
        lines = sheet.iter_rows(max_row=MAX_LINES + 1, max_col=MAX_COLUMNS)
        for number, line in enumerate(lines, start=1):
            if number > MAX_LINES or text.tell() > MAX_FILE_BYTES:
                raise ListError(ListProblem.TOO_LONG)
            cells = [_cell_text(cell) for cell in line]
            while cells and not cells[-1]:
                cells.pop()
            writer.writerow(cells)
    except ListError:
        raise
    except (*DAMAGED, StopIteration) as error:
        raise ListError(ListProblem.NO_WORKBOOK) from error
    return text.getvalue()


def _judge_size(data: bytes) -> None:
    """Refuse what would be much larger than it looks; no part is read beyond the size it states."""
    with ZipFile(BytesIO(data)) as parts:
        sizes = [part.file_size for part in parts.infolist()]
    if len(sizes) > MAX_PARTS or sum(sizes) > MAX_BYTES:
        raise ListError(ListProblem.TOO_LONG)


def _cell_text(cell: object) -> str:
    """Return what a cell shows, on one line; a number keeps the zeros that its format puts before it."""
    value = getattr(cell, "value", None)
    if value is None:
        return ""
    if isinstance(value, datetime) and datetime.combine(value, time.min) == value:
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    shown = " ".join(str(value).split())
    zeros = str(getattr(cell, "number_format", ""))
    return shown.zfill(len(zeros)) if set(zeros) == {"0"} else shown
