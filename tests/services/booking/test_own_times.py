"""Nobody is received by two officials at the same time, whoever gives them the time."""

from contextlib import nullcontext
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection

from diia_videoreception import errors
from diia_videoreception.models import AgencyModerator, Application, Citizen, Occupancy, Official
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking import availability
from diia_videoreception.selectors.booking.availability import SlotState
from diia_videoreception.services.booking import applications, holds, moderation
from diia_videoreception.services.booking.drafts import DraftAnswers, save_answers
from diia_videoreception.services.booking.occupancy import claiming
from tests.factories import ApplicationFactory, CitizenFactory, OfficialFactory, ScheduleRuleFactory
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW
from tests.steps.moderation import moderator_of


def _hold(citizen: SignedIn, official: Official, start: datetime) -> Occupancy:
    return holds.reserve(
        actor=citizen, official_id=official.pk, start=start, captcha=solved_captcha(), now=NOW
    )


def _moderator(official: Official) -> AbstractBaseUser:
    return moderator_of(official.agency, name=f"moderator{official.pk}")


def _move(moderator: AbstractBaseUser, application: Application, start: datetime) -> None:
    moderation.confirm_other_time(
        moderator=moderator,
        public_id=application.public_id,
        version=application.version,
        start=start,
        is_agreed=True,
        now=NOW,
    )


@pytest.mark.parametrize("state", ["submitted", "confirmed"])
def test_reserve__names_the_reception_in_the_way(
    citizen: SignedIn, official: Official, slot_start: datetime, state: str
) -> None:
    other = ApplicationFactory(
        citizen=citizen.citizen,
        official=OfficialFactory(),
        start=slot_start + timedelta(minutes=10),
        state=state,
        decided_at=NOW,
    )

    with pytest.raises(errors.OwnTimeTaken) as refused:
        _hold(citizen, official, slot_start)

    message = str(refused.value)
    assert other.number in message
    assert f"{other.official.full_name}, " in message
    assert "2026" in message
    assert not Occupancy.objects.filter(kind="hold").exists()


@pytest.mark.parametrize("state", ["submitted", "confirmed"])
def test_times__are_taken_for_whom_another_receives_then(
    citizen: SignedIn, official: Official, slot_start: datetime, state: str
) -> None:
    ApplicationFactory(
        citizen=citizen.citizen,
        official=OfficialFactory(),
        start=slot_start + timedelta(minutes=10),
        state=state,
        decided_at=NOW,
    )

    # Half an hour from ten past: both times that it touches.
    next_one = slot_start + timedelta(minutes=30)
    assert _taken(official, citizen.citizen) == {slot_start, next_one}
    assert _taken(official, None) == _taken(official, CitizenFactory()) == set()


def test_times__are_free_where_another_one_is_only_held(
    citizen: SignedIn, official: Official, slot_start: datetime
) -> None:
    other = OfficialFactory(unit=official.unit)
    ScheduleRuleFactory(official=other)
    _hold(citizen, other, slot_start)

    assert _taken(official, citizen.citizen) == set()


def _taken(official: Official, viewer: Citizen | None) -> set[datetime]:
    """The taken times of the first days, which the page and the API tell alike."""
    page = availability.whole_calendar(official, citizen=viewer, now=NOW)
    first = page.window.first_date
    last = first + timedelta(days=6)
    api = availability.offer(
        official.pk, first=first, last=last, max_days=7, citizen=viewer, now=NOW
    )
    assert api is not None
    shown, told = (
        {slot.start for day in days for slot in day.slots if slot.state is SlotState.TAKEN}
        for days in (page.days(first, last), api.days)
    )
    assert shown == told
    return shown


def test_reserve__takes_the_time_beside_and_that_of_a_cancelled_one(
    citizen: SignedIn, official: Official, slot_start: datetime
) -> None:
    elsewhere = {"citizen": citizen.citizen, "official": OfficialFactory()}
    ApplicationFactory(start=slot_start - timedelta(minutes=30), **elsewhere)
    ApplicationFactory(start=slot_start, state="cancelled", decided_at=NOW, **elsewhere)

    assert _hold(citizen, official, slot_start).start == slot_start


def test_submit__looks_again(citizen: SignedIn, official: Official, slot_start: datetime) -> None:
    _hold(citizen, official, slot_start)
    draft = save_answers(
        citizen=citizen.citizen, answers=DraftAnswers(topic="П", phone="0671234567"), now=NOW
    )
    other = ApplicationFactory(citizen=citizen.citizen, official=OfficialFactory())
    # A row of a time before the rule, which no constraint knows.
    Occupancy.objects.filter(application=other).update(
        citizen=None, start=slot_start, end=slot_start + timedelta(minutes=30)
    )

    with pytest.raises(errors.OwnTimeTaken):
        applications.submit(
            actor=citizen,
            draft_token=draft.token,
            captcha=solved_captcha(),
            channel=Application.Channel.WEB,
            now=NOW,
        )


def test_a_move__is_refused_and_names_what_the_moderator_may_see(
    citizen: SignedIn, official: Official, slot_start: datetime
) -> None:
    later = slot_start + timedelta(minutes=30)
    moved = ApplicationFactory(citizen=citizen.citizen, official=official, start=slot_start)
    other = ApplicationFactory(citizen=citizen.citizen, official=OfficialFactory(), start=later)
    moderator = _moderator(official)

    with pytest.raises(errors.CitizenTimeTaken) as refused:
        _move(moderator, moved, later)
    assert other.number not in str(refused.value)
    assert other.official.full_name not in str(refused.value)

    AgencyModerator.objects.create(agency=other.official.agency, user=moderator)
    with pytest.raises(errors.CitizenTimeTaken) as refused:
        _move(moderator, moved, later)
    assert other.number in str(refused.value)
    moved.refresh_from_db()
    assert (moved.state, moved.start) == ("submitted", slot_start)


def test_a_move__waits_for_what_the_citizen_is_writing_elsewhere(
    citizen: SignedIn, official: Official, slot_start: datetime
) -> None:
    later = slot_start + timedelta(minutes=30)
    moved = ApplicationFactory(citizen=citizen.citizen, official=official, start=slot_start)
    _hold(citizen, ScheduleRuleFactory().official, later)

    with pytest.raises(errors.CitizenTimeHeld, match="за 15 хвилин"):
        _move(_moderator(official), moved, later)


def test_the_database__refuses_two_times_of_one_citizen_where_it_can(
    citizen: SignedIn, slot_start: datetime
) -> None:
    both = {"citizen": citizen.citizen, "start": slot_start}
    ApplicationFactory(official=OfficialFactory(), **both)
    refused = pytest.raises(errors.OwnTimeTaken)

    # SQLite has no exclusion constraints: there one writes after the other.
    with refused if connection.vendor == "postgresql" else nullcontext(), claiming():
        ApplicationFactory(official=OfficialFactory(), **both)
