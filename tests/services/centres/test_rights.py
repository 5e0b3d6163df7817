"""The right to act on behalf of people: each condition alone takes it away, at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from diia_videoreception import errors, models
from diia_videoreception.rules.centres import CentreFunction
from diia_videoreception.services.centres import decisions, granting, people, rights
from tests.harness.clock import NOW
from tests.steps.centres import CentreWorld, operator
from tests.steps.second_factor import with_app


@pytest.fixture
def acting(world: CentreWorld) -> Any:
    """The administrator with whom nothing is missing."""
    with_app(world.administrator)
    world.administrator.is_verified = lambda: True
    return world.administrator


def obstacles(world: CentreWorld, who: Any, *, at: Any = NOW) -> list[str]:
    try:
        with transaction.atomic():
            rights.require_right_to_act(who, world.centre.public_id, now=at)
    except errors.NoRightToAct as refusal:
        return refusal.obstacles
    return []


def test_who_has_everything__may_act(world: CentreWorld, acting: Any) -> None:
    assert obstacles(world, acting) == []


def _suspended(world: CentreWorld) -> None:
    granting.suspend(world.centre.public_id, reason="Так.", staff=operator(), now=NOW)


def _switched_off(world: CentreWorld) -> None:
    decisions.end_decision(
        world.centre.public_id, CentreFunction.INTERMEDIATION, staff=world.head, now=NOW
    )


def _blocked(world: CentreWorld) -> None:
    people.block(
        world.centre.public_id, world.member.public_id, reason="Так.", staff=world.head, now=NOW
    )


def _ended(world: CentreWorld) -> None:
    people.end_membership(world.centre.public_id, world.member.public_id, staff=world.head, now=NOW)


def _consultant(world: CentreWorld) -> None:
    models.CentreMember.objects.filter(pk=world.member.pk).update(role="consultant")


def _without(kind: str) -> Callable[[CentreWorld], None]:
    return lambda world: models.CentreAccreditation.objects.filter(kind=kind).delete() and None


def _over(kind: str) -> Callable[[CentreWorld], None]:
    def end(world: CentreWorld) -> None:
        yesterday = NOW.date() - timedelta(days=1)
        models.CentreAccreditation.objects.filter(kind=kind).update(valid_until=yesterday)

    return end


def _password_alone(world: CentreWorld) -> None:
    world.administrator.is_verified = lambda: False


@pytest.mark.parametrize(
    ("change", "obstacle"),
    [
        (_suspended, "centre_suspended"),
        (_switched_off, "no_decision"),
        (_blocked, "blocked"),
        (_ended, "not_a_member"),
        (_consultant, "role"),
        (_without("training"), "no_training"),
        (_over("training"), "training_ended"),
        (_without("test"), "no_test"),
        (_over("test"), "test_ended"),
    ],
)
def test_each_condition_alone__takes_the_right_away_at_once(
    world: CentreWorld, acting: Any, change: Callable[[CentreWorld], None], obstacle: str
) -> None:
    change(world)
    assert obstacles(world, acting) == [obstacle]


def test_a_password_alone__acts_for_nobody_whatever_the_portal_asks(
    world: CentreWorld, acting: Any, settings: Any
) -> None:
    _password_alone(world)
    # Who has one set up and has not given it is nobody here.
    assert obstacles(world, acting) == ["not_a_member"]
    del acting.is_verified
    models.StaffKey.objects.all().delete()
    assert obstacles(world, world.head)[-1] == "no_second_factor"


def test_a_right__holds_through_its_last_day_by_the_clock_of_the_centre(
    world: CentreWorld, acting: Any
) -> None:
    last = models.CentreAccreditation.objects.filter(kind="test")
    last.update(valid_until=NOW.date())
    # 22:00 in London is the next day in Kyiv.
    midnight = NOW.replace(hour=22, minute=0)
    assert obstacles(world, acting, at=midnight - timedelta(minutes=1)) == []
    assert obstacles(world, acting, at=midnight) == ["test_ended"]


def test_a_member_of_another_centre__has_no_right_here(world: CentreWorld, acting: Any) -> None:
    with pytest.raises(errors.NoRightToAct), transaction.atomic():
        rights.require_right_to_act(acting, world.foreign.public_id, now=NOW)
