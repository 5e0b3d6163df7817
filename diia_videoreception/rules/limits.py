"""How often one citizen may hold times, and how many applications may be open (A-33 to A-35).

The numbers in force stand in `conf.py`. Pure functions over the citizen's history. A move to another time keeps the deadline of the hold;
the time left behind counts as held when it is asked for again: else a move and a release would
prolong a hold without end.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DAY = timedelta(hours=24)
UNUSED_BEFORE_COOL_DOWN = 2


class HoldOutcome(StrEnum):
    """How a hold ended; a live one whose deadline has passed counts as expired."""

    LIVE = "live"
    RELEASED = "released"
    USED = "used"


class RefusalCode(StrEnum):
    """The limit that is reached, as the API names it."""

    HOLD_LIMIT_REACHED = "hold_limit_reached"
    HOLD_COOL_DOWN = "hold_cool_down"
    OPEN_LIMIT_OFFICIAL = "open_limit_official"
    OPEN_LIMIT_TOTAL = "open_limit_total"


@dataclass(frozen=True, slots=True)
class HoldLimits:
    """The limits of one citizen.

    Attributes:
        hold: How long a hold lasts.
        per_day: Holds begun in any 24 hours.
        cool_down: Wait after two unused holds with one official.
        open_per_official: Open applications to one official.
        open_total: Open applications in all.
    """

    hold: timedelta = timedelta(minutes=15)
    per_day: int = 6
    cool_down: timedelta = timedelta(minutes=30)
    open_per_official: int = 2
    open_total: int = 5


@dataclass(frozen=True, slots=True)
class PastHold:
    """One hold of the citizen's past.

    Attributes:
        official_id: The official whose time it was.
        start: The time that was held.
        created_at: When the hold began.
        expires_at: Its deadline; of a released one the moment of release, if that is known.
        outcome: How it ended, one of `HoldOutcome`.
        moved_from: Official and start of each time it was on before.
    """

    official_id: int
    start: datetime
    created_at: datetime
    expires_at: datetime
    outcome: HoldOutcome
    moved_from: frozenset[tuple[int, datetime]] = frozenset()


@dataclass(frozen=True, slots=True)
class ReachedLimit:
    """A limit that is reached; `until` is when it ends, None when only an act can end it."""

    code: RefusalCode
    until: datetime | None = None


def history_since(now: datetime, limits: HoldLimits) -> datetime:
    """Return the moment before which a hold that began changes no answer of this module."""
    return now - max(DAY, UNUSED_BEFORE_COOL_DOWN * (limits.hold + limits.cool_down))


def check_hold_allowed(
    history: Iterable[PastHold],
    *,
    official_id: int,
    start: datetime,
    now: datetime,
    limits: HoldLimits,
) -> ReachedLimit | None:
    """Name the limit that forbids a new hold, the one that ends last, or None (A-33).

    After an unused hold one more with that official is allowed at once; when that one expires
    too, the next is allowed a cool-down later. Whoever releases a time in time may choose
    another, but taking the same time again counts as unused: it would prolong the hold.

    Args:
        history: The citizen's holds with every official, begun since `history_since` at least.
        official_id: The official to be held.
        start: The time to be held.
        now: The moment of the act.
        limits: The limits in force.
    """
    uses = list(history)
    refusals: list[tuple[datetime, RefusalCode]] = []
    free_again = _day_limit_until(uses, now=now, limits=limits)
    if free_again is not None:
        refusals.append((free_again, RefusalCode.HOLD_LIMIT_REACHED))
    cool = cool_down_until(uses, official_id=official_id, start=start, now=now, limits=limits)
    if cool is not None:
        refusals.append((cool, RefusalCode.HOLD_COOL_DOWN))
    if not refusals:
        return None
    until, code = max(refusals)
    return ReachedLimit(code, until)


def cool_down_until(
    history: Iterable[PastHold],
    *,
    official_id: int,
    start: datetime,
    now: datetime,
    limits: HoldLimits,
) -> datetime | None:
    """Return the moment from which this time of the official may be held again, None when it may be now.

    An application, or a cool-down that has passed, clears what was before.
    """
    unused = 0
    ended: datetime | None = None
    wanted = (official_id, start)
    concerned = (
        use for use in history if use.official_id == official_id or wanted in use.moved_from
    )
    for use in sorted(concerned, key=lambda use: use.created_at):
        if ended is not None and use.created_at >= ended + limits.cool_down:
            unused = 0
        if use.outcome == HoldOutcome.USED and use.official_id == official_id:
            unused = 0
        elif _is_unused(use, wanted, now=now):
            unused += 1
            ended = use.expires_at if ended is None else max(ended, use.expires_at)
    if ended is None or unused < UNUSED_BEFORE_COOL_DOWN:
        return None
    until = ended + limits.cool_down
    return until if now < until else None


def can_reserve_again(
    history: Iterable[PastHold],
    *,
    official_id: int,
    start: datetime,
    now: datetime,
    limits: HoldLimits,
) -> bool:
    """Return whether the expired hold on this time may be offered again in one click.

    Whether the time is still free is for the slots to say.
    """
    uses = list(history)
    expired_here = any(
        use.official_id == official_id and use.start == start and _is_expired(use, now)
        for use in uses
    )
    return expired_here and (
        check_hold_allowed(uses, official_id=official_id, start=start, now=now, limits=limits)
        is None
    )


def check_open_allowed(
    open_official_ids: Collection[int], *, official_id: int, limits: HoldLimits
) -> ReachedLimit | None:
    """Name the limit on open applications that forbids one more to the official, or None.

    To be asked before a hold, before a move to another official and on submission.

    Args:
        open_official_ids: The official of each open application of the citizen, as often as
            there are applications.
        official_id: The official of the next one.
        limits: The limits in force.
    """
    if len(open_official_ids) >= limits.open_total:
        return ReachedLimit(RefusalCode.OPEN_LIMIT_TOTAL)
    if sum(one == official_id for one in open_official_ids) >= limits.open_per_official:
        return ReachedLimit(RefusalCode.OPEN_LIMIT_OFFICIAL)
    return None


def _day_limit_until(
    uses: Iterable[PastHold], *, now: datetime, limits: HoldLimits
) -> datetime | None:
    recent = sorted(use.created_at for use in uses if use.created_at > now - DAY)
    if len(recent) < limits.per_day:
        return None
    return recent[len(recent) - limits.per_day] + DAY


def _is_expired(use: PastHold, now: datetime) -> bool:
    return use.outcome == HoldOutcome.LIVE and use.expires_at <= now


def _is_unused(use: PastHold, wanted: tuple[int, datetime], *, now: datetime) -> bool:
    """Return whether the hold kept the wanted time, or this official, from others for nothing."""
    is_over = _is_expired(use, now) or use.outcome == HoldOutcome.RELEASED
    if wanted in use.moved_from and (is_over or use.outcome == HoldOutcome.USED):
        return True
    if use.official_id != wanted[0]:
        return False
    return _is_expired(use, now) or (use.outcome == HoldOutcome.RELEASED and use.start == wanted[1])
