"""Which times the invented officials offer on a given day, told without a database."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from diia_videoreception.models import Official, Unit
from diia_videoreception.rules import schedule
from diia_videoreception.rules.slots import Interval, all_slots
from diia_videoreception.selectors.booking import availability
from sandbox.demo.agencies import AGENCIES, Person, UnitSpec
from sandbox.demo.directory import agency_of, official_of
from sandbox.demo.holidays import holidays_around
from sandbox.demo.schedules import DAY, PATTERNS, ZONE, Pattern, absences, other_days


@dataclass(frozen=True, slots=True)
class Receiver:
    """An official as the directory will hold them, not saved, and when they receive."""

    official: Official
    pattern: Pattern


@lru_cache(maxsize=1)
def receivers() -> dict[str, Receiver]:
    """Return everybody of a connected agency, by surname."""
    found = {}
    for number, spec in enumerate(AGENCIES, start=1):
        agency = agency_of(number, spec)
        if agency.is_connected:
            people = (person for unit in spec.units for person in _people(unit))
            for person in people:
                official = official_of(Unit(agency=agency), 0, person)
                found[official.last_name] = Receiver(official, PATTERNS[person[-1]])
    return found


class Diary:
    """The times of everybody, on the day of `now`; what is planned is taken for all others."""

    def __init__(self, now: datetime) -> None:
        self._today = now.astimezone(ZONE).date()
        self._holidays = frozenset(holidays_around(self._today))
        self._exceptions = defaultdict(list)
        for other in other_days(self._today):
            self._exceptions[other.surname].append(other.exception)
        self._taken: defaultdict[str, list[Interval]] = defaultdict(list)
        for away in absences(self._today):
            self.take(away.surname, away.time)

    def take(self, name: str, time: Interval) -> None:
        """Note that this official, or citizen, is busy then."""
        self._taken[name].append(time)

    def free(
        self, surname: str, *, seen: datetime, after: datetime, also: str = ""
    ) -> Iterator[Interval]:
        """Yield the free times that somebody who looks at the moment `seen` is offered.

        Args:
            after: the times begin later than this.
            also: another name whose time must be free as well.
        """
        receiver = receivers()[surname]
        window = availability.booking_window(receiver.official, seen)
        day = max(window.first_date, after.astimezone(ZONE).date())
        busy = self._taken[surname] + self._taken[also]
        while day <= window.last_date:
            for slot in self._slots(receiver, day):
                if slot.start <= after or slot.start < window.earliest:
                    continue
                if not any(slot.overlaps(time) for time in busy):
                    yield slot
            day += DAY

    def _slots(self, receiver: Receiver, day: date) -> Iterator[Interval]:
        official, pattern = receiver.official, receiver.pattern
        hours = schedule.open_hours(
            pattern.rules(self._today),
            self._exceptions[official.last_name],
            holidays=self._holidays,
            works_on_holidays=official.agency.works_on_holidays,
            first=day,
            last=day,
            zone=ZONE,
        )
        return all_slots(
            hours,
            length=timedelta(minutes=official.slot_minutes),
            pause=timedelta(minutes=official.pause_minutes),
        )


def _people(unit: UnitSpec) -> Iterator[Person]:
    _, people, below = unit
    yield from people
    for child in below:
        yield from _people(child)
