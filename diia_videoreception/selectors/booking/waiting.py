"""Who waits for which official, what is offered to them, and which times could be."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet

from diia_videoreception.models import Citizen, Official, Service, WaitingEntry, WaitingOffer
from diia_videoreception.rules.slots import Interval
from diia_videoreception.rules.waiting import is_wanted
from diia_videoreception.selectors.booking import availability

AT_ONCE = 100
"""How many of those who wait for one official are looked at for its free times."""
_WAITING = Q(state=WaitingEntry.State.WAITING)


def queues_of(citizen: Citizen) -> QuerySet[WaitingEntry]:
    """Return where a person waits now."""
    return WaitingEntry.objects.filter(_WAITING, citizen=citizen)


def shown_queues_of(citizen: Citizen, *, now: datetime) -> list[WaitingEntry]:
    """Return where a person waits, each with what is being offered as `open_offers`; two statements."""
    opened = WaitingOffer.objects.open(now)
    entries = queues_of(citizen).select_related("official__unit__agency").order_by("created_at")
    return list(entries.prefetch_related(Prefetch("offers", opened, to_attr="open_offers")))


def own_entry(citizen: Citizen, public_id: uuid.UUID) -> WaitingEntry | None:
    """Return a place of this person in a queue, ended or not."""
    entries = WaitingEntry.objects.filter(citizen=citizen, public_id=public_id)
    return entries.select_related("official__unit__agency").first()


def offer_to(citizen: Citizen, public_id: uuid.UUID) -> WaitingOffer | None:
    """Return what was offered to this person, answered or not."""
    offers = WaitingOffer.objects.filter(entry__citizen=citizen, public_id=public_id)
    return offers.select_related("entry__official__unit__agency", "entry__citizen").first()


def in_turn(official: Official, *, now: datetime) -> QuerySet[WaitingEntry]:
    """Return who waits for an official and is not being asked, the longest waiting first; with what they were asked."""
    entries = WaitingEntry.objects.filter(_WAITING, official=official, lasts_until__gt=now)
    # Who goes begins nothing new.
    staying = entries.filter(citizen__erasure_due__isnull=True)
    unasked = staying.exclude(offers__answer="").select_related("citizen")
    return unasked.prefetch_related("offers").order_by("created_at", "pk")[:AT_ONCE]


def is_awaited(official_id: int) -> bool:
    """Return whether anybody waits for an official."""
    return WaitingEntry.objects.filter(_WAITING, official=official_id).exists()


def is_booking_paused() -> bool:
    """Return whether nobody can book: every service of the portal is paused."""
    paused = list(Service.objects.values_list("is_paused", flat=True))
    return bool(paused) and all(paused)


def people_before(entry: WaitingEntry) -> int:
    """Return how many wait longer for the same official."""
    earlier = Q(created_at__lt=entry.created_at) | Q(created_at=entry.created_at, pk__lt=entry.pk)
    return WaitingEntry.objects.filter(_WAITING, earlier, official=entry.official_id).count()


def waiting_for(official: Official) -> int:
    """Return how many wait for an official."""
    return WaitingEntry.objects.filter(_WAITING, official=official).count()


def has_wanted_time(official: Official, citizen: Citizen, weekdays: str, *, now: datetime) -> bool:
    """Return whether a citizen can choose a time on one of these days now; digits of ISO 8601."""
    wanted = {int(day) for day in weekdays}
    zone = ZoneInfo(official.agency.time_zone)
    free = availability.whole_calendar(official, citizen=citizen, now=now).free()
    return any(is_wanted(slot.start, wanted, zone) for slot in free)


def free_times(official: Official, *, now: datetime) -> Iterable[Interval]:
    """Return the free times of the schedule from now to the horizon, the earliest first.

    Also those within the lead time: nobody else can ask for them.
    """
    window = availability.booking_window(official, now)
    today = now.astimezone(window.zone).date()
    last = max(window.last_date, today + timedelta(days=1))
    slots = availability.scheduled_slots(official, first=today, last=last)
    return availability.free_among(official, [one for one in slots if one.start > now], now=now)


def weekdays_of(official: Official, *, now: datetime) -> list[int]:
    """Return on which days of the week the official receives within the booking window; by ISO 8601."""
    window = availability.booking_window(official, now)
    slots = availability.scheduled_slots(official, first=window.first_date, last=window.last_date)
    return sorted({slot.start.astimezone(window.zone).isoweekday() for slot in slots})
