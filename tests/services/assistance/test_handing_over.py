"""Open visits go to a colleague: all of them, with free letters, by their holder or the head."""

from typing import Any

import pytest

from diia_videoreception import errors, models
from diia_videoreception.rules.centres import CentreRole
from diia_videoreception.rules.visits import MAX_OPEN, VisitPhase
from diia_videoreception.services.assistance import visits
from diia_videoreception.services.assistance.handing_over import hand_over
from diia_videoreception.services.centres import people
from tests.harness.clock import NOW
from tests.steps.centres import CentreWorld, member, user
from tests.steps.visits import at, begun, shown

pytestmark = pytest.mark.any_database


@pytest.fixture
def colleague(world: CentreWorld) -> models.CentreMember:
    return member(world.centre, user("colleague"))


def give(
    world: CentreWorld, taker: models.CentreMember, *, by: Any = None, holder: Any = None
) -> int:
    return hand_over(
        world.centre.public_id,
        holder=(holder or world.member).public_id,
        taker=taker.public_id,
        staff=by or world.administrator,
        now=NOW,
    )


def test_all_open_visits__go_with_what_was_noted_and_get_free_letters(
    world: CentreWorld, colleague: models.CentreMember
) -> None:
    begun(world, colleague.user)
    first, second = at(VisitPhase.WORK, world), begun(world)
    page = shown(first)

    assert give(world, colleague) == 2
    held = models.CentreVisit.objects.open().filter(member=colleague).order_by("letter")
    assert [visit.sign for visit in held] == ["А", "Б", "В"]
    assert set(held[1:]) == {first, second}
    assert held[1].need
    with pytest.raises(errors.NotFound):
        visits.go_on(page, staff=world.administrator, now=NOW)
    with pytest.raises(errors.VisitChanged):
        visits.go_on(page, staff=colleague.user, now=NOW)
    record = models.JournalRecord.objects.get(act="centre.visits_handed_over")
    assert len(record.details["visits"]) == 2


def test_the_head__hands_over_for_who_is_blocked_or_has_left(
    world: CentreWorld, colleague: models.CentreMember
) -> None:
    begun(world)
    people.end_membership(world.centre.public_id, world.member.public_id, staff=world.head, now=NOW)
    with pytest.raises(errors.NotFound):
        give(world, colleague, by=colleague.user)
    assert give(world, colleague, by=world.head) == 1


@pytest.mark.parametrize("who", ["consultant", "foreign_head"])
def test_nobody_else__hands_over_for_others(
    world: CentreWorld, colleague: models.CentreMember, who: str
) -> None:
    begun(world)
    with pytest.raises(errors.NotFound):
        give(world, colleague, by=getattr(world, who))


def test_a_blocked_head__hands_over_for_nobody(
    world: CentreWorld, colleague: models.CentreMember
) -> None:
    begun(world)
    models.CentreMember.objects.filter(user=world.head).update(
        blocked_at=NOW, block_reason="Перевірка."
    )
    with pytest.raises(errors.NotFound):
        give(world, colleague, by=world.head)


def test_who_cannot_work_there__takes_nothing_over(
    world: CentreWorld, colleague: models.CentreMember
) -> None:
    begun(world)
    stranger = member(world.foreign, user("stranger"), CentreRole.ADMINISTRATOR)
    with pytest.raises(errors.NotFound):
        give(world, stranger)
    people.block(
        world.centre.public_id, colleague.public_id, reason="Так.", staff=world.head, now=NOW
    )
    with pytest.raises(errors.NotFound):
        give(world, colleague)


def test_more_than_there_are_letters__are_refused_and_stay(
    world: CentreWorld, colleague: models.CentreMember
) -> None:
    begun(world)
    for _ in range(MAX_OPEN):
        begun(world, colleague.user)
    with pytest.raises(errors.TooManyVisits):
        give(world, colleague)
    assert models.CentreVisit.objects.open().filter(member=world.member).count() == 1


def test_nothing__is_not_handed_over(world: CentreWorld, colleague: models.CentreMember) -> None:
    for taker in (colleague, world.member):
        with pytest.raises(errors.WrongState):
            give(world, taker)
