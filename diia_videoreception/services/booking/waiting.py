"""The queue for an official without a free time: joined, served one by one, left.

A time that is offered is kept for the person by a row of `Occupancy` of its own kind, which counts
against no limit; taken, it becomes their hold. Every act takes the official's queue of locks, so that one
after another decides about it.
"""

import secrets
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diia_videoreception import errors
from diia_videoreception.conf import app_settings
from diia_videoreception.models import (
    Citizen,
    HoldUse,
    JournalAct,
    Letter,
    Occupancy,
    Official,
    WaitingEntry,
    WaitingOffer,
)
from diia_videoreception.rules import waiting as rules
from diia_videoreception.rules.phones import PhoneError, normalise_phone
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking.holds import live_hold
from diia_videoreception.selectors.booking.standing import standing_of
from diia_videoreception.selectors.booking.waiting import (
    has_wanted_time,
    offer_to,
    queues_of,
)
from diia_videoreception.selectors.letters import takes_sms
from diia_videoreception.services import letters
from diia_videoreception.services.booking import holds, occupancy, serving
from diia_videoreception.services.booking.serving import record
from diia_videoreception.services.outbox import sum_of_acts
from diia_videoreception.services.transactions import (
    lock_citizen,
    lock_staying_citizen,
    locking_act,
)

AT_ONCE = 200
"""How many queues one run looks at."""
State, Answer = WaitingEntry.State, WaitingOffer.Answer


@dataclass(frozen=True, slots=True)
class Wish:
    """When somebody can come, and how they want to be told besides the letter.

    Attributes:
        weekdays: By ISO 8601, Monday is 1.
        comes_soon: Whether a time within 24 hours suits.
        phone: For SMS; empty without.
    """

    weekdays: Collection[int]
    comes_soon: bool = False
    phone: str = ""


@locking_act
def join(*, actor: SignedIn, official_id: int, wish: Wish, now: datetime) -> WaitingEntry:
    """Wait for a time of an official; who waits already changes the wish and keeps the place.

    Raises:
        NotFound, AgencyNotConnected, OfficialUnavailable, LevelTooLow, ConsentRequired, ServicePaused,
            AbsencePause, LimitReached: as `holds.reserve`.
        TimeIsFree: there is a free time on those days, which can be chosen.
        QueueLimit: the person waits for as many officials as one can.
        Incomplete: no day is chosen, the phone is wrong, or nothing could tell the person of an offer.
    """
    citizen = actor.citizen
    lock_staying_citizen(citizen)
    official = occupancy.lock_official(official_id)
    weekdays = "".join(str(day) for day in rules.WEEKDAYS if day in set(wish.weekdays))
    phone = _phone(wish.phone, official)
    if not weekdays:
        raise errors.Incomplete(fields={"weekdays": _("Choose the days that suit you.")})
    if not phone and not letters.reaches(citizen):
        raise errors.Incomplete(
            fields={
                "told": _("We could not tell you: add an address for letters or a phone for SMS.")
            }
        )
    standing = standing_of(citizen, now=now)
    holds.require_bookable(official, actor, standing, now=now)
    holds.require_open_limits(standing, official)
    if has_wanted_time(official, citizen, weekdays, now=now):
        raise errors.TimeIsFree
    wanted = {"weekdays": weekdays, "comes_soon": wish.comes_soon, "phone": phone}
    entry = queues_of(citizen).filter(official=official).first()
    if entry is not None:
        for name, value in wanted.items():
            setattr(entry, name, value)
        entry.save(update_fields=list(wanted))
        record(JournalAct.CHANGE_QUEUE, entry, citizen=citizen, now=now)
        return entry
    if queues_of(citizen).count() >= rules.MOST_QUEUES:
        raise errors.QueueLimit(most=rules.MOST_QUEUES)
    entry = WaitingEntry.objects.create(
        citizen=citizen,
        official=official,
        language=get_language() or "",
        created_at=now,
        lasts_until=now + rules.LASTS,
        **wanted,
    )
    record(JournalAct.JOIN_QUEUE, entry, citizen=citizen, now=now)
    return entry


def _phone(typed: str, official: Official) -> str:
    if not typed.strip():
        return ""
    try:
        phone = normalise_phone(typed)
    except PhoneError:
        phone = ""
    if not takes_sms(phone, agency=official.agency):
        text = _("We cannot send SMS to this number. Enter a Ukrainian mobile number.")
        raise errors.Incomplete(fields={"phone": text})
    return phone


@locking_act
def leave(*, actor: SignedIn, public_id: uuid.UUID, now: datetime) -> WaitingEntry:
    """Leave a queue; a time that is being offered goes to the next. Leaving once more is no error.

    Raises:
        NotFound: the person has never waited there.
    """
    lock_citizen(actor.citizen)
    entry = _entry(WaitingEntry.objects.filter(citizen=actor.citizen, public_id=public_id))
    if entry.state == State.WAITING:
        _end(entry, State.LEFT, now=now)
        record(JournalAct.LEAVE_QUEUE, entry, citizen=actor.citizen, now=now)
    return entry


@locking_act
def accept(*, actor: SignedIn, public_id: uuid.UUID, now: datetime) -> Occupancy:
    """Take an offered time: it is held for the application to be written. Taking it again gives that hold.

    Raises:
        NotFound: it was not offered to this person.
        OfferClosed: it was answered otherwise, or its deadline has passed; or the hold has ended.
        HoldExists: the person holds another time.
        OwnTimeTaken: somebody else receives the person then.
        AgencyNotConnected, OfficialUnavailable, LevelTooLow, ConsentRequired, ServicePaused, AbsencePause,
            LimitReached: as `holds.reserve`; the offer stays open.
    """
    citizen = actor.citizen
    lock_staying_citizen(citizen)
    offer = _offer(citizen, public_id)
    own = live_hold(citizen, now=now)
    if own is not None and own.token == offer.token:
        return own
    row = Occupancy.objects.filter(token=offer.token, kind=Occupancy.Kind.OFFER).first()
    if row is None or not offer.is_open(now):
        raise errors.OfferClosed
    if own is not None:
        raise errors.HoldExists
    official, standing = row.official, standing_of(citizen, now=now)
    holds.require_bookable(official, actor, standing, now=now)
    holds.require_open_limits(standing, official)
    occupancy.require_citizen_free(citizen, offer.time, own_times=standing.own_times, now=now)
    until = now + app_settings.hold_limits.hold
    _drop_expired_hold(citizen, now=now)
    with occupancy.claiming():
        occupancy.change(row, kind=Occupancy.Kind.HOLD, citizen=citizen, expires_at=until)
    HoldUse.objects.create(
        token=row.token,
        citizen=citizen,
        official=official,
        start=offer.start,
        created_at=now,
        expires_at=until,
    )
    serving.close_offer(offer, Answer.ACCEPTED, now=now)
    _close(offer.entry, State.SERVED, now=now)
    record(JournalAct.TAKE_OFFERED_TIME, offer.entry, citizen=citizen, now=now, start=offer.start)
    return row


def _drop_expired_hold(citizen: Citizen, *, now: datetime) -> None:
    """Make room for the hold: a person has one row of it, over or not."""
    Occupancy.objects.expired(now).filter(citizen=citizen, kind=Occupancy.Kind.HOLD).delete()


@locking_act
def decline(*, actor: SignedIn, public_id: uuid.UUID, now: datetime) -> WaitingEntry:
    """Decline an offered time, which goes to the next; the place is kept twice. Declining again is no error.

    Raises:
        NotFound, OfferClosed: as `accept`.
    """
    lock_citizen(actor.citizen)
    offer = _offer(actor.citizen, public_id)
    if offer.answer == Answer.DECLINED:
        return offer.entry
    if not offer.is_open(now):
        raise errors.OfferClosed
    record(
        JournalAct.DECLINE_OFFERED_TIME,
        offer.entry,
        citizen=actor.citizen,
        now=now,
        start=offer.start,
    )
    _miss(offer, Answer.DECLINED, now=now)
    return offer.entry


@locking_act
def expire(offer_key: int, *, now: datetime) -> int:
    """Note that an offer was not answered; the time goes to the next.

    Returns:
        Whether it was noted here.
    """
    found = WaitingOffer.objects.select_related("entry").get(pk=offer_key)
    occupancy.lock_official(found.entry.official_id)
    offer = (
        WaitingOffer.objects.filter(pk=offer_key, answer="", deadline__lte=now)
        .select_related("entry__official__unit__agency", "entry__citizen")
        .first()
    )
    if offer is None:
        return 0
    record(JournalAct.EXPIRE_OFFERED_TIME, offer.entry, now=now, start=offer.start)
    _miss(offer, Answer.EXPIRED, now=now)
    return 1


@locking_act
def end(entry_key: int, state: WaitingEntry.State, *, now: datetime) -> int:
    """End somebody's waiting that has become useless, and tell them.

    Returns:
        Whether it ended here.
    """
    official_id = WaitingEntry.objects.values_list("official", flat=True).get(pk=entry_key)
    occupancy.lock_official(official_id)
    waiting = WaitingEntry.objects.filter(pk=entry_key, state=State.WAITING)
    entry = waiting.select_related("official__unit__agency", "citizen").first()
    if entry is None:
        return 0
    _end(entry, state, now=now)
    record(JournalAct.END_WAITING, entry, now=now)
    letters.queue_waiting(Letter.Kind.WAITING_ENDED, entry, now=now)
    return 1


def serve_queues(*, now: datetime) -> int:
    """Note unanswered offers, end what has become useless, and offer what is free.

    Returns:
        How many offers and places changed; at most 200 of each in one run.
    """
    unanswered = WaitingOffer.objects.filter(answer="", deadline__lte=now).order_by(
        "deadline", "pk"
    )
    overdue = list(unanswered.values_list("pk", flat=True)[:AT_ONCE])
    done = sum_of_acts(partial(expire, key, now=now) for key in overdue)
    waiting = WaitingEntry.objects.filter(state=State.WAITING)
    closed = Q(official__receives=False) | Q(official__unit__agency__is_connected=False)
    for useless, state in (
        (waiting.filter(lasts_until__lte=now), State.OVER),
        (waiting.filter(closed), State.CLOSED),
    ):
        keys = list(useless.values_list("pk", flat=True)[:AT_ONCE])
        done += sum_of_acts(partial(end, key, state, now=now) for key in keys)
    unasked = waiting.exclude(offers__answer="")
    officials = list(unasked.order_by("official").values_list("official", flat=True).distinct())
    return done + sum_of_acts(
        partial(serving.offer_freed, key, now=now) for key in _some_of(officials)
    )


def _some_of(keys: Sequence[int]) -> Sequence[int]:
    """Return as many as one run looks at, from anywhere on: no queue is left out for ever."""
    if len(keys) <= AT_ONCE:
        return keys
    first = secrets.randbelow(len(keys))
    return [*keys[first:], *keys[:first]][:AT_ONCE]


def _entry(rows: QuerySet[WaitingEntry]) -> WaitingEntry:
    """Lock the official of the person's entry, then read it.

    Raises:
        NotFound: there is none.
    """
    official_id = rows.values_list("official", flat=True).first()
    if official_id is None:
        raise errors.NotFound
    occupancy.lock_official(official_id)
    return rows.select_related("official__unit__agency", "citizen").get()


def _offer(citizen: Citizen, public_id: uuid.UUID) -> WaitingOffer:
    """Lock the official of an offer to this person, then read it.

    Raises:
        NotFound: there is none.
    """
    found = offer_to(citizen, public_id)
    if found is None:
        raise errors.NotFound
    occupancy.lock_official(found.entry.official_id)
    return offer_to(citizen, public_id) or found


def _miss(offer: WaitingOffer, answer: WaitingOffer.Answer, *, now: datetime) -> None:
    """Free an offered time that is not taken; who has missed too many loses the place."""
    entry = offer.entry
    serving.close_offer(offer, answer, now=now)
    entry.missed += 1
    entry.save(update_fields=["missed"])
    if entry.state == State.WAITING and rules.loses_place(entry.missed):
        _close(entry, State.MISSED, now=now)
        letters.queue_waiting(Letter.Kind.WAITING_ENDED, entry, now=now)


def _end(entry: WaitingEntry, state: WaitingEntry.State, *, now: datetime) -> None:
    """End the waiting; a time that is being offered is free again."""
    for offer in entry.offers.filter(answer=""):
        serving.close_offer(offer, Answer.WITHDRAWN, now=now)
    _close(entry, state, now=now)


def _close(entry: WaitingEntry, state: WaitingEntry.State, *, now: datetime) -> None:
    entry.state, entry.ended_at = state, now
    entry.save(update_fields=["state", "ended_at"])
