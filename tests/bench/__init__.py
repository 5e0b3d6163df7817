"""Figures that must not grow: each module here has a function `figures()`.

A figure is a count (queries, kilobytes) or a ratio within one run (large against small), and seconds only
where there is nothing to compare with: they tell more about the machine than about the code. A limit is
a goal: one that is not met stays over, and docs/performance.md says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True)
class Figure:
    """What was measured and how much is allowed."""

    name: str
    value: float
    limit: float

    @property
    def ok(self) -> bool:
        return self.value <= self.limit


def fastest(act: Callable[[], object], *, rounds: int = 7) -> float:
    """The shortest of several rounds in seconds, for one side of a ratio; the others were disturbed."""

    def once() -> float:
        start = perf_counter()
        act()
        return perf_counter() - start

    return min(once() for _ in range(rounds))
