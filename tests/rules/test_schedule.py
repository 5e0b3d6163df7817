"""Open hours from rules, exceptions and holidays, across both clock changes (A-28)."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from diia_videoreception.rules.schedule import (
    DAY,
    RuleError,
    ScheduleException,
    ScheduleRule,
    open_hours,
    parse_rrule,
    validate_rrule,
)
from diia_videoreception.rules.slots import Interval, all_slots, free_slots

KYIV = ZoneInfo("Europe/Kyiv")
SPRING = date(2027, 3, 28)
AUTUMN = date(2027, 10, 31)
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
WORKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
EVERY_DAY = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU"
MONDAY = date(2026, 11, 23)


def rule(
    rrule: str = WORKDAYS,
    starts: time = time(9),
    ends: time = time(12),
    valid_from: date = date(2026, 1, 1),
    valid_until: date | None = None,
) -> ScheduleRule:
    return ScheduleRule(rrule, starts, ends, valid_from, valid_until)


def hours(
    rules: list[ScheduleRule],
    exceptions: list[ScheduleException] | None = None,
    *,
    first: date = MONDAY,
    days: int = 1,
    holidays: frozenset[date] = frozenset(),
    works_on_holidays: bool = False,
) -> list[Interval]:
    return open_hours(
        rules,
        exceptions or [],
        holidays=holidays,
        works_on_holidays=works_on_holidays,
        first=first,
        last=first + (days - 1) * DAY,
        zone=KYIV,
    )


def local(intervals: list[Interval]) -> list[str]:
    return [
        f"{interval.start.astimezone(KYIV):%d.%m %H:%M}-{interval.end.astimezone(KYIV):%H:%M}"
        for interval in intervals
    ]


rrules = st.one_of(
    st.builds(
        lambda interval, days: f"FREQ=WEEKLY;INTERVAL={interval};BYDAY={','.join(days)}",
        st.integers(1, 6),
        st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=4, unique=True),
    ),
    st.builds(
        lambda interval, days: f"FREQ=MONTHLY;INTERVAL={interval};BYDAY={','.join(days)}",
        st.integers(1, 5),
        # dateutil lets "MO,1TU" meet nothing but first Tuesdays, so the two kinds come apart here.
        st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=4, unique=True)
        | st.lists(
            st.builds(
                lambda place, day: f"{place}{day}",
                st.sampled_from([-5, -4, -3, -2, -1, 1, 2, 3, 4, 5]),
                st.sampled_from(WEEKDAYS),
            ),
            min_size=1,
            max_size=4,
            unique=True,
        ),
    ),
)
dates = st.dates(date(2026, 1, 1), date(2028, 12, 31))
times = st.integers(0, 24 * 12 - 1).map(lambda five: time(five // 12, five % 12 * 5))
ranges = st.tuples(times, times).filter(lambda pair: pair[0] != pair[1]).map(sorted)
rules_of_anyone = st.builds(
    lambda rrule, hours, start: ScheduleRule(rrule, hours[0], hours[1], start),
    rrules,
    ranges,
    dates,
)


def test_open_hours__are_local_time_of_the_agency() -> None:
    winter = hours([rule()])
    summer = hours([rule()], first=date(2026, 7, 6))
    assert winter[0].start == datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert summer[0].start == datetime(2026, 7, 6, 6, tzinfo=UTC)
    assert winter[0].start.tzinfo is UTC


def test_open_hours__window_is_inclusive_and_weekend_is_closed() -> None:
    assert [text[:5] for text in local(hours([rule()], days=8))] == [
        "23.11", "24.11", "25.11", "26.11", "27.11", "30.11",
    ]  # fmt: skip


def test_rule__every_second_week_counts_from_its_first_week() -> None:
    fortnight = rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", valid_from=date(2026, 11, 11))
    # From a Wednesday: that week's Friday, then two weeks on, whichever day one asks.
    seen = local(hours([fortnight], first=date(2026, 11, 9), days=21))
    assert [text[:5] for text in seen] == ["13.11", "23.11", "27.11"]
    assert local(hours([fortnight], first=date(2026, 11, 20), days=10)) == seen[1:]


def test_rule__valid_until_is_its_last_day() -> None:
    ending = rule(valid_until=date(2026, 11, 24))
    assert len(hours([ending], days=5)) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FREQ=MONTHLY;BYDAY=2MO", ["09.11", "14.12"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", ["27.11", "25.12"]),
        ("FREQ=MONTHLY;BYDAY=5MO", ["30.11"]),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=1TU", ["03.11"]),
        (
            "FREQ=MONTHLY;INTERVAL=2;BYDAY=SU,1TU",
            ["01.11", "03.11", "08.11", "15.11", "22.11", "29.11"],
        ),
    ],
)
def test_rule__nth_weekday_of_a_month(text: str, expected: list[str]) -> None:
    found = hours([rule(text, valid_from=date(2026, 11, 1))], first=date(2026, 11, 1), days=61)
    assert [text[:5] for text in local(found)] == expected


@given(text=rrules, anchor=dates, shift=st.integers(-40, 800))
def test_recurrence__agrees_with_dateutil(text: str, anchor: date, shift: int) -> None:
    first = anchor + shift * DAY
    start = datetime.combine(anchor, time.min)
    expected = rrulestr(text, dtstart=start).between(
        datetime.combine(first, time.min), datetime.combine(first + 60 * DAY, time.min), inc=True
    )
    mine = rule(text, valid_from=anchor)
    days = [first + number * DAY for number in range(61)]
    assert [day for day in days if mine.holds_on(day)] == [moment.date() for moment in expected]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "rrule_malformed"),
        ("FREQ", "rrule_malformed"),
        ("FREQ=WEEKLY;BYDAY=MO;", "rrule_malformed"),
        ("RRULE:FREQ=WEEKLY;BYDAY=MO", "rrule_freq_unsupported"),
        ("BYDAY=MO", "rrule_freq_unsupported"),
        ("FREQ=SECONDLY", "rrule_freq_unsupported"),
        ("FREQ=DAILY", "rrule_freq_unsupported"),
        ("freq=weekly;byday=mo", "rrule_freq_unsupported"),
        ("FREQ=WEEKLY;BYDAY=MO;BYDAY=TU", "rrule_part_repeated"),
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=3", "rrule_part_unsupported"),
        ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20270101", "rrule_part_unsupported"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=2", "rrule_part_unsupported"),
        ("FREQ=WEEKLY;BYDAY=MO;BYSECOND=1,2,3", "rrule_part_unsupported"),
        ("FREQ=WEEKLY;BYDAY=MO;INTERVAL=0", "rrule_interval_wrong"),
        ("FREQ=WEEKLY;BYDAY=MO;INTERVAL=53", "rrule_interval_wrong"),
        ("FREQ=MONTHLY;BYDAY=MO;INTERVAL=13", "rrule_interval_wrong"),
        ("FREQ=WEEKLY;BYDAY=MO;INTERVAL=²", "rrule_interval_wrong"),
        ("FREQ=WEEKLY;BYDAY=MO;INTERVAL=-1", "rrule_interval_wrong"),
        ("FREQ=WEEKLY", "rrule_byday_missing"),
        ("FREQ=WEEKLY;BYDAY=2MO", "rrule_byday_wrong"),
        ("FREQ=WEEKLY;BYDAY=XX", "rrule_byday_wrong"),
        ("FREQ=WEEKLY;BYDAY=MO,", "rrule_byday_wrong"),
        ("FREQ=MONTHLY;BYDAY=6MO", "rrule_byday_wrong"),
        ("FREQ=MONTHLY;BYDAY=0MO", "rrule_byday_wrong"),
        ("FREQ=WEEKLY;BYDAY=" + "MO," * 100, "rrule_too_long"),
    ],
)
def test_validate_rrule__names_what_is_wrong(text: str, code: str) -> None:
    with pytest.raises(RuleError) as caught:
        validate_rrule(text)
    assert caught.value.code == code


@given(st.text(alphabet="FREQWKLYMOBDAITUSN=;,-0123456789", max_size=60))
def test_validate_rrule__any_other_text_is_a_rule_error(text: str) -> None:
    try:
        parse_rrule(text)
    except RuleError:
        return
    assert rrulestr(text)


def test_hours__must_end_after_they_start() -> None:
    with pytest.raises(RuleError, match="hours_end_before_start"):
        rule(starts=time(12), ends=time(12))
    with pytest.raises(RuleError, match="hours_missing"):
        ScheduleException(MONDAY, closed=False, starts=time(9))


def test_hours__overlapping_rules_of_a_day_are_joined() -> None:
    joined = hours(
        [rule(), rule(starts=time(11), ends=time(13)), rule(starts=time(14), ends=time(15))]
    )
    assert local(joined) == ["23.11 09:00-13:00", "23.11 14:00-15:00"]
    nested = hours([rule(), rule(starts=time(10), ends=time(11))])
    assert local(nested) == ["23.11 09:00-12:00"]


def test_exception__closed_day_beats_rules_and_other_exceptions() -> None:
    extra = ScheduleException(MONDAY, closed=False, starts=time(15), ends=time(16))
    assert hours([rule()], [ScheduleException(MONDAY), extra]) == []
    assert hours([rule()], [extra, ScheduleException(MONDAY)]) == []


def test_exception__open_hours_replace_those_of_the_rules() -> None:
    morning = ScheduleException(MONDAY, closed=False, starts=time(8), ends=time(9))
    evening = ScheduleException(MONDAY, closed=False, starts=time(18), ends=time(19))
    assert local(hours([rule()], [evening, morning])) == ["23.11 08:00-09:00", "23.11 18:00-19:00"]


def test_holiday__is_closed_unless_the_agency_works() -> None:
    holiday = frozenset({MONDAY})
    assert hours([rule()], holidays=holiday) == []
    assert hours([rule()], holidays=holiday, works_on_holidays=True) == hours([rule()])


def test_exception__wins_over_a_holiday() -> None:
    opened = ScheduleException(MONDAY, closed=False, starts=time(10), ends=time(11))
    assert local(hours([rule()], [opened], holidays=frozenset({MONDAY}))) == ["23.11 10:00-11:00"]


def test_spring__skipped_hour_is_not_offered() -> None:
    night = rule(EVERY_DAY, time(2), time(6))
    split = hours([night], first=SPRING)
    assert local(split) == ["28.03 02:00-04:00", "28.03 04:00-06:00"]
    slots = all_slots(split, length=timedelta(minutes=40), pause=timedelta(0))
    # 02:40 would end at 04:20 on the wall: 40 minutes that look like 100.
    assert [f"{slot.start.astimezone(KYIV):%H:%M}" for slot in slots] == [
        "02:00", "04:00", "04:40", "05:20",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (time(3, 15), time(3, 45), []),
        (time(3, 30), time(5), ["28.03 04:00-05:00"]),
        (time(2), time(3, 30), ["28.03 02:00-04:00"]),
        (time(9), time(12), ["28.03 09:00-12:00"]),
    ],
)
def test_spring__ends_inside_the_skipped_hour(
    starts: time, ends: time, expected: list[str]
) -> None:
    assert local(hours([rule(EVERY_DAY, starts, ends)], first=SPRING)) == expected


def test_autumn__repeated_hour_is_offered_once_the_first_time() -> None:
    night = hours([rule(EVERY_DAY, time(2), time(5))], first=AUTUMN)
    slots = list(all_slots(night, length=timedelta(minutes=30), pause=timedelta(0)))
    walls = [slot.start.astimezone(KYIV) for slot in slots]
    assert [f"{wall:%H:%M}" for wall in walls] == [
        "02:00", "02:30", "03:00", "03:30", "04:00", "04:30",
    ]  # fmt: skip
    assert all(wall.fold == 0 for wall in walls)


@pytest.mark.parametrize("change", [SPRING, AUTUMN])
def test_clock_change__office_hours_keep_their_wall_time(change: date) -> None:
    week = local(hours([rule(EVERY_DAY)], first=change - 3 * DAY, days=7))
    assert {text[6:] for text in week} == {"09:00-12:00"}
    assert len(week) == 7


@settings(max_examples=60)
@given(
    rules=st.lists(rules_of_anyone, max_size=4),
    exceptions=st.lists(st.tuples(st.integers(0, 13), st.none() | ranges), max_size=5),
    holidays=st.sets(st.integers(0, 13), max_size=3),
    works=st.booleans(),
    first=st.sampled_from([SPRING - 5 * DAY, AUTUMN - 5 * DAY, MONDAY]) | dates,
    busy=st.lists(st.tuples(st.integers(0, 13 * 24 * 60), st.integers(1, 3000)), max_size=10),
    length=st.sampled_from([10, 15, 30, 40, 45, 60]),
    pause=st.sampled_from([0, 5, 10]),
    not_before=st.integers(0, 13 * 24 * 60),
)
def test_slots__no_mix_yields_overlapping_too_early_or_out_of_hours(
    rules: list[ScheduleRule],
    exceptions: list[tuple[int, list[time] | None]],
    holidays: set[int],
    works: bool,
    first: date,
    busy: list[tuple[int, int]],
    length: int,
    pause: int,
    not_before: int,
) -> None:
    zero = datetime.combine(first, time.min, KYIV).astimezone(UTC)
    special = [
        ScheduleException(first + number * DAY, hours is None, *(hours or (None, None)))
        for number, hours in exceptions
    ]
    closed_days = {exception.date for exception in special if exception.closed}
    taken = [
        Interval(zero + timedelta(minutes=start), zero + timedelta(minutes=start + minutes))
        for start, minutes in busy
    ]
    feasts = frozenset(first + number * DAY for number in holidays)
    earliest = zero + timedelta(minutes=not_before)
    opened = hours(rules, special, first=first, days=14, holidays=feasts, works_on_holidays=works)

    cut = all_slots(opened, length=timedelta(minutes=length), pause=timedelta(minutes=pause))
    slots = list(free_slots((slot for slot in cut if slot.start >= earliest), taken))

    assert all(one.end <= two.start for one, two in pairwise(slots))
    for slot in slots:
        assert slot.start >= earliest
        assert not any(slot.overlaps(interval) for interval in taken)
        assert any(interval.start <= slot.start and slot.end <= interval.end for interval in opened)
        day = slot.start.astimezone(KYIV).date()
        assert day not in closed_days
        ranges_of_day = [
            exception.hours for exception in special if exception.date == day and exception.hours
        ]
        if not ranges_of_day:
            assert works or day not in feasts
            ranges_of_day = [(one.starts, one.ends) for one in rules if one.holds_on(day)]
        assert first <= day <= first + 13 * DAY
        walls = [
            (slot.start + timedelta(minutes=passed)).astimezone(KYIV).replace(tzinfo=None)
            for passed in range(length)
        ]
        assert walls[-1] - walls[0] == timedelta(minutes=length - 1)
        assert all(
            any(starts <= wall.time() < ends for starts, ends in ranges_of_day) for wall in walls
        )
