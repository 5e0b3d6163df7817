"""How the time of a reader grows with its input: the worst one that is twice as long, compared."""

from collections.abc import Callable
from contextlib import suppress
from time import thread_time
from typing import TypeVar

Input = TypeVar("Input")

LIMIT = 3.0
"""Twice the input must cost less than this; what grows with the square costs four times as much."""

_NOTHING = 1e-4
"""Seconds below which a bound has cut the input off, and only noise would be compared."""

_ROUNDS = 3
_TRIES = 4


def growth(read: Callable[[Input], object], make: Callable[[int], Input], size: int) -> float:
    """Gives time(2 * size) / time(size), in processor time of this thread.

    Args:
        read: What is measured; a refusal by an exception counts as an answer.
        make: Makes an input of a size, in whatever the size is counted.
        size: Large enough for a millisecond, small enough that no bound of the reader cuts it off.
    """
    small, large = make(size), make(2 * size)
    ratio = float("inf")
    for _ in range(_TRIES):
        # Taken in turns, so that a busy machine slows both.
        times = [(_seconds(read, small), _seconds(read, large)) for _ in range(_ROUNDS)]
        once, twice = min(pair[0] for pair in times), min(pair[1] for pair in times)
        if twice < _NOTHING:
            return 1.0
        ratio = min(ratio, twice / once)
        if ratio < LIMIT:
            break
    return ratio


def _seconds(read: Callable[[Input], object], value: Input) -> float:
    begun = thread_time()
    with suppress(Exception):
        read(value)
    return thread_time() - begun
