"""Who else of an agency is free when an official was to receive."""

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from diia_videoreception.models import Application, Official
from diia_videoreception.rules.slots import Interval, free_slots
from diia_videoreception.selectors.booking import stored_times

DAY = timedelta(days=1)


class FreeOfficial(NamedTuple):
    """An official, and the time of their schedule that has the start that was asked for."""

    official: Official
    time: Interval


def officials_free_at(application: Application, *, now: datetime) -> list[FreeOfficial]:
    """Return the other officials of the agency who could receive at the start of an application.

    Two queries however many officials there are. About right is enough for a list: who is chosen is
    asked about again under the lock.
    """
    zone = ZoneInfo(application.official.agency.time_zone)
    day = application.start.astimezone(zone).date()
    times: dict[int, Interval] = {}
    for stored in stored_times.of_agency(
        application.agency_id, first=day - DAY, last=day + DAY, now=now
    ):
        same = [slot for slot in stored.slots(day, day) if slot.start == application.start]
        for slot in free_slots(same, (busy.time for busy in stored.busy)):
            times[stored.official_id] = slot
    found = others_receiving(application).filter(pk__in=times)
    return [FreeOfficial(one, times[one.pk]) for one in found]


def others_receiving(application: Application) -> QuerySet[Official]:
    """Return the other officials of the agency who receive citizens."""
    others = Official.objects.filter(unit__agency=application.agency_id, receives=True)
    return others.exclude(pk=application.official_id).select_related("unit__agency")
