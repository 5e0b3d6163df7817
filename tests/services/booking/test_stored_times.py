"""The one statement reads what the rows say, on both databases, as they are at that moment."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from diia_videoreception.models import (
    Absence,
    Agency,
    Citizen,
    Holiday,
    Occupancy,
    Official,
    ScheduleException,
    ScheduleRule,
    Unit,
)
from diia_videoreception.rules.schedule import ScheduleException as PureException
from diia_videoreception.rules.schedule import ScheduleRule as PureRule
from diia_videoreception.rules.slots import Interval
from diia_videoreception.selectors.booking import availability, stored_times
from diia_videoreception.selectors.booking.stored_times import BusyTime, StoredTimes
from diia_videoreception.services.booking.absences import remove_absence, save_absence
from tests.factories import (
    ApplicationFactory,
    CitizenFactory,
    OfficialFactory,
    ScheduleRuleFactory,
)
from tests.harness.clock import NOW, START

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 7)
HALF_AN_HOUR = timedelta(minutes=30)

pytestmark = pytest.mark.django_db


@pytest.fixture
def official() -> Official:
    return ScheduleRuleFactory(official__slot_minutes=30, official__horizon_days=60).official


def stored(official: Official) -> StoredTimes:
    found = stored_times.of_official(official.pk, first=FIRST, last=LAST, now=NOW)
    assert found is not None
    return found


def hold(official: Official, citizen: Citizen, start: datetime, expires_at: datetime) -> Occupancy:
    return Occupancy.objects.create(
        kind=Occupancy.Kind.HOLD,
        official=official,
        citizen=citizen,
        start=start,
        end=start + HALF_AN_HOUR,
        created_at=NOW - timedelta(hours=1),
        expires_at=expires_at,
    )


def test_rules_exceptions_and_holidays__are_those_that_concern_the_dates(
    official: Official,
) -> None:
    ScheduleRule.objects.all().delete()
    for number, (begins, ends) in enumerate(
        [
            (date(2026, 1, 1), date(2026, 11, 30)),
            (date(2026, 1, 1), FIRST),
            (LAST, None),
            (LAST + timedelta(days=1), None),
        ]
    ):
        ScheduleRuleFactory(
            official=official,
            starts=time(9 + number, 15),
            ends=time(12 + number, 0, 30),
            valid_from=begins,
            valid_until=ends,
        )
    for day, hours in ((FIRST, (None, None)), (LAST, (time(8), time(9, 30)))):
        ScheduleException.objects.create(
            official=official, date=day, closed=hours[0] is None, starts=hours[0], ends=hours[1]
        )
    ScheduleException.objects.create(official=official, date=LAST + timedelta(days=1))
    ScheduleException.objects.create(official=OfficialFactory(), date=FIRST)
    Holiday.objects.create(date=date(2026, 12, 6), name="День Збройних Сил")
    Holiday.objects.create(date=date(2026, 12, 4), name="Робоче свято", is_working=True)
    Holiday.objects.create(date=date(2026, 12, 25), name="Різдво")

    found = stored(official)

    every = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
    assert set(found.rules) == {
        PureRule(every, time(10, 15), time(13, 0, 30), date(2026, 1, 1), FIRST),
        PureRule(every, time(11, 15), time(14, 0, 30), LAST),
    }
    assert set(found.exceptions) == {
        PureException(FIRST),
        PureException(LAST, closed=False, starts=time(8), ends=time(9, 30)),
    }
    assert found.holidays == {date(2026, 12, 6)}


def test_terms__are_those_of_the_official_and_the_agency(official: Official) -> None:
    assert stored(official).terms == stored_times.terms_of(official)
    assert stored(official).can_be_booked

    Official.objects.update(slot_minutes=20, pause_minutes=5, horizon_days=9, receives=False)
    Agency.objects.update(
        time_zone="Europe/Warsaw",
        lead_time_policy=Agency.LeadTimePolicy.CALENDAR_DAYS,
        lead_days=1,
        works_on_holidays=True,
    )

    fresh = Official.objects.select_related("unit__agency").get(pk=official.pk)
    assert stored(official).terms == stored_times.terms_of(fresh)
    assert stored(official).terms.works_on_holidays
    assert not stored(official).can_be_booked


def test_busy__is_what_lives_and_the_holder_of_a_hold(official: Official) -> None:
    citizen, other = CitizenFactory(), CitizenFactory()
    hold(official, citizen, START, NOW + timedelta(seconds=1))
    hold(official, other, START + HALF_AN_HOUR, NOW)
    filed = ApplicationFactory(
        official=official, citizen=citizen, start=START + timedelta(microseconds=7, hours=2)
    )
    ApplicationFactory(start=START)
    absence = save_absence(
        Absence(official=official, start=START - timedelta(days=90), end=START), now=NOW
    )

    busy = stored(official).busy

    assert sorted(busy, key=lambda one: one.time.start) == [
        BusyTime(Interval(absence.start, absence.end), None),
        BusyTime(Interval(START, START + HALF_AN_HOUR), citizen.pk),
        BusyTime(Interval(filed.start, filed.end), None),
    ]
    without = stored_times.of_official(official.pk, first=FIRST, last=LAST, now=None)
    assert without is not None
    assert without.busy == []


def free(official: Official) -> list[datetime]:
    """What anybody is offered, in UTC."""
    offer = availability.offer(
        official.pk, first=FIRST, last=LAST, max_days=62, citizen=None, now=NOW
    )
    if offer is None:
        return []
    return [
        slot.start.astimezone(UTC)
        for day in offer.days
        for slot in day.slots
        if slot.state == "free"
    ]


def test_every_write__shows_in_the_next_answer(official: Official) -> None:
    """Whoever writes, and however: a service, the admin, a script that knows only the table."""
    whole = free(official)
    assert START in whole

    taken = hold(official, CitizenFactory(), START, NOW + timedelta(minutes=15))
    assert free(official) == [start for start in whole if start != START]
    taken.delete()
    assert free(official) == whole

    absence = save_absence(
        Absence(official=official, start=START, end=START + timedelta(days=30)), now=NOW
    )
    assert free(official) == [start for start in whole if start < START]
    remove_absence(absence, now=NOW)

    Holiday.objects.create(date=START.date(), name="Свято")
    assert not any(start.date() == START.date() for start in free(official))
    Holiday.objects.all().delete()

    ScheduleException.objects.create(official=official, date=START.date())
    assert not any(start.date() == START.date() for start in free(official))
    ScheduleException.objects.all().delete()

    ScheduleRule.objects.update(starts=time(11))
    assert START not in free(official)
    ScheduleRule.objects.update(starts=time(9))

    Official.objects.update(pause_minutes=10)
    assert START not in free(official)
    Official.objects.update(pause_minutes=0, slot_minutes=20)
    assert len(free(official)) > len(whole)
    Official.objects.update(slot_minutes=30, horizon_days=8)
    assert free(official) == [start for start in whole if start.date() == FIRST]
    Official.objects.update(horizon_days=60)

    Agency.objects.update(lead_days=10)
    assert not any(start.date() < date(2026, 12, 3) for start in free(official))
    Agency.objects.update(lead_days=3, is_connected=False)
    assert free(official) == []
    Agency.objects.update(is_connected=True)

    elsewhere = Unit.objects.create(
        agency=Agency.objects.create(name="Далека", is_connected=True, time_zone="Asia/Tokyo"),
        name="Відділ",
    )
    Official.objects.update(unit=elsewhere)
    assert START not in free(official)
    Official.objects.update(unit=official.unit)
    assert free(official) == whole


def test_the_booking_window__may_lie_further_than_most_agencies_ask(official: Official) -> None:
    Agency.objects.update(lead_days=100)
    Official.objects.update(horizon_days=300)

    offer = availability.offer(
        official.pk, first=None, last=None, max_days=62, citizen=None, now=NOW
    )

    assert offer is not None
    fresh = Official.objects.select_related("unit__agency").get(pk=official.pk)
    window = availability.booking_window(fresh, NOW)
    expected = availability.calendar(
        fresh,
        first=window.first_date,
        last=window.first_date + timedelta(days=61),
        citizen=None,
        now=NOW,
    )
    assert offer.days == expected
    assert offer.days[-1].date > date(2027, 4, 25)


@pytest.mark.parametrize("key", [0, -1, 2**63, 10**40])
def test_a_key_that_no_row_can_have__is_nobody(key: int) -> None:
    assert stored_times.of_official(key, first=FIRST, last=LAST, now=NOW) is None
