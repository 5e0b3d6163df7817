"""Where the bars and columns of a chart lie, in units of its picture; templates draw them.

The same numbers stand in a table beside each chart, so that a chart says nothing of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 396
LABEL, BAR, GAP = 22, 16, 12
"""A label has a line of its own above its bar: beside it a phone has no room for a name."""
MAX_LABEL = 44
MAX_BARS = 12
LEFT, RIGHT, TOP, BOTTOM = 34, 455, 20, 200
MAX_LABELLED = 7
"""Columns of which each has a label; of more every second one has."""
NICE = (1, 2, 2.5, 4, 5, 10)
LINES = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: its words, the length of its bar and the number at its end."""

    label: str
    value: str
    width: str
    y: int
    label_y: int
    value_y: int
    value_x: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Rows below each other."""

    rows: Sequence[Bar]

    @property
    def height(self) -> int:
        return len(self.rows) * (LABEL + BAR + GAP)


def bars(rows: Sequence[tuple[str, float, str]], *, full: float | None = None) -> Bars | None:
    """Lay out rows of a label, a number and the number in words; None where there is nothing to see.

    Args:
        full: The number of the longest bar that there can be; of the rows unless it is given.
    """
    shown = rows[:MAX_BARS]
    highest = max((value for _label, value, _words in shown), default=0)
    if highest <= 0:
        return None
    longest = full or highest
    laid = []
    for number, (label, value, words) in enumerate(shown):
        width = LONGEST * min(max(value, 0), longest) / longest
        top = number * (LABEL + BAR + GAP)
        y = top + LABEL
        laid.append(Bar(_short(label), words, f"{width:.1f}", y, y - 6, y + 13, f"{width + 6:.1f}"))
    return Bars(laid)


def _short(label: str) -> str:
    """Cut a label to the width of the picture; the table has it in full."""
    return label if len(label) <= MAX_LABEL else f"{label[: MAX_LABEL - 1].rstrip()}…"


@dataclass(frozen=True, slots=True)
class ColumnPart:
    """One part of a column: which series it is of, and where it lies."""

    series: int
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Stack:
    """One column of parts upon each other, with their sum on top."""

    label: str
    total: str
    x: str
    middle: str
    width: str
    total_y: str
    parts: Sequence[ColumnPart]


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns beside each other over an axis with lines."""

    stacks: Sequence[Stack]
    lines: Sequence[tuple[str, str, str]]
    """Of each line where it is, where its number is, and the number."""
    legend: Sequence[tuple[int, str, int]]
    """Of each series its number, its words and where it begins."""


def columns(rows: Sequence[tuple[str, Sequence[int]]], series: Sequence[str]) -> Columns | None:
    """Lay out columns of the same series; None where all are empty."""
    highest = max((sum(values) for _label, values in rows), default=0)
    if highest <= 0:
        return None
    top = LINES * _step(highest)
    room = (RIGHT - LEFT) / len(rows)
    width = min(56.0, room * 0.6)
    stacks = []
    for number, (label, values) in enumerate(rows):
        middle, y, parts = LEFT + room * (number + 0.5), float(BOTTOM), []
        for name, value in enumerate(values):
            height = (BOTTOM - TOP) * value / top
            y -= height
            if value:
                parts.append(ColumnPart(name, f"{y:.1f}", f"{height:.1f}"))
        labelled = len(rows) <= MAX_LABELLED or number % 2 == 0
        stacks.append(
            Stack(
                label if labelled else "",
                str(sum(values) or ""),
                f"{middle - width / 2:.1f}",
                f"{middle:.1f}",
                f"{width:.1f}",
                f"{y - 6:.1f}",
                parts,
            )
        )
    lines = [
        (f"{y:.1f}", f"{y + 4:.1f}", f"{top * line / LINES:g}")
        for line in range(LINES + 1)
        for y in [BOTTOM - (BOTTOM - TOP) * line / LINES]
    ]
    return Columns(stacks, lines, [(n, name, 34 + n * 140) for n, name in enumerate(series)])


def _step(highest: int) -> float:
    """Return the distance of the lines: a whole, round number, so that the highest column has room."""
    wanted, power = highest / LINES, 1
    while True:
        for nice in NICE:
            step = nice * power
            if step >= wanted and step == int(step):
                return step
        power *= 10
