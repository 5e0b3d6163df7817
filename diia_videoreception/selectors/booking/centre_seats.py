"""Seats of centres from which a citizen can speak with an official: which there are, and when they are free."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import connections, router
from django.db.models import Q, QuerySet

from diia_videoreception.models import Centre, CentreHours, CentreWorkplace, Citizen, Occupancy
from diia_videoreception.rules.centre_seats import closed_times, is_open_at, seat_hours
from diia_videoreception.rules.centres import Period
from diia_videoreception.rules.slots import Interval
from diia_videoreception.selectors.booking.stored_times import EXPORTED, moment_of
from diia_videoreception.selectors.searching import having_words

MAX_SEARCH = 100
_STATEMENT = """
SELECT
    (SELECT {hours} FROM {hours_table} WHERE workplace_id = %(key)s),
    (SELECT {busy} FROM {occupancy_table} WHERE seat_id = %(key)s
        AND "start" < %(until)s AND "end" > %(since)s
        AND (expires_at IS NULL OR expires_at > %(now)s)
        AND NOT (kind = 'hold' AND citizen_id = %(viewer)s))
"""
_COLUMNS = {"hours": "weekday, opens, closes", "busy": '"start", "end", application_id'}
_TABLES = {"hours_table": CentreHours, "occupancy_table": Occupancy}
NOBODY = 0


def open_seats() -> QuerySet[CentreWorkplace]:
    """Return the seats that citizens can choose now, with their centres: those that work and have hours."""
    return (
        CentreWorkplace.objects.filter(
            kind=CentreWorkplace.Kind.VIDEO_SEAT,
            state=CentreWorkplace.State.WORKING,
            centre__state=Centre.State.ACTIVE,
            pk__in=CentreHours.objects.filter(workplace__isnull=False).values("workplace"),
        )
        .select_related("centre")
        .order_by("centre__sort_key", "centre", "label", "pk")
    )


def open_seat(public_id: uuid.UUID) -> CentreWorkplace | None:
    return open_seats().filter(public_id=public_id).first()


def found_seats(search: str, *, centre_id: int | None = None) -> QuerySet[CentreWorkplace]:
    """Return the seats of centres in whose name, place or address each word occurs, by name of the centre.

    Args:
        centre_id: the only centre to look at.
    """
    seats = open_seats() if centre_id is None else open_seats().filter(centre=centre_id)
    return having_words(seats, search[:MAX_SEARCH], "centre__search_text")


def periods_of(seat: CentreWorkplace) -> list[Period]:
    return [row.period for row in CentreHours.objects.filter(workplace=seat)]


def is_seat_open(seat: CentreWorkplace, slot: Interval) -> bool:
    """Return whether the hours of a seat, whose centre is read along, hold the whole of a time."""
    return is_open_at(slot, periods_of(seat), zone=ZoneInfo(seat.centre.time_zone))


@dataclass(frozen=True, slots=True)
class SeatTimes:
    """When a seat is open and when it is taken, around a stretch of time.

    Attributes:
        busy: who has it, by the key of the application; None for a hold.
    """

    zone: ZoneInfo
    periods: Sequence[Period]
    busy: Sequence[tuple[Interval, int | None]]

    def not_free(self, whole: Interval, *, besides: int | None = None) -> list[Interval]:
        """Return when it cannot be had within a time.

        Args:
            besides: the key of an application whose own time does not count.
        """
        hours = seat_hours(
            self.periods,
            first=whole.start.astimezone(self.zone).date(),
            last=whole.end.astimezone(self.zone).date(),
            zone=self.zone,
        )
        taken = [one for one, whose in self.busy if whose is None or whose != besides]
        return [*closed_times(hours, whole=whole), *taken]


def seat_times(
    seat: CentreWorkplace, whole: Interval, *, viewer: Citizen | None, now: datetime
) -> SeatTimes:
    """Read the hours of a seat and what has it at a time, by one statement.

    Args:
        viewer: whose own hold does not count: it moves.
    """
    connection = connections[router.db_for_read(Occupancy)]
    moment = connection.ops.adapt_datetimefield_value
    values = {
        "key": seat.pk,
        "since": moment(whole.start),
        "until": moment(whole.end),
        "now": moment(now),
        "viewer": viewer.pk if viewer is not None else NOBODY,
    }
    with connection.cursor() as cursor:
        cursor.execute(_statement(connection.vendor), values)
        ((hours, busy),) = cursor.fetchall()
    return SeatTimes(
        ZoneInfo(seat.centre.time_zone),
        [
            Period(weekday, time.fromisoformat(opens), time.fromisoformat(closes))
            for weekday, opens, closes in json.loads(hours or "[]")
        ],
        [
            (Interval(moment_of(start), moment_of(end)), application)
            for start, end, application in json.loads(busy or "[]")
        ],
    )


@lru_cache
def _statement(vendor: str) -> str:
    rows = {name: EXPORTED[vendor].format(columns=columns) for name, columns in _COLUMNS.items()}
    tables = {name: model._meta.db_table for name, model in _TABLES.items()}
    return _STATEMENT.format(**rows, **tables)


def upcoming_at(seat: CentreWorkplace, *, now: datetime) -> QuerySet[Occupancy]:
    """Return what has the seat from now on: receptions, proposed times and what is being filled in."""
    live = Occupancy.objects.live(now).filter(Q(seat=seat), end__gt=now)
    return live.order_by("start")
