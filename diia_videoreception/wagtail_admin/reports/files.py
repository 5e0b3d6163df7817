"""Tables as files: CSV for any program, XLSX with a sheet for each table; no cell is a formula."""

import csv
import io
from collections.abc import Sequence
from typing import NamedTuple

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]

from diia_videoreception.rules.exports import safe_text
from diia_videoreception.wagtail_admin.reports.figures import Cell

MAX_TITLE = 31
"""Of a sheet, in signs."""
_NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


class SavedTable(NamedTuple):
    """Its title, the heads of its columns, its rows."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def as_csv(tables: Sequence[SavedTable]) -> bytes:
    """Write tables below each other, as spreadsheets in Ukraine read CSV: by semicolons, with a mark of UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for number, table in enumerate(tables):
        if number:
            writer.writerow([])
        if len(tables) > 1:
            writer.writerow([safe_text(table.title)])
        writer.writerow([safe_text(head) for head in table.heads])
        for row in table.rows:
            writer.writerow([_csv_cell(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        # With a comma, or a spreadsheet takes it for a date.
        return str(cell).replace(".", ",")
    return safe_text(cell) if isinstance(cell, str) else str(cell)


def as_xlsx(tables: Sequence[SavedTable]) -> bytes:
    """Write a sheet for each table; texts are texts by their type, too."""
    book = Workbook(write_only=True)
    for number, table in enumerate(tables, start=1):
        title = f"{number}. {table.title}".translate(_NOT_IN_TITLES)[:MAX_TITLE].strip()
        sheet = book.create_sheet(title)
        for row in (table.heads, *table.rows):
            sheet.append([_xlsx_cell(sheet, cell) for cell in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _xlsx_cell(sheet: object, cell: Cell) -> object:
    if not isinstance(cell, str):
        return cell
    made = WriteOnlyCell(sheet, value=safe_text(cell))
    made.data_type = "s"
    return made
