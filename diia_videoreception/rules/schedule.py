"""When an official receives: recurring rules, exceptions and holidays of one place (A-28).

Hours are wall clock times of the agency's zone; the result is instants. The recurrence is a small
part of RFC 5545: "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE" or "FREQ=MONTHLY;BYDAY=2MO,-1FR". Whether a
rule holds on a day is told from that day alone, so that a rule of years ago costs no more.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from diia_videoreception.rules.slots import Interval

DAY = timedelta(days=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MAX_RRULE = 120
MAX_INTERVAL = {"WEEKLY": 52, "MONTHLY": 12}

_BYDAY = re.compile(r"(-?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_INTERVAL = re.compile(r"[1-9][0-9]?")

Hours = tuple[time, time]


class RuleError(ValueError):
    """A recurrence or hours that a schedule cannot follow; `code` says what is wrong.

    Codes: rrule_too_long, rrule_malformed, rrule_part_repeated, rrule_part_unsupported,
    rrule_freq_unsupported, rrule_interval_wrong, rrule_byday_missing, rrule_byday_wrong,
    hours_missing, hours_end_before_start.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A parsed RRULE.

    Attributes:
        monthly: FREQ=MONTHLY, else FREQ=WEEKLY.
        interval: Every `interval`-th week or month.
        days: Pairs of the place in the month (0: every, 2: second, -1: last) and the weekday
            (Monday is 0).
    """

    monthly: bool
    interval: int
    days: frozenset[tuple[int, int]]

    def holds_on(self, day: date, *, anchor: date) -> bool:
        """Return whether the rule meets `day`; weeks and months are counted from `anchor`'s."""
        if (0, day.weekday()) not in self.days and not self._is_nth_weekday(day):
            return False
        if self.monthly:
            passed = (day.year - anchor.year) * 12 + day.month - anchor.month
        else:
            passed = (_monday_number(day) - _monday_number(anchor)) // 7
        return passed % self.interval == 0

    def _is_nth_weekday(self, day: date) -> bool:
        if not self.monthly:
            return False
        from_start = (day.day - 1) // 7 + 1
        from_end = (_days_in_month(day) - day.day) // 7 + 1
        weekday = day.weekday()
        return (from_start, weekday) in self.days or (-from_end, weekday) in self.days


@dataclass(frozen=True, slots=True)
class ScheduleRule:
    """Hours that come back, in local time, from `valid_from` to `valid_until` inclusive.

    Raises RuleError for an unusable RRULE or hours.
    """

    rrule: str
    starts: time
    ends: time
    valid_from: date
    valid_until: date | None = None

    def __post_init__(self) -> None:
        validate_rrule(self.rrule)
        _validate_hours(self.starts, self.ends)

    def holds_on(self, day: date) -> bool:
        """Return whether the rule gives hours on `day`, holidays and exceptions aside."""
        if day < self.valid_from or (self.valid_until is not None and day > self.valid_until):
            return False
        return parse_rrule(self.rrule).holds_on(day, anchor=self.valid_from)


@dataclass(frozen=True, slots=True)
class ScheduleException:
    """A date on which the rules do not hold: closed, or open at these hours instead.

    Several exceptions of one date add their hours; a closed one among them closes the day.
    Raises RuleError when an open one has no usable hours.
    """

    date: date
    closed: bool = True
    starts: time | None = None
    ends: time | None = None

    def __post_init__(self) -> None:
        if not self.closed:
            _validate_hours(self.starts, self.ends)

    @property
    def hours(self) -> Hours | None:
        """From and to in local time, None when closed."""
        if self.closed or self.starts is None or self.ends is None:
            return None
        return self.starts, self.ends


def validate_rrule(text: str) -> None:
    """Accept the recurrences a schedule can follow.

    Raises:
        RuleError: The text is none of them; its code names the part that is wrong.
    """
    parse_rrule(text)


@lru_cache(maxsize=1024)
def parse_rrule(text: str) -> Recurrence:
    """Read an RRULE of the supported part of RFC 5545 (FREQ, INTERVAL, BYDAY).

    Raises:
        RuleError: As `validate_rrule`.
    """
    if len(text) > MAX_RRULE:
        raise RuleError("rrule_too_long")
    parts = _split(text)
    freq = parts.pop("FREQ", "")
    interval = parts.pop("INTERVAL", "1")
    byday = parts.pop("BYDAY", "")
    if freq not in MAX_INTERVAL:
        raise RuleError("rrule_freq_unsupported")
    if parts:
        raise RuleError("rrule_part_unsupported")
    if not _INTERVAL.fullmatch(interval) or int(interval) > MAX_INTERVAL[freq]:
        raise RuleError("rrule_interval_wrong")
    if not byday:
        raise RuleError("rrule_byday_missing")
    monthly = freq == "MONTHLY"
    return Recurrence(monthly, int(interval), _parse_byday(byday, monthly=monthly))


def open_hours(
    rules: Iterable[ScheduleRule],
    exceptions: Iterable[ScheduleException],
    *,
    holidays: Collection[date],
    works_on_holidays: bool,
    first: date,
    last: date,
    zone: ZoneInfo,
) -> list[Interval]:
    """Return the hours in which an official receives, from `first` to `last` inclusive (A-28).

    Exceptions win over holidays, holidays over rules. Hours of one day that overlap or touch are
    joined. Local times that a clock change skips are left out and those it repeats are used once,
    the first time; the hours are split at the change, so that no slot runs across it.

    Args:
        rules: The official's recurring hours.
        exceptions: The official's dates with other hours or none.
        holidays: Dates without reception; a set, when there are many.
        works_on_holidays: Rules hold on holidays too.
        first: First local date.
        last: Last local date.
        zone: The agency's time zone.

    Returns:
        Sorted, disjoint intervals in UTC.
    """
    rules = tuple(rules)
    replaced = _hours_by_date(exceptions)
    found: list[Interval] = []
    for number in range((last - first).days + 1):
        day = first + number * DAY
        if day in replaced:
            hours = replaced[day]
        elif day in holidays and not works_on_holidays:
            continue
        else:
            hours = [(rule.starts, rule.ends) for rule in rules if rule.holds_on(day)]
        if hours:
            found.extend(_to_instants(day, _join(hours), zone))
    return found


def _split(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, sign, value = part.partition("=")
        if not (name and sign and value):
            raise RuleError("rrule_malformed")
        if name in parts:
            raise RuleError("rrule_part_repeated")
        parts[name] = value
    return parts


def _parse_byday(text: str, *, monthly: bool) -> frozenset[tuple[int, int]]:
    days: set[tuple[int, int]] = set()
    for item in text.split(","):
        match = _BYDAY.fullmatch(item)
        # RFC 5545: a place in the month has no meaning within a week.
        if match is None or (match[1] and not monthly):
            raise RuleError("rrule_byday_wrong")
        days.add((int(match[1] or 0), WEEKDAYS.index(match[2])))
    return frozenset(days)


def _validate_hours(starts: time | None, ends: time | None) -> None:
    if starts is None or ends is None:
        raise RuleError("hours_missing")
    if ends <= starts:
        raise RuleError("hours_end_before_start")


def _monday_number(day: date) -> int:
    return day.toordinal() - day.weekday()


def _days_in_month(day: date) -> int:
    next_month = (day.replace(day=28) + 4 * DAY).replace(day=1)
    return (next_month - DAY).day


def _hours_by_date(exceptions: Iterable[ScheduleException]) -> dict[date, list[Hours]]:
    hours_of: defaultdict[date, list[Hours]] = defaultdict(list)
    closed: set[date] = set()
    for exception in exceptions:
        hours = exception.hours
        if hours is None:
            closed.add(exception.date)
        else:
            hours_of[exception.date].append(hours)
    return {**hours_of, **{day: [] for day in closed}}


def _join(hours: Iterable[Hours]) -> list[Hours]:
    joined: list[Hours] = []
    for starts, ends in sorted(hours):
        if joined and starts <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(ends, joined[-1][1]))
        else:
            joined.append((starts, ends))
    return joined


def _to_instants(day: date, hours: Sequence[Hours], zone: ZoneInfo) -> Iterator[Interval]:
    """Convert hours of one local day; a zone changes its clock at most once a day."""
    midnight = datetime.combine(day, time.min)
    before, after = _offset(midnight, zone), _offset(midnight + DAY, zone)
    if before == after:
        for starts, ends in hours:
            yield _interval(datetime.combine(day, starts), datetime.combine(day, ends), before)
        return
    change = _clock_change(midnight - before, midnight + DAY - after, before, zone)
    last_before = change + before
    first_after = max(last_before, change + after)
    for starts, ends in hours:
        start, end = datetime.combine(day, starts), datetime.combine(day, ends)
        if start < last_before:
            yield _interval(start, min(end, last_before), before)
        if end > first_after:
            yield _interval(max(start, first_after), end, after)


def _interval(start: datetime, end: datetime, offset: timedelta) -> Interval:
    return Interval((start - offset).replace(tzinfo=UTC), (end - offset).replace(tzinfo=UTC))


def _offset(local: datetime, zone: ZoneInfo) -> timedelta:
    return local.replace(tzinfo=zone).utcoffset() or timedelta(0)


def _clock_change(early: datetime, late: datetime, before: timedelta, zone: ZoneInfo) -> datetime:
    """Return the second between two UTC moments (without zone) at which `zone` leaves offset `before`."""
    second = timedelta(seconds=1)
    while late - early > second:
        middle = early + (late - early) // second // 2 * second
        if middle.replace(tzinfo=UTC).astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late
