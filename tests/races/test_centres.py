"""People of a centre at the same moment: one invitation, two heads, one label, blocked while acting, one test."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from diia_videoreception.errors import NoRightToAct
from diia_videoreception.models import CentreMember, CentreTestAttempt, CentreWorkplace
from diia_videoreception.rules.centres import CentreRole
from diia_videoreception.services.centres import invitations, people, rights, testing, workplaces
from tests.harness.clock import NOW
from tests.steps.centres import (
    CentreWorld,
    accredited,
    member,
    new_centre_world,
    place_of,
    published_test,
    user,
)
from tests.steps.second_factor import with_app

AtOnce = Callable[..., list[object]]
ROUNDS = 5


@pytest.fixture
def world(transactional_db: None, time_machine: Any) -> CentreWorld:
    time_machine.move_to(NOW, tick=False)
    return new_centre_world()


def test_one_invitation__lets_in_one_of_two(at_once: AtOnce, world: CentreWorld) -> None:
    for turn in range(ROUNDS):
        invitation = invitations.invite(
            world.centre.public_id,
            role=CentreRole.CONSULTANT,
            name="Поліщук Алла",
            address=f"alla{turn}@cnap.example",
            staff=world.head,
            now=NOW,
        )
        rivals = [user(f"rival{turn}-{number}", email="") for number in range(2)]

        def join(who: Any, key: Any = invitation.public_id) -> str:
            invitations.join(key, user=who, now=NOW)
            return "joined"

        assert sorted(map(str, at_once(join, rivals))) == ["invitation_invalid", "joined"]
        assert CentreMember.objects.filter(user__in=rivals).count() == 1


def test_two_heads_who_end_each_other__leave_one(at_once: AtOnce, world: CentreWorld) -> None:
    for turn in range(ROUNDS):
        second = member(world.foreign, user(f"second{turn}"), CentreRole.HEAD)
        first = CentreMember.objects.live().get(user=world.foreign_head, centre=world.foreign)

        def end(pair: tuple[Any, CentreMember]) -> str:
            staff, other = pair
            people.end_membership(world.foreign.public_id, other.public_id, staff=staff, now=NOW)
            return "ended"

        outcomes = at_once(end, [(first.user, second), (second.user, first)])

        assert sorted(map(str, outcomes)) == ["ended", "not_found"]
        heads = CentreMember.objects.live().filter(centre=world.foreign, role="head")
        assert heads.count() == 1
        heads.update(user=world.foreign_head)


def test_two_places_with_one_name__are_one(at_once: AtOnce, world: CentreWorld) -> None:
    for turn in range(ROUNDS):

        def make(_: int, label: str = f"Місце № {turn}") -> str:
            workplaces.make_workplace(
                world.centre.public_id,
                kind=CentreWorkplace.Kind.DESK,
                label=label,
                staff=world.head,
                now=NOW,
            )
            return "made"

        assert sorted(map(str, at_once(make, range(2)))) == ["made", "workplace_name_taken"]


def test_who_is_blocked_while_acting__has_acted_before_or_not_at_all(
    at_once: AtOnce, world: CentreWorld
) -> None:
    acting = world.administrator
    with_app(acting)
    acting.is_verified = lambda: True
    about = (world.centre.public_id, world.member.public_id)
    for _ in range(ROUNDS):

        def go(who: str) -> str:
            if who == "blocks":
                people.block(*about, reason="Скарга.", staff=world.head, now=NOW)
                return "blocked"
            with transaction.atomic():
                rights.require_right_to_act(acting, world.centre.public_id, now=NOW)
                # As long as the act lasts nobody has blocked the person.
                assert not CentreMember.objects.get(pk=world.member.pk).is_blocked
            return "acted"

        outcomes = at_once(go, ["acts", "blocks"])

        assert outcomes[1] == "blocked"
        assert outcomes[0] in {"acted", NoRightToAct.code}
        people.unblock(*about, staff=world.head, now=NOW)


def test_a_test_begun_and_handed_in_by_two_tabs__is_one_attempt_and_one_result(
    at_once: AtOnce, world: CentreWorld
) -> None:
    published_test(max_attempts=ROUNDS)
    somebody = member(world.centre, user("taker"))
    accredited(somebody.user, world.centre, "training")
    about = world.centre.public_id
    for turn in range(1, ROUNDS):

        def begin(_: int) -> str:
            started = testing.start(about, user=somebody.user, language="uk", now=NOW)
            return str(started.public_id)

        assert len(set(at_once(begin, range(2)))) == 1
        attempt = CentreTestAttempt.objects.get(finished_at=None)
        assert attempt.number == turn

        def choose(number: int, key: Any = attempt) -> str:
            place = place_of(key, number, is_right=number > 1)
            testing.answer(
                about, key.public_id, number=number, place=place, user=somebody.user, now=NOW
            )
            return "kept"

        assert at_once(choose, range(1, 4)) == ["kept"] * 3, "no tab overwrites another"

        def hand_in(_: int, key: Any = attempt.public_id) -> str:
            testing.finish(about, key, user=somebody.user, now=NOW)
            return "judged"

        assert sorted(map(str, at_once(hand_in, range(2)))) == ["judged", "wrong_state"]
