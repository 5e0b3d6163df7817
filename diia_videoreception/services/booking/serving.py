"""Offering what an official has free to those who wait for it, one time to each, the longest waiting first."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from django.db import transaction

from diia_videoreception.models import (
    Citizen,
    JournalAct,
    Letter,
    Occupancy,
    WaitingEntry,
    WaitingOffer,
)
from diia_videoreception.rules import waiting as rules
from diia_videoreception.rules.slots import Interval
from diia_videoreception.selectors.booking.waiting import (
    free_times,
    in_turn,
    is_awaited,
    is_booking_paused,
)
from diia_videoreception.services import journal, letters
from diia_videoreception.services.booking import occupancy
from diia_videoreception.services.transactions import locking_act


def offer_freed_later(official_id: int, *, now: datetime) -> None:
    """Offer what an act frees to who waits, once the act is done."""
    transaction.on_commit(partial(offer_freed, official_id, now=now), robust=True)


def offer_freed(official_id: int, *, now: datetime) -> int:
    """Offer the free times of an official to those who wait, each to the first whom it suits.

    Returns:
        How many people are asked.
    """
    # Mostly nobody waits: that costs one statement and no lock.
    return _offer_freed(official_id, now=now) if is_awaited(official_id) else 0


@locking_act
def _offer_freed(official_id: int, *, now: datetime) -> int:
    official = occupancy.lock_official(official_id)
    zone = ZoneInfo(official.agency.time_zone)
    deadline = rules.answer_deadline(now, zone)
    if deadline is None or not (official.receives and official.agency.is_connected):
        return 0
    if is_booking_paused():
        # Nobody could take what is offered, and would lose the place by it.
        return 0
    entries = {entry.pk: entry for entry in in_turn(official, now=now)}
    queue = [
        rules.Waiting(
            key=entry.pk,
            weekdays=[int(day) for day in entry.weekdays],
            comes_soon=entry.comes_soon,
            asked=[offer.start for offer in entry.offers.all()],
        )
        for entry in entries.values()
    ]
    made = rules.offers(queue, free_times(official, now=now), now=now, zone=zone)
    for key, slot in made:
        row = Occupancy(
            kind=Occupancy.Kind.OFFER,
            official=official,
            start=slot.start,
            end=slot.end,
            created_at=now,
            expires_at=deadline,
        )
        resources = [occupancy.OfficialTime(official.pk)]
        occupancy.require_free(occupancy.look(resources, slot, now=now))
        occupancy.take(resources, row)
        offer = WaitingOffer.objects.create(
            entry=entries[key],
            token=row.token,
            start=slot.start,
            end=slot.end,
            made_at=now,
            deadline=deadline,
        )
        record(JournalAct.OFFER_TIME, entries[key], now=now, start=slot.start)
        letters.queue_waiting(Letter.Kind.WAITING_OFFER, entries[key], offer=offer, now=now)
    return len(made)


def withdraw_offers(official_id: int, time: Interval, *, now: datetime) -> None:
    """Take back what is offered of a time that the agency needs at once, under the official's lock.

    Who was asked keeps the place, and is told; it counts as no miss.
    """
    offers = WaitingOffer.objects.filter(
        answer="", entry__official=official_id, start__lt=time.end, end__gt=time.start
    )
    for offer in offers.select_related("entry__official__unit__agency", "entry__citizen"):
        close_offer(offer, WaitingOffer.Answer.WITHDRAWN, now=now)
        record(JournalAct.WITHDRAW_OFFERED_TIME, offer.entry, now=now, start=offer.start)
        letters.queue_waiting(Letter.Kind.WAITING_WITHDRAWN, offer.entry, offer=offer, now=now)


def close_offer(offer: WaitingOffer, answer: WaitingOffer.Answer, *, now: datetime) -> None:
    """Write how an offer ended; what was not taken is free: an absence that went around it has it, or the next."""
    offer.answer, offer.answered_at = answer, now
    offer.save(update_fields=["answer", "answered_at"])
    if answer == WaitingOffer.Answer.ACCEPTED:
        return
    Occupancy.objects.filter(token=offer.token, kind=Occupancy.Kind.OFFER).delete()
    occupancy.give_to_absences(offer.entry.official_id, offer.time, now=now)
    offer_freed_later(offer.entry.official_id, now=now)


def record(
    what: JournalAct,
    entry: WaitingEntry,
    *,
    citizen: Citizen | None = None,
    now: datetime,
    start: datetime | None = None,
) -> None:
    """Write what was done about a place in a queue; `start` is that of the time it was about."""
    journal.record(
        what,
        subject=entry.citizen,
        citizen=citizen,
        now=now,
        details={
            "official": entry.official_id,
            **({"start": start.isoformat()} if start else {}),
        },
    )
