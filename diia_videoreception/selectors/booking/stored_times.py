"""What the times of officials follow from, read by one statement.

Nothing is kept between requests: the answer is what is committed when the statement begins, in
every process and at every replica. Laying out a week takes less time than asking a cache for it;
what was dear is Django putting four queries together, so that this one is written out.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connections, models, router

from diia_videoreception.models import (
    Agency,
    Holiday,
    Occupancy,
    Official,
    ScheduleException,
    ScheduleRule,
    Unit,
)
from diia_videoreception.rules import schedule
from diia_videoreception.rules.slots import Interval, all_slots

OTHER_CLOCKS = timedelta(hours=14)
"""The furthest that a clock on Earth is from UTC."""

EXPORTED = {
    "postgresql": "CAST(json_agg(json_build_array({columns})) AS text)",
    "sqlite": "json_group_array(json_array({columns}))",
}
"""How a vendor writes the rows of a subquery as one text of JSON."""
_STATEMENT = """
SELECT official.id, official.slot_minutes, official.pause_minutes, official.horizon_days,
    agency.time_zone, agency.lead_time_policy, agency.lead_days, agency.works_on_holidays,
    official.receives AND agency.is_connected,
    (SELECT {rules} FROM {rule_table} WHERE official_id = official.id
        AND valid_from <= %(last)s AND (valid_until IS NULL OR valid_until >= %(first)s)),
    (SELECT {exceptions} FROM {exception_table} WHERE official_id = official.id
        AND date BETWEEN %(first)s AND %(last)s),
    (SELECT {holidays} FROM {holiday_table}
        WHERE date BETWEEN %(first)s AND %(last)s AND NOT is_working),
    {taken}, {held}
FROM {official_table} official
JOIN {unit_table} unit ON unit.id = official.unit_id
JOIN {agency_table} agency ON agency.id = unit.agency_id
WHERE {whose} = %(key)s
"""
_BUSY = """(SELECT {busy} FROM {occupancy_table} WHERE {whom}
        AND "start" < %(until)s AND "end" > %(since)s
        AND (expires_at IS NULL OR expires_at > %(now)s))"""
_OFFICIAL = "official_id = official.id"
_OFFICIAL_AND_VIEWER = f"({_OFFICIAL} OR citizen_id = %(viewer)s AND kind <> 'hold')"
"""A citizen who is received elsewhere cannot come; what they hold there moves here."""
_HELD = """(SELECT {held} FROM {occupancy_table} WHERE citizen_id = %(holder)s
        AND kind = 'hold' AND expires_at > %(now)s)"""
_COLUMNS = {
    "rules": "recurrence, starts, ends, valid_from, valid_until",
    "exceptions": "date, closed, starts, ends",
    "holidays": "date",
    "busy": '"start", "end", kind, citizen_id',
    "held": 'official_id, "start"',
}
_TABLES = {
    "rule_table": ScheduleRule,
    "exception_table": ScheduleException,
    "holiday_table": Holiday,
    "occupancy_table": Occupancy,
    "official_table": Official,
    "unit_table": Unit,
    "agency_table": Agency,
}


@dataclass(frozen=True, slots=True)
class BookingTerms:
    """What an official and the agency say of the times at which one can book."""

    slot_minutes: int
    pause_minutes: int
    horizon_days: int
    zone: ZoneInfo
    lead_time_policy: str
    lead_days: int
    works_on_holidays: bool


class BusyTime(NamedTuple):
    """A time that cannot be had, and the key of the citizen who holds it."""

    time: Interval
    holder: int | None


@dataclass(frozen=True, slots=True)
class StoredTimes:
    """Everything from which the times of one official follow, on the dates that were asked for."""

    official_id: int
    terms: BookingTerms
    can_be_booked: bool
    rules: Sequence[schedule.ScheduleRule]
    exceptions: Sequence[schedule.ScheduleException]
    holidays: frozenset[date]
    busy: Sequence[BusyTime]
    held: tuple[int, datetime] | None
    """Official and start of what the citizen who was asked about holds."""

    def slots(self, first: date, last: date) -> Iterator[Interval]:
        """Lay out every slot of the schedule on these local dates, free or not."""
        return all_slots(
            self.open_hours(first, last),
            length=timedelta(minutes=self.terms.slot_minutes),
            pause=timedelta(minutes=self.terms.pause_minutes),
        )

    def open_hours(self, first: date, last: date) -> list[Interval]:
        """Return the hours of the schedule on these local dates, sorted and disjoint."""
        return schedule.open_hours(
            self.rules,
            self.exceptions,
            holidays=self.holidays,
            works_on_holidays=self.terms.works_on_holidays,
            first=first,
            last=last,
            zone=self.terms.zone,
        )


def terms_of(official: Official) -> BookingTerms:
    """Return the terms of an official who is read already."""
    agency = official.agency
    return BookingTerms(
        slot_minutes=official.slot_minutes,
        pause_minutes=official.pause_minutes,
        horizon_days=official.horizon_days,
        zone=ZoneInfo(agency.time_zone),
        lead_time_policy=agency.lead_time_policy,
        lead_days=agency.lead_days,
        works_on_holidays=agency.works_on_holidays,
    )


def of_official(
    key: int,
    *,
    first: date,
    last: date,
    now: datetime | None,
    holder: int | None = None,
    viewer: int | None = None,
) -> StoredTimes | None:
    """Read what concerns one official on these local dates; None where there is no such official.

    Args:
        now: When holds end; None leaves out what is taken.
        holder: Key of a citizen whose hold is read too.
        viewer: Key of a citizen whose receptions by others are taken times, too.
    """
    return next(_read("official.id", key, first, last, now, holder, viewer), None)


def of_agency(key: int, *, first: date, last: date, now: datetime | None) -> Iterator[StoredTimes]:
    """Read what concerns the officials of an agency on these local dates; None as `of_official`."""
    return _read("agency.id", key, first, last, now)


def _read(
    whose: str,
    key: int,
    first: date,
    last: date,
    now: datetime | None,
    holder: int | None = None,
    viewer: int | None = None,
) -> Iterator[StoredTimes]:
    if not 0 < key <= models.BigIntegerField.MAX_BIGINT:
        return iter(())
    connection = connections[router.db_for_read(Official)]
    on_day, at_moment = (
        connection.ops.adapt_datefield_value,
        connection.ops.adapt_datetimefield_value,
    )
    values = {
        "key": key,
        "holder": holder,
        "viewer": viewer,
        "first": on_day(first),
        "last": on_day(last),
    }
    if now is not None:
        values |= {
            "since": at_moment(datetime.combine(first, time.min, UTC) - OTHER_CLOCKS),
            "until": at_moment(datetime.combine(last, time.max, UTC) + OTHER_CLOCKS),
            "now": at_moment(now),
        }
    with connection.cursor() as cursor:
        wanted = now is not None, holder is not None, viewer is not None
        cursor.execute(_statement(connection.vendor, whose, *wanted), values)
        rows = cursor.fetchall()
    return map(_stored, rows)


@lru_cache
def _statement(vendor: str, whose: str, with_busy: bool, with_held: bool, with_viewer: bool) -> str:
    rows = {name: EXPORTED[vendor].format(columns=columns) for name, columns in _COLUMNS.items()}
    tables = {name: model._meta.db_table for name, model in _TABLES.items()}
    whom = _OFFICIAL_AND_VIEWER if with_viewer else _OFFICIAL
    busy = _BUSY.format(**rows | {"whom": whom}, **tables) if with_busy else "NULL"
    held = _HELD.format(**rows, **tables) if with_held else "NULL"
    return _STATEMENT.format(**rows | {"whose": whose, "taken": busy, "held": held}, **tables)


def _stored(row: Sequence[Any]) -> StoredTimes:
    key, slot, pause, horizon, zone, policy, lead, on_holidays, can_be_booked = row[:9]
    rules, exceptions, holidays, busy, held = row[9:]
    return StoredTimes(
        official_id=key,
        terms=BookingTerms(slot, pause, horizon, ZoneInfo(zone), policy, lead, bool(on_holidays)),
        can_be_booked=bool(can_be_booked),
        rules=_rules(rules or "[]"),
        exceptions=_exceptions(exceptions or "[]"),
        holidays=_holidays(holidays or "[]"),
        busy=[
            BusyTime(
                Interval(moment_of(start), moment_of(end)),
                citizen if kind == Occupancy.Kind.HOLD.value else None,
            )
            for start, end, kind, citizen in json.loads(busy or "[]")
        ],
        held=next(
            ((official, moment_of(start)) for official, start in json.loads(held or "[]")), None
        ),
    )


# What a text of JSON means never changes: these keep no schedule, only what reading it gives.


@lru_cache(maxsize=1024)
def _rules(text: str) -> tuple[schedule.ScheduleRule, ...]:
    return tuple(
        schedule.ScheduleRule(
            rrule=recurrence,
            starts=time.fromisoformat(starts),
            ends=time.fromisoformat(ends),
            valid_from=date.fromisoformat(valid_from),
            valid_until=date.fromisoformat(valid_until) if valid_until else None,
        )
        for recurrence, starts, ends, valid_from, valid_until in json.loads(text)
    )


@lru_cache(maxsize=1024)
def _exceptions(text: str) -> tuple[schedule.ScheduleException, ...]:
    return tuple(
        schedule.ScheduleException(
            date=date.fromisoformat(day),
            closed=bool(closed),
            starts=time.fromisoformat(starts) if starts else None,
            ends=time.fromisoformat(ends) if ends else None,
        )
        for day, closed, starts, ends in json.loads(text)
    )


@lru_cache(maxsize=64)
def _holidays(text: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for (day,) in json.loads(text))


def moment_of(text: str) -> datetime:
    """Read a stored moment: PostgreSQL tells its offset, SQLite keeps UTC and tells none."""
    has_offset = text[-6] in "+-"
    return datetime.fromisoformat(text if has_offset else f"{text}+00:00").astimezone(UTC)
