"""Holding a time while the application is written (A-33 to A-35)."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from diia_videoreception import errors
from diia_videoreception.conf import app_settings
from diia_videoreception.models import (
    Agency,
    CentreWorkplace,
    Citizen,
    HoldUse,
    Occupancy,
    Official,
    SpentProof,
)
from diia_videoreception.rules import limits
from diia_videoreception.rules.slots import Interval
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking import availability
from diia_videoreception.selectors.booking.holds import live_hold
from diia_videoreception.selectors.booking.no_shows import pause_of
from diia_videoreception.selectors.booking.standing import (
    Consent,
    Standing,
    history_of,
    standing_of,
)
from diia_videoreception.selectors.booking.stored_times import StoredTimes, terms_of
from diia_videoreception.services.booking import occupancy, serving
from diia_videoreception.services.booking.occupancy import OfficialTime, Resource, SeatTime
from diia_videoreception.services.booking.seating import chosen_seat, require_seat
from diia_videoreception.services.proofs_of_work import spent_on
from diia_videoreception.services.transactions import (
    lock_citizen,
    lock_staying_citizen,
    locking_act,
)
from diia_videoreception.wording import clock_and_zone, long_moment_and_zone, short_moment_and_zone

_REFUSALS: dict[str, type[errors.LimitReached]] = {
    error.code: error
    for error in (
        errors.HoldLimitReached,
        errors.HoldCoolDown,
        errors.OpenLimitOfficial,
        errors.OpenLimitTotal,
    )
}


@dataclass(frozen=True, slots=True)
class ShownTime:
    """The held time as a person or a program saw it before acting on it."""

    official_id: int
    start: datetime


def reserve(
    *,
    actor: SignedIn,
    official_id: int,
    start: datetime,
    captcha: str,
    now: datetime,
    may_move: bool = True,
    shown: ShownTime | None = None,
    seat_id: uuid.UUID | None = None,
) -> Occupancy:
    """Hold the slot that begins at `start` for 15 minutes, or move the citizen's hold there.

    Official and seat are had together or not at all. A moved hold keeps its deadline. Asking again for the time one holds gives that hold. The proof
    is spent before the act begins, unless a hold is there already.

    Args:
        captcha: proof that no robot asks; wanted for a new hold, not for moving one, nor of a centre that helps.
        may_move: Whether a hold on another time moves here.
        shown: the time that moves, as the citizen saw it; without it, whatever is held.
        seat_id: the seat of a centre from which the citizen will speak; without it, none.

    Raises:
        SlotTaken: anything else occupies the time of the official, or that of the seat.
        SeatUnavailable, SeatClosed: there is no such seat now, or it has other hours.
        OwnTimeTaken: another official receives the citizen at this time.
        HoldExists: the citizen holds another time, which may not move.
        HoldMoved: the citizen holds another time than the `shown` one.
        HoldExpired: the hold to be moved ended meanwhile.
        OutsideSchedule, TooEarly, TooLate: the schedule does not offer it.
        AgencyNotConnected, OfficialUnavailable, LevelTooLow, ConsentRequired, ServicePaused:
            this person cannot book this official now.
        LimitReached: one of the limits on open applications and on holds.
        CaptchaFailed: the proof is missing, false, old or used.
        ActInProgress: this very time is being held with this proof.
        ErasureAsked: the person has asked that their data be erased.
        Busy: too many people want this official at once.
    """
    availability.require_conceivable(start)
    citizen = actor.citizen
    stored = availability.around(official_id, start, now=now, holder=citizen)
    if stored is None:
        raise errors.NotFound
    seat = chosen_seat(seat_id)
    wanted = _Wanted(official_id, start, stored, may_move, shown, seat)
    if stored.held is not None:
        if not may_move and stored.held != wanted.time:
            raise errors.HoldExists
        return _reserve(actor, wanted, is_new=False, now=now)
    if actor.is_helped:
        return _reserve(actor, wanted, is_new=True, now=now)
    target = f"{official_id} {start.astimezone(UTC).isoformat()}"
    with spent_on(SpentProof.Act.RESERVE, target, citizen=citizen, payload=captcha, now=now):
        if any(busy.time.start <= start < busy.time.end for busy in stored.busy):
            # The commonest refusal under a rush: who loses does not even stand in the queue.
            raise errors.SlotTaken
        return _reserve(actor, wanted, is_new=True, now=now)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What `reserve` was asked for, and what was read of it before."""

    official_id: int
    start: datetime
    stored: StoredTimes
    may_move: bool
    shown: ShownTime | None
    seat: CentreWorkplace | None

    @property
    def time(self) -> tuple[int, datetime]:
        return self.official_id, self.start

    @property
    def seat_key(self) -> int | None:
        return self.seat.pk if self.seat is not None else None


@dataclass(frozen=True, slots=True)
class _Claimed:
    """What a hold is to have, locked."""

    official: OfficialTime
    seat: SeatTime | None

    @property
    def resources(self) -> list[Resource]:
        return [self.official] if self.seat is None else [self.official, self.seat]

    @property
    def row(self) -> dict[str, Any]:
        """What the row of `Occupancy` says of it."""
        return {
            "official": self.official.official,
            "seat": self.seat.seat if self.seat is not None else None,
        }


@locking_act
def _reserve(actor: SignedIn, wanted: _Wanted, *, is_new: bool, now: datetime) -> Occupancy:
    """Make or move the hold; what could be taken since is looked at again under the locks.

    Rules, exceptions and holidays stay as they were read: no lock holds them, whoever reads them when.
    """
    citizen, start = actor.citizen, wanted.start
    lock_staying_citizen(citizen)
    seat = SeatTime(wanted.seat_key) if wanted.seat_key is not None else None
    claimed = _Claimed(OfficialTime(wanted.official_id), seat)
    occupancy.lock_all(claimed.resources)
    official = claimed.official.official
    slot = Interval(start, start + timedelta(minutes=official.slot_minutes))
    had = occupancy.had_at(claimed.resources, slot)
    standing = standing_of(citizen, had=had, now=now)
    if occupancy.drop_expired(standing.taken, now=now):
        standing = standing_of(citizen, had=had, now=now)
    is_holding = any(row.is_hold_of(citizen) for row in standing.taken)
    own = live_hold(citizen, now=now) if is_holding else None
    if own is not None:
        if (own.official_id, own.start, own.seat_id) == (*wanted.time, wanted.seat_key):
            return own
        if not wanted.may_move:
            raise errors.HoldExists
        require_as_shown(own, wanted.shown)
    elif not is_new:
        raise errors.HoldExpired
    occupancy.require_free(standing.taken, besides=own.pk if own else None)
    occupancy.require_citizen_free(citizen, slot, own_times=standing.own_times, now=now)
    if actor.is_helped and standing.consent is None:
        _require_receiving(official, actor)
        _require_no_pause(actor, official.agency, now=now)
    else:
        require_bookable(official, actor, standing, now=now)
    if terms_of(official) != wanted.stored.terms:
        raise errors.OutsideSchedule
    offered = availability.offered_slot(official, start=start, now=now, stored=wanted.stored)
    if offered != slot:
        # Their length was changed meanwhile.
        raise errors.OutsideSchedule
    if seat is not None:
        require_seat(seat.seat, slot)
    _require_within_limits(standing.history, official, start=start, now=now, own=own)
    require_open_limits(standing, official)
    if own is None:
        return _create(citizen, claimed, slot, now=now)
    return _move(own, claimed, slot)


def _create(citizen: Citizen, claimed: _Claimed, slot: Interval, *, now: datetime) -> Occupancy:
    expires_at = now + app_settings.hold_limits.hold
    official, start = claimed.official.official, slot.start
    hold = Occupancy(
        kind=Occupancy.Kind.HOLD,
        **claimed.row,
        citizen=citizen,
        start=start,
        end=slot.end,
        created_at=now,
        expires_at=expires_at,
    )
    occupancy.take(claimed.resources, hold)
    HoldUse.objects.create(
        token=hold.token,
        citizen=citizen,
        official=official,
        start=start,
        created_at=now,
        expires_at=expires_at,
    )
    return hold


def _move(hold: Occupancy, claimed: _Claimed, slot: Interval) -> Occupancy:
    left = [hold.official_id, hold.start.astimezone(UTC).isoformat()]
    official, start = claimed.official.official, slot.start
    stays = (hold.official_id, hold.start) == (official.pk, start)
    occupancy.move(claimed.resources, hold, **claimed.row, start=start, end=slot.end)
    if stays:
        # Only the place is another one.
        return hold
    for use in HoldUse.objects.filter(token=hold.token):
        use.official, use.start = official, start
        if left not in use.moved_from:
            use.moved_from.append(left)
        use.save(update_fields=["official", "start", "moved_from"])
    return hold


def require_as_shown(hold: Occupancy, shown: ShownTime | None) -> None:
    """Check that a hold is still on the time that was seen; None if nobody says what was.

    Raises:
        HoldMoved: it is on another one, which the refusal names.
    """
    if shown is not None and (hold.official_id, hold.start) != (shown.official_id, shown.start):
        raise errors.HoldMoved(
            time=long_moment_and_zone(hold.start, hold.official.agency.time_zone),
            official=hold.official.full_name,
        )


@locking_act
def release(
    *, actor: SignedIn, token: uuid.UUID, now: datetime, shown: ShownTime | None = None
) -> None:
    """Give a held time back. Releasing a hold that has ended already is no error.

    Raises:
        NotFound: this citizen has never held it.
        HoldMoved: it is on another time than the `shown` one.
    """
    lock_citizen(actor.citizen)
    use = HoldUse.objects.filter(token=token, citizen=actor.citizen).first()
    if use is None:
        raise errors.NotFound
    hold = live_hold(actor.citizen, now=now)
    if hold is not None and hold.token == token:
        require_as_shown(hold, shown)
    give_back(use, now=now)


def give_back(use: HoldUse, *, now: datetime) -> None:
    """Free the time of a hold, if it is still held, inside an act that has locked the citizen."""
    held = Occupancy.objects.filter(token=use.token, citizen=use.citizen_id)
    freed, _by_model = held.filter(kind=Occupancy.Kind.HOLD).delete()
    if freed:
        serving.offer_freed_later(use.official_id, now=now)
    if use.outcome == HoldUse.Outcome.LIVE and use.expires_at > now:
        use.outcome, use.expires_at = HoldUse.Outcome.RELEASED, now
        use.save(update_fields=["outcome", "expires_at"])


def require_bookable(
    official: Official, actor: SignedIn, standing: Standing, *, now: datetime
) -> Consent:
    """Check that this official can be booked by this person at all.

    Returns:
        The consent to the terms under which the person books.

    Raises:
        AgencyNotConnected, OfficialUnavailable, LevelTooLow, ConsentRequired, ServicePaused, AbsencePause
    """
    _require_receiving(official, actor)
    if standing.consent is None:
        raise errors.ConsentRequired
    if standing.consent.is_paused:
        raise errors.ServicePaused
    _require_no_pause(actor, official.agency, now=now)
    return standing.consent


def _require_receiving(official: Official, actor: SignedIn) -> None:
    agency: Agency = official.agency
    if not agency.is_connected:
        raise errors.AgencyNotConnected
    if not official.receives:
        raise errors.OfficialUnavailable
    if not actor.satisfies(agency.minimum_level):
        raise errors.LevelTooLow


def _require_no_pause(actor: SignedIn, agency: Agency, *, now: datetime) -> None:
    pause = pause_of(actor.citizen, agency, now=now)
    if pause is not None:
        moment = short_moment_and_zone(pause.until, agency.time_zone)
        raise errors.AbsencePause(until=pause.until, number=pause.number, moment=moment)


def _require_within_limits(
    history: list[limits.PastHold],
    official: Official,
    *,
    start: datetime,
    now: datetime,
    own: Occupancy | None,
) -> None:
    """Ask all limits before a new hold; before a move only the cool-down of another official."""
    hold_limits = app_settings.hold_limits
    if own is None:
        refusal = limits.check_hold_allowed(
            history, official_id=official.pk, start=start, now=now, limits=hold_limits
        )
    elif own.official_id != official.pk:
        until = limits.cool_down_until(
            history, official_id=official.pk, start=start, now=now, limits=hold_limits
        )
        refusal = limits.ReachedLimit(limits.RefusalCode.HOLD_COOL_DOWN, until) if until else None
    else:
        refusal = None
    if refusal is not None:
        zone, until = official.agency.time_zone, refusal.until
        raise _REFUSALS[refusal.code](
            until=until,
            moment=clock_and_zone(until, zone) if until else "",
            day_and_time=short_moment_and_zone(until, zone) if until else "",
        )


def can_reserve_again(use: HoldUse, *, now: datetime) -> bool:
    """Return whether an expired hold may be had again in one click, as far as the limits go."""
    return limits.can_reserve_again(
        history_of(use.citizen, now),
        official_id=use.official_id,
        start=use.start,
        now=now,
        limits=app_settings.hold_limits,
    )


def may_follow(hold: Occupancy) -> bool:
    """Return whether the limits allow to hold the same time once more when this hold runs out."""
    if hold.citizen is None or hold.expires_at is None:
        raise ValueError("only a hold runs out")
    return limits.can_reserve_again(
        history_of(hold.citizen, hold.expires_at),
        official_id=hold.official_id,
        start=hold.start,
        now=hold.expires_at,
        limits=app_settings.hold_limits,
    )


def limit_on_reserving_again(use: HoldUse, *, now: datetime) -> errors.LimitReached | None:
    """Return the limit that keeps an expired hold from being had again, and when it ends; None if none does."""
    try:
        history = history_of(use.citizen, now)
        _require_within_limits(history, use.official, start=use.start, now=now, own=None)
    except errors.LimitReached as refusal:
        return refusal
    return None


def require_open_limits(standing: Standing, official: Official) -> None:
    """Check how many applications the citizen has open: 2 per official, 5 in all by default.

    A reception whose time is over is not open any more, whatever its state says.

    Raises:
        OpenLimitOfficial, OpenLimitTotal
    """
    refusal = limits.check_open_allowed(
        [one.official_id for one in standing.open_applications],
        official_id=official.pk,
        limits=app_settings.hold_limits,
    )
    if refusal is not None:
        raise _REFUSALS[refusal.code](until=None)
