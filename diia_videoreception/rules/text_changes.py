"""What was changed between two texts, line by line and side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MAX_LINES = 300
"""Of texts with more lines only what is the same at both ends is told from the rest: looking costs more with each."""


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line of the earlier text beside that of the later one; None where one of them has none."""

    earlier: str | None
    later: str | None

    @property
    def is_same(self) -> bool:
        return self.earlier == self.later


def changes_between(earlier: str, later: str) -> list[ChangedLine]:
    """Return the lines of both texts side by side; lines that are alike stand in one row."""
    before, after = earlier.split("\n"), later.split("\n")
    first = _common(before, after)
    last = _common(before[first:][::-1], after[first:][::-1])
    head, tail = before[:first], before[len(before) - last :]
    middle = _side_by_side(before[first : len(before) - last], after[first : len(after) - last])
    same = [ChangedLine(line, line) for line in head]
    return [*same, *middle, *(ChangedLine(line, line) for line in tail)]


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    """Return how many lines are the same at the beginning."""
    pairs = zip(before, after, strict=False)
    return next(
        (n for n, (one, other) in enumerate(pairs) if one != other), min(len(before), len(after))
    )


def _side_by_side(before: Sequence[str], after: Sequence[str]) -> Iterator[ChangedLine]:
    if max(len(before), len(after)) > MAX_LINES:
        yield from _in_rows(before, after)
        return
    for _tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        yield from _in_rows(before[i:j], after[k:m])


def _in_rows(before: Sequence[str], after: Sequence[str]) -> Iterator[ChangedLine]:
    for number in range(max(len(before), len(after))):
        yield ChangedLine(
            before[number] if number < len(before) else None,
            after[number] if number < len(after) else None,
        )
