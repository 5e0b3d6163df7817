"""How the time of a reader grows with its input: the worst one that is twice as long, compared."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import thread_time
from typing import TypeVar

Input = TypeVar("Input")

LIMIT = 3.0
"""Twice the input must cost less than this; what grows with the square costs four times as much."""

_NOTHING = 1e-4
"""Seconds below which a bound has cut the input off, and only noise would be compared."""

_ROUNDS = 3
_TRIES = 8


def growth(read: Callable[[Input], object], make: Callable[[int], Input], size: int) -> float:
    """Measure what doubling the input costs: the root of time(2 * size) / time(size / 2).

    Two doublings are compared, as one alone is lost in what caches and neighbours do to the clock.
    Processor time of this thread is counted.

    Args:
        read: What is measured; a refusal by an exception counts as an answer.
        make: Makes an input of a size, in whatever the size is counted.
        size: Large enough for a millisecond, small enough that no bound of the reader cuts it off.
    """
    small, large = make(size // 2), make(2 * size)
    short = long = float("inf")
    with _no_collection():
        for _ in range(_TRIES):
            # Taken in turns, so that a busy machine slows both; the best of all rounds count.
            for _ in range(_ROUNDS):
                short = min(short, _seconds(read, small))
                long = min(long, _seconds(read, large))
            if long < _NOTHING:
                return 1.0
            if long / short < LIMIT**2:
                break
    return float((long / short) ** 0.5)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keeps the collector away: what it costs grows with all objects of the process."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _seconds(read: Callable[[Input], object], value: Input) -> float:
    begun = thread_time()
    with suppress(Exception):
        read(value)
    return thread_time() - begun
