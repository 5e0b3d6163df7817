"""When the number of opened cases is unusual: more than a limit, or much more than usual."""

from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.unusual_looks import (
    FEW,
    KNOWN_DAYS,
    LookCounts,
    LookLimits,
    Unusual,
    usual_of,
    what_is_unusual,
)

LIMITS = LookLimits(hour=60, day=200, times_usual=3, outside=20)
NUMBERS = st.integers(0, 1_000)


def unusual(
    hour: int = 0, day: int = 0, outside: int = 0, usual: int | None = None
) -> tuple[Unusual, ...]:
    return what_is_unusual(LookCounts(hour, day, outside), LIMITS, usual=usual)


def test_a_limit__is_passed_by_one_more() -> None:
    assert unusual(hour=60, day=200, outside=20, usual=70) == ()
    assert unusual(hour=61) == (Unusual.HOUR,)
    assert unusual(day=201) == (Unusual.DAY,)
    assert unusual(outside=21) == (Unusual.OUTSIDE,)
    assert unusual(day=FEW + 1, usual=10) == (Unusual.USUAL,)
    assert unusual(day=FEW, usual=1) == (), "few are never unusual by the usual alone"
    assert unusual(day=FEW + 1) == (), "nobody knows what is usual"


@given(NUMBERS, NUMBERS, NUMBERS, st.none() | NUMBERS)
def test_without_limits__nothing_is_unusual(
    hour: int, day: int, outside: int, usual: int | None
) -> None:
    none = LookLimits(0, 0, 0, 0)
    assert what_is_unusual(LookCounts(hour, day, outside), none, usual=usual) == ()


@given(NUMBERS, NUMBERS, NUMBERS, st.none() | NUMBERS)
def test_more_looks__are_never_less_unusual(
    hour: int, day: int, outside: int, usual: int | None
) -> None:
    fewer = set(unusual(hour, day, outside, usual))
    assert fewer <= set(unusual(hour + 1, day + 1, outside + 1, usual))


@given(st.lists(st.integers(1, 500), max_size=40))
def test_the_usual__lies_between_the_days_and_needs_some(days: list[int]) -> None:
    usual = usual_of(days)
    if len(days) < KNOWN_DAYS:
        assert usual is None
    else:
        assert usual is not None
        assert min(days) <= usual <= max(days)
