"""What staff do for visitors of a place, and what they and others cannot."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from diia_videoreception import errors, models
from diia_videoreception.rules.kiosk import MAX_VISIT, VISIT
from diia_videoreception.selectors.accounts.sessions import of_session
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.centres.kiosks import PlaceState, places_seen_by
from diia_videoreception.services.centres import workplaces
from diia_videoreception.services.kiosk import pairing, visitors
from tests.factories import (
    CitizenFactory,
    ConsentAcceptanceFactory,
    OfficialFactory,
    ScheduleRuleFactory,
)
from tests.harness.clock import NOW
from tests.steps.application import hold_time, write_draft
from tests.steps.kiosk import KioskWorld
from tests.steps.people import start_session

pytestmark = pytest.mark.any_database
LATER = NOW + timedelta(minutes=1)


def begun(world: KioskWorld) -> models.VisitorSession:
    browser = pairing.pair(world.code(), now=NOW).browser
    return visitors.begin(browser, now=NOW).visitor


def state(world: KioskWorld, *, now: Any = LATER) -> PlaceState:
    member = models.CentreMember.objects.get(user=world.centres.administrator)
    return places_seen_by(member, now=now)[0].state


def test_staff__see_how_a_place_stands(world: KioskWorld) -> None:
    assert state(world) is PlaceState.NOT_PAIRED
    visitor = begun(world)
    assert state(world) is PlaceState.IN_USE
    visitors.call_for_help(visitor, now=LATER)
    assert state(world) is PlaceState.NEEDS_HELP
    visitors.end(visitor, now=LATER)
    assert state(world) is PlaceState.FREE
    models.CentreHours.objects.all().delete()
    assert state(world) is PlaceState.CLOSED
    models.CentreDecision.objects.filter(function="self_service").update(ended_at=NOW)
    assert state(world) is PlaceState.OUT_OF_ORDER


def test_a_screen_that_fell_silent__is_not_shown_as_in_use(world: KioskWorld) -> None:
    begun(world)
    assert state(world, now=NOW + timedelta(minutes=3)) is PlaceState.FREE


@pytest.mark.parametrize("places", [1, 12])
def test_the_places_of_a_centre__cost_the_same_queries_for_any_number(
    world: KioskWorld, places: int, django_assert_num_queries: Any
) -> None:
    for number in range(1, places):
        workplaces.make_workplace(
            world.centre.public_id,
            kind=models.CentreWorkplace.Kind.SELF_SERVICE,
            label=f"Ще {number}",
            staff=world.centres.head,
            now=NOW,
        )
    member = models.CentreMember.objects.select_related("centre").get(
        user=world.centres.administrator
    )
    with django_assert_num_queries(3):
        assert len(places_seen_by(member, now=NOW)) == places


ACTS = [visitors.answer_call, visitors.extend, visitors.end_by_staff]


@pytest.mark.parametrize("act", ACTS)
def test_staff_of_another_centre_and_who_is_blocked__do_nothing(
    world: KioskWorld, act: Any
) -> None:
    visitor = begun(world)
    visitors.call_for_help(visitor, now=NOW)
    about = (world.centre.public_id, visitor.public_id)
    with pytest.raises(errors.NotFound):
        act(*about, staff=world.centres.foreign_head, now=LATER)
    with pytest.raises(errors.NotFound):
        act(
            world.centres.foreign.public_id,
            visitor.public_id,
            staff=world.centres.foreign_head,
            now=LATER,
        )
    models.CentreMember.objects.filter(user=world.centres.administrator).update(
        blocked_at=NOW, block_reason="Перевірка."
    )
    with pytest.raises(errors.MemberBlocked):
        act(*about, staff=world.centres.administrator, now=LATER)
    assert world.acts()[-1] == "help_called"


def test_staff__come_extend_and_wipe(world: KioskWorld) -> None:
    visitor = begun(world)
    visitors.call_for_help(visitor, now=NOW)
    about = (world.centre.public_id, visitor.public_id)
    who: dict[str, Any] = {"staff": world.centres.consultant, "now": LATER}
    visitors.answer_call(*about, **who)
    with pytest.raises(errors.WrongState):
        visitors.answer_call(*about, **who)
    assert visitors.extend(*about, **who) == NOW + 2 * VISIT
    visitors.end_by_staff(*about, **who)
    with pytest.raises(errors.NotFound):
        visitors.extend(*about, **who)
    assert world.acts()[-4:] == [
        "help_called",
        "help_came",
        "self_service_extended",
        "self_service_ended",
    ]


def test_a_visit__is_not_extended_without_end(world: KioskWorld) -> None:
    visitor = begun(world)
    about = (world.centre.public_id, visitor.public_id)
    who: dict[str, Any] = {"staff": world.centres.head, "now": LATER}
    until = NOW
    while until < NOW + MAX_VISIT:
        until = visitors.extend(*about, **who)
    with pytest.raises(errors.WrongState):
        visitors.extend(*about, **who)


def test_the_database__holds_one_visitor_a_place(world: KioskWorld) -> None:
    visitor = begun(world)
    with pytest.raises(IntegrityError):
        models.VisitorSession.objects.create(
            workplace=visitor.workplace,
            token_hash="x",
            started_at=NOW,
            seen_at=NOW,
            ends_at=LATER,
        )


def at_place(world: KioskWorld, citizen: models.Citizen) -> tuple[models.VisitorSession, SignedIn]:
    visitor = begun(world)
    session = start_session(citizen, now=NOW)
    session.visitor = visitor
    session.save()
    return visitor, of_session(session)


def test_the_end__gives_back_what_was_held_and_deletes_what_was_begun_there(
    world: KioskWorld,
) -> None:
    citizen = CitizenFactory()
    ConsentAcceptanceFactory(citizen=citizen)
    official = OfficialFactory()
    ScheduleRuleFactory(official=official)
    visitor, person = at_place(world, citizen)
    hold_time(person, official)
    write_draft(person)
    visitors.end(visitor, now=LATER)
    assert not models.Occupancy.objects.exists()
    assert models.HoldUse.objects.get().outcome == models.HoldUse.Outcome.RELEASED
    assert not models.Draft.objects.exists()
    assert models.CitizenSession.objects.get().ended_at == LATER


def test_a_draft_that_saved_itself_during_the_end__goes_with_the_next_housekeeping(
    world: KioskWorld,
) -> None:
    visitor, person = at_place(world, CitizenFactory())
    visitors.end(visitor, now=LATER)
    write_draft(person)
    assert visitors.end_overdue(now=LATER) == 0
    assert not models.Draft.objects.exists()
    write_draft(person)
    models.Draft.objects.update(created_at=LATER + timedelta(seconds=1))
    visitors.end_overdue(now=LATER)
    assert models.Draft.objects.exists()


def test_the_end__leaves_what_was_begun_at_home(world: KioskWorld) -> None:
    citizen = CitizenFactory()
    ConsentAcceptanceFactory(citizen=citizen)
    official = OfficialFactory()
    ScheduleRuleFactory(official=official)
    home = of_session(start_session(citizen, now=NOW))
    hold_time(home, official)
    write_draft(home)
    before = NOW - timedelta(minutes=5)
    models.HoldUse.objects.update(created_at=before)
    models.Draft.objects.update(created_at=before)
    visitor, _person = at_place(world, citizen)
    visitors.end(visitor, now=LATER)
    assert models.Occupancy.objects.exists()
    assert models.Draft.objects.exists()
    assert models.CitizenSession.objects.get(visitor=None).ended_at is None
