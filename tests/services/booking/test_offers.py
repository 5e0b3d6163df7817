"""What the slot list offers can be held, what it does not offer cannot (A-28, A-32)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies

from diia_videoreception import errors
from diia_videoreception.models import Absence, Official, ScheduleException, ScheduleRule
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking.availability import SlotState, booking_window, calendar
from diia_videoreception.services.booking import absences, holds
from tests.factories import ApplicationFactory, OfficialFactory
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW

hours = strategies.integers(7, 18)
days = strategies.dates(date(2026, 11, 23), date(2026, 12, 24))


@strategies.composite
def rules(draw: Any) -> dict[str, Any]:
    first = draw(hours)
    return {
        "recurrence": draw(
            strategies.sampled_from(
                [
                    "FREQ=WEEKLY;BYDAY=MO,WE,FR",
                    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
                    "FREQ=MONTHLY;BYDAY=1TU,-1TH",
                    "FREQ=WEEKLY;BYDAY=SA,SU",
                ]
            )
        ),
        "starts": time(first, draw(strategies.sampled_from([0, 20]))),
        "ends": time(first + draw(strategies.integers(1, 4)), 30),
        "valid_from": date(2026, 11, 2),
    }


@strategies.composite
def asked(draw: Any) -> datetime:
    day = draw(days)
    return datetime(
        day.year,
        day.month,
        day.day,
        draw(strategies.integers(4, 20)),
        draw(strategies.sampled_from([0, 15, 20, 30, 50])),
        tzinfo=UTC,
    )


@settings(
    max_examples=40,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    schedule=strategies.lists(rules(), min_size=1, max_size=3),
    closed=strategies.lists(days, max_size=3, unique=True),
    away=strategies.lists(asked(), max_size=2, unique=True),
    booked=strategies.integers(0, 3),
    wanted=strategies.lists(asked(), min_size=1, max_size=4),
    slot_minutes=strategies.sampled_from([20, 30, 45]),
    pause_minutes=strategies.sampled_from([0, 10]),
)
def test_offered_times__can_be_held_and_no_others(citizen: SignedIn, **mix: Any) -> None:
    before = transaction.savepoint()
    _try(citizen, **mix)
    transaction.savepoint_rollback(before)


def _try(
    citizen: SignedIn,
    *,
    schedule: list[dict[str, Any]],
    closed: list[date],
    away: list[datetime],
    booked: int,
    wanted: list[datetime],
    slot_minutes: int,
    pause_minutes: int,
) -> None:
    official = OfficialFactory(slot_minutes=slot_minutes, pause_minutes=pause_minutes)
    ScheduleRule.objects.bulk_create(ScheduleRule(official=official, **rule) for rule in schedule)
    ScheduleException.objects.bulk_create(
        ScheduleException(official=official, date=day) for day in closed
    )
    for start in away:
        absence = Absence(official=official, start=start, end=start + timedelta(hours=5))
        if not any(start < other + timedelta(hours=5) and other < start for other in away):
            absences.save_absence(absence, now=NOW)
    for start in _offered(official)[:booked]:
        ApplicationFactory(
            official=official, start=start, end=start + timedelta(minutes=slot_minutes)
        )
    offered = _offered(official)
    for start in {*wanted, *offered[:2], *offered[-1:]}:
        assert _can_hold(citizen, official, start) is (start in offered), start


def _offered(official: Official) -> list[datetime]:
    window = booking_window(official, NOW)
    found = calendar(
        official, first=window.first_date, last=window.last_date, citizen=None, now=NOW
    )
    return [slot.start for day in found for slot in day.slots if slot.state is SlotState.FREE]


def _can_hold(citizen: SignedIn, official: Official, start: datetime) -> bool:
    before = transaction.savepoint()
    try:
        holds.reserve(
            actor=citizen,
            official_id=official.pk,
            start=start,
            captcha=solved_captcha(),
            now=NOW,
        )
    except (errors.OutsideSchedule, errors.SlotTaken, errors.TooEarly, errors.TooLate):
        return False
    finally:
        transaction.savepoint_rollback(before)
    return True
