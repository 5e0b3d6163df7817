"""Limits on holds: one more after an unused one, then a cool-down; six a day (A-33 to A-35)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.limits import (
    HoldLimits,
    HoldOutcome,
    PastHold,
    ReachedLimit,
    RefusalCode,
    can_reserve_again,
    check_hold_allowed,
    check_open_allowed,
    cool_down_until,
    history_since,
)

LIMITS = HoldLimits()
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TIME = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
OTHER_TIME = TIME + timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def use(
    began: int,
    outcome: HoldOutcome = HoldOutcome.LIVE,
    *,
    official: int = 1,
    start: datetime = TIME,
    lasted: int = 15,
) -> PastHold:
    """A hold that began `began` minutes after noon."""
    created = NOON + began * MINUTE
    return PastHold(official, start, created, created + lasted * MINUTE, outcome)


def ask(
    *history: PastHold,
    at: int,
    official: int = 1,
    start: datetime = TIME,
    limits: HoldLimits = LIMITS,
) -> ReachedLimit | None:
    return check_hold_allowed(
        history, official_id=official, start=start, now=NOON + at * MINUTE, limits=limits
    )


def test_defaults__are_the_decided_ones() -> None:
    assert (LIMITS.hold, LIMITS.cool_down) == (15 * MINUTE, 30 * MINUTE)
    assert (LIMITS.per_day, LIMITS.open_per_official, LIMITS.open_total) == (6, 2, 5)


def test_cool_down__first_hold_and_one_more_are_free() -> None:
    assert ask(at=0) is None
    assert ask(use(0), at=15) is None
    assert ask(use(0), at=15, start=OTHER_TIME) is None


def test_cool_down__second_unused_hold_starts_it() -> None:
    twice = (use(0), use(16))
    refusal = ReachedLimit(RefusalCode.HOLD_COOL_DOWN, NOON + 61 * MINUTE)
    assert ask(*twice, at=31) == refusal
    assert ask(*twice, at=60, start=OTHER_TIME) == refusal
    assert ask(*twice, at=61) is None


def test_cool_down__history_may_come_in_any_order() -> None:
    assert ask(use(16), use(0), at=31) == ask(use(0), use(16), at=31) is not None
    assert ask(use(30, HoldOutcome.USED), use(15), use(0), at=45) is None


def test_cool_down__is_with_that_official_only() -> None:
    twice = (use(0), use(16))
    assert ask(*twice, at=31, official=2) is None
    assert ask(use(0), use(16, official=2), at=31) is None


def test_cool_down__live_hold_past_its_deadline_counts_without_any_job() -> None:
    history = (use(0), use(16, HoldOutcome.LIVE))
    assert ask(*history, at=30) is None
    assert ask(*history, at=31) is not None


def test_cool_down__an_application_clears_it() -> None:
    assert ask(use(0), use(15, HoldOutcome.USED), use(20), at=35) is None


def test_cool_down__begins_afresh_after_it_has_passed() -> None:
    assert ask(use(0), use(15), use(60), at=75) is None
    assert ask(use(0), use(15), use(60), use(75), at=90) == ReachedLimit(
        RefusalCode.HOLD_COOL_DOWN, NOON + 120 * MINUTE
    )


def test_cool_down__yesterdays_expiry_is_forgotten() -> None:
    assert ask(use(-600), use(0), at=15) is None


def test_cool_down__releasing_frees_other_times_but_does_not_prolong_the_same() -> None:
    released = (use(0, HoldOutcome.RELEASED, lasted=14), use(14, HoldOutcome.RELEASED, lasted=14))
    assert ask(*released, at=28, start=OTHER_TIME) is None
    assert ask(*released, at=28) == ReachedLimit(RefusalCode.HOLD_COOL_DOWN, NOON + 58 * MINUTE)


def test_cool_down_until__is_the_moment_for_the_text() -> None:
    now = NOON + 40 * MINUTE
    twice = [use(0), use(16)]
    until = cool_down_until(twice, official_id=1, start=TIME, now=now, limits=LIMITS)
    assert until == NOON + 61 * MINUTE
    assert cool_down_until([], official_id=1, start=TIME, now=now, limits=LIMITS) is None


def test_per_day__seventh_hold_waits_for_the_first_to_be_a_day_old() -> None:
    six = [use(100 * number, HoldOutcome.RELEASED, official=number) for number in range(6)]
    assert ask(*six[1:], at=600, official=9) is None
    assert ask(*six, at=600, official=9) == ReachedLimit(
        RefusalCode.HOLD_LIMIT_REACHED, NOON + timedelta(hours=24)
    )
    assert ask(*six, at=24 * 60 - 1, official=9) is not None
    assert ask(*six, at=24 * 60, official=9) is None


def test_per_day__used_holds_count_too() -> None:
    six = [use(100 * number, HoldOutcome.USED, official=number) for number in range(6)]
    assert ask(*six, at=600, official=9) is not None


def test_refusal__names_the_limit_that_ends_last() -> None:
    early = [use(-24 * 60 + 5 + number, HoldOutcome.RELEASED, official=2) for number in range(4)]
    refusal = ask(*early, use(-40), use(-20), at=0)
    # The day's first hold is forgotten in 5 minutes, the cool-down lasts 25.
    assert refusal == ReachedLimit(RefusalCode.HOLD_COOL_DOWN, NOON + 25 * MINUTE)


def test_can_reserve_again__once_and_only_the_expired_time() -> None:
    def offered(*history: PastHold, at: int, start: datetime = TIME) -> bool:
        return can_reserve_again(
            history, official_id=1, start=start, now=NOON + at * MINUTE, limits=LIMITS
        )

    assert offered(use(0), at=15)
    assert offered(use(0, HoldOutcome.LIVE), at=15)
    assert not offered(use(0, HoldOutcome.LIVE), at=14)
    assert not offered(use(0), at=15, start=OTHER_TIME)
    assert not offered(use(0), use(15), at=30)


def test_history_since__reaches_over_a_cool_down_longer_than_a_day() -> None:
    long = HoldLimits(cool_down=timedelta(hours=48))
    refusal = ask(use(0), use(47 * 60), at=90 * 60, limits=long)
    assert refusal == ReachedLimit(
        RefusalCode.HOLD_COOL_DOWN, NOON + timedelta(hours=95, minutes=15)
    )
    assert history_since(NOON + 90 * 60 * MINUTE, long) <= NOON
    assert history_since(NOON, LIMITS) == NOON - timedelta(hours=24)


@pytest.mark.parametrize(
    ("open_official_ids", "code"),
    [
        ([], None),
        ([1], None),
        ([1, 1], RefusalCode.OPEN_LIMIT_OFFICIAL),
        ([2, 2, 3, 1], None),
        ([2, 2, 3, 3, 4], RefusalCode.OPEN_LIMIT_TOTAL),
        ([1, 1, 3, 3, 4], RefusalCode.OPEN_LIMIT_TOTAL),
    ],
)
def test_check_open_allowed__two_per_official_five_in_all(
    open_official_ids: list[int], code: RefusalCode | None
) -> None:
    refusal = check_open_allowed(open_official_ids, official_id=1, limits=LIMITS)
    assert refusal == (ReachedLimit(code) if code else None)


@given(
    wishes=st.lists(
        st.tuples(
            st.integers(1, 200),
            st.integers(1, 2),
            st.sampled_from([TIME, OTHER_TIME]),
            st.sampled_from([HoldOutcome.LIVE, HoldOutcome.RELEASED, HoldOutcome.USED]),
        ),
        max_size=40,
    )
)
def test_whoever_asks_on_and_on__keeps_the_limits(
    wishes: list[tuple[int, int, datetime, HoldOutcome]],
) -> None:
    history: list[PastHold] = []
    now = NOON
    for wait, official, start, outcome in wishes:
        now += wait * MINUTE
        asked = {"official_id": official, "start": start, "limits": LIMITS}
        refusal = check_hold_allowed(history, now=now, **asked)  # type: ignore[arg-type]
        recent = [one for one in history if one.created_at >= history_since(now, LIMITS)]
        assert refusal == check_hold_allowed(recent, now=now, **asked)  # type: ignore[arg-type]
        if refusal is not None:
            assert refusal.until is not None
            assert refusal.until > now
            # Whoever comes back at the moment named gets the hold.
            again = check_hold_allowed(history, now=refusal.until, **asked)  # type: ignore[arg-type]
            assert again is None
            continue
        history.append(PastHold(official, start, now, now + LIMITS.hold, outcome))
        now += LIMITS.hold
    for one in history:
        day = [
            two
            for two in history
            if timedelta(0) <= two.created_at - one.created_at < 24 * 60 * MINUTE
        ]
        assert len(day) <= LIMITS.per_day
    for official in (1, 2):
        mine = [one for one in history if one.official_id == official]
        for first, second, third in zip(mine, mine[1:], mine[2:], strict=False):
            if {first.outcome, second.outcome} == {HoldOutcome.LIVE}:
                gaps = (second.created_at - first.expires_at, third.created_at - second.expires_at)
                assert max(gaps) >= LIMITS.cool_down


def moved(began: int, outcome: HoldOutcome, *, since: datetime, ended: int) -> PastHold:
    """A hold on TIME that was moved to another time and given back."""
    return replace(
        use(began, outcome, start=since, lasted=ended), moved_from=frozenset({(1, TIME)})
    )


def test_cool_down__remembers_every_time_a_hold_was_on() -> None:
    history = [
        moved(0, HoldOutcome.RELEASED, since=OTHER_TIME, ended=14),
        moved(14, HoldOutcome.RELEASED, since=OTHER_TIME, ended=14),
    ]

    assert ask(*history, at=28) == ReachedLimit(RefusalCode.HOLD_COOL_DOWN, NOON + 58 * MINUTE)
    assert ask(*history, at=28, start=TIME + timedelta(hours=5)) is None


def test_cool_down__is_not_passed_by_way_of_another_official() -> None:
    history = [
        replace(moved(began, HoldOutcome.RELEASED, since=OTHER_TIME, ended=14), official_id=2)
        for began in (0, 14)
    ]

    assert ask(*history, at=28) is not None
