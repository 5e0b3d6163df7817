"""The limits on open applications and on holds, as the acts keep them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from diia_videoreception import errors
from diia_videoreception.models import HoldUse, Occupancy, Official
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import holds
from tests.factories import ApplicationFactory, ScheduleRuleFactory
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW


def reserve(
    citizen: SignedIn, official: Official, start: datetime, *, now: datetime = NOW
) -> Occupancy:
    return holds.reserve(
        actor=citizen, official_id=official.pk, start=start, captcha=solved_captcha(), now=now
    )


def apply(citizen: SignedIn, official: Official, start: datetime, *, state: str) -> None:
    ApplicationFactory(
        citizen=citizen.citizen,
        consent=citizen.citizen.consents.get(),
        official=official,
        start=start,
        state=state,
        decided_at=NOW,
    )


def test_two_open_applications_to_an_official__are_enough(
    citizen: SignedIn, official: Official, slot_start: datetime
) -> None:
    for days in (1, 2):
        apply(citizen, official, slot_start + timedelta(days=days), state="submitted")
    with pytest.raises(errors.OpenLimitOfficial):
        reserve(citizen, official, slot_start)


def test_five_open_applications_in_all__are_enough(
    citizen: SignedIn, official: Official, slot_start: datetime
) -> None:
    for days in range(1, 6):
        start = slot_start + timedelta(days=days)
        apply(citizen, ScheduleRuleFactory().official, start, state="confirmed")
    with pytest.raises(errors.OpenLimitTotal):
        reserve(citizen, official, slot_start)


def test_receptions_of_the_past__do_not_count(
    citizen: SignedIn, official: Official, slot_start: datetime
) -> None:
    for days in range(1, 7):
        apply(citizen, official, NOW - timedelta(days=days), state="confirmed")
    assert reserve(citizen, official, slot_start)


def test_after_two_unused_holds__the_official_rests_for_half_an_hour(
    citizen: SignedIn, official: Official, slot_start: datetime
) -> None:
    for minutes in (0, 16):
        reserve(citizen, official, slot_start, now=NOW + timedelta(minutes=minutes))
    with pytest.raises(errors.HoldCoolDown) as refusal:
        reserve(citizen, official, slot_start, now=NOW + timedelta(minutes=32))
    assert refusal.value.until == NOW + timedelta(minutes=61)
    assert "11:01" in str(refusal.value)
    assert reserve(citizen, official, slot_start, now=NOW + timedelta(minutes=61))


def test_a_move__does_not_get_round_the_rest(
    citizen: SignedIn, official: Official, slot_start: datetime
) -> None:
    for minutes in (0, 16):
        reserve(citizen, official, slot_start, now=NOW + timedelta(minutes=minutes))
    other = ScheduleRuleFactory().official
    reserve(citizen, other, slot_start, now=NOW + timedelta(minutes=32))
    with pytest.raises(errors.HoldCoolDown):
        reserve(citizen, official, slot_start, now=NOW + timedelta(minutes=33))


def test_six_holds_a_day__are_enough(citizen: SignedIn, slot_start: datetime) -> None:
    for hours in range(6):
        official = ScheduleRuleFactory().official
        reserve(citizen, official, slot_start, now=NOW + timedelta(hours=hours))
    with pytest.raises(errors.HoldLimitReached):
        reserve(citizen, ScheduleRuleFactory().official, slot_start, now=NOW + timedelta(hours=7))


def test_moving_before_giving_back__prolongs_nothing(
    citizen: SignedIn, official: Official, slot_start: datetime
) -> None:
    later = slot_start + timedelta(minutes=30)
    for minutes in (0, 14):
        now = NOW + timedelta(minutes=minutes)
        held = reserve(citizen, official, slot_start, now=now)
        reserve(citizen, official, later, now=now + timedelta(minutes=13))
        holds.release(actor=citizen, token=held.token, now=now + timedelta(minutes=13))
    with pytest.raises(errors.HoldCoolDown):
        reserve(citizen, official, slot_start, now=NOW + timedelta(minutes=28))
    assert HoldUse.objects.order_by("pk")[0].moved_from == [
        [official.pk, slot_start.astimezone(UTC).isoformat()]
    ]


def test_too_many_holds__say_the_day_and_the_hour(citizen: SignedIn, slot_start: datetime) -> None:
    for hours in range(6):
        official = ScheduleRuleFactory().official
        reserve(citizen, official, slot_start, now=NOW + timedelta(hours=hours))
    with pytest.raises(errors.HoldLimitReached) as refusal:
        reserve(citizen, ScheduleRuleFactory().official, slot_start, now=NOW + timedelta(hours=7))
    with override("uk"):
        assert "24.11.2026, 10:00" in str(refusal.value)


@pytest.mark.parametrize(
    ("days", "words"), [(1, "за 1 добу до"), (5, "за 5 діб до"), (0, "уже почався")]
)
def test_too_early__names_the_lead_time_of_the_agency(
    citizen: SignedIn, official: Official, slot_start: datetime, days: int, words: str
) -> None:
    agency = official.agency
    agency.lead_days = days
    agency.save()
    with pytest.raises(errors.TooEarly) as refusal:
        reserve(citizen, official, slot_start, now=slot_start + timedelta(minutes=1))
    with override("uk"):
        assert words in str(refusal.value)
