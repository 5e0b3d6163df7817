"""Rates as settings write them: so many times in so much time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

_RATE = re.compile(r"([1-9]\d{0,6})/(s|sec|second|m|min|minute|h|hour|d|day)", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@dataclass(frozen=True, slots=True)
class Rate:
    """So many times in so many seconds."""

    limit: int
    seconds: int


@lru_cache
def read_rate(text: str) -> Rate:
    """Read "30/min"; the units are s, min, h and day.

    Raises:
        ValueError: it is no rate.
    """
    found = _RATE.fullmatch(text)
    if found is None:
        raise ValueError(f"no rate like 30/min: {text!r}")
    return Rate(int(found[1]), _SECONDS[found[2][0]])


def rate_of(scope: str, *, given: Mapping[str, str], known: Mapping[str, str]) -> Rate:
    """Return the rate that a portal has set for the scope, or the known one where that is unusable."""
    try:
        return read_rate(given.get(scope, known[scope]))
    except ValueError:
        return read_rate(known[scope])


def problems_of_rates(
    name: str, *, given: Mapping[str, str], known: Mapping[str, str]
) -> list[str]:
    """Return what is wrong with rates that a portal has set, in words that begin with `name`."""
    problems = []
    for scope, text in given.items():
        if scope not in known:
            problems.append(f"{name} has an unknown scope {scope!r}.")
        elif _RATE.fullmatch(text) is None:
            problems.append(f"{name}[{scope!r}] must look like '30/min'.")
    return problems
