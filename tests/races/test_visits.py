"""Visits at the same moment: one letter, one step, handed over while somebody acts."""

from collections.abc import Callable
from typing import Any

import pytest

from diia_videoreception.models import CentreVisit
from diia_videoreception.rules.visits import VisitPhase
from diia_videoreception.services.assistance import visits
from diia_videoreception.services.assistance.handing_over import hand_over
from diia_videoreception.services.assistance.holding import ShownVisit
from tests.harness.clock import NOW
from tests.steps.centres import CentreWorld, member, new_centre_world, user
from tests.steps.visits import at, begun, shown

AtOnce = Callable[..., list[object]]
ROUNDS = 3


@pytest.fixture
def world(transactional_db: None, time_machine: Any) -> CentreWorld:
    time_machine.move_to(NOW, tick=False)
    return new_centre_world()


def test_visits_begun_at_once__have_different_letters(at_once: AtOnce, world: CentreWorld) -> None:
    at_once(lambda _: begun(world).sign, range(4))

    letters = CentreVisit.objects.open().values_list("letter", flat=True)
    assert sorted(letters) == [0, 1, 2, 3]


def test_a_step_that_is_pressed_twice__is_done_once(at_once: AtOnce, world: CentreWorld) -> None:
    for _ in range(ROUNDS):
        page = shown(at(VisitPhase.WORK, world))

        def go_on(_: int, page: ShownVisit = page) -> str:
            return str(visits.go_on(page, staff=world.administrator, now=NOW).phase)

        assert sorted(map(str, at_once(go_on, range(2)))) == ["check", "visit_changed"]


def test_a_visit_that_is_handed_over_in_the_middle__goes_on_or_goes_away(
    at_once: AtOnce, world: CentreWorld
) -> None:
    for turn in range(ROUNDS):
        colleague = member(world.centre, user(f"colleague{turn}"))
        visit = at(VisitPhase.WORK, world)
        page = shown(visit)

        def go(who: str, page: ShownVisit = page, taker: Any = colleague.public_id) -> str:
            if who == "goes on":
                visits.go_on(page, staff=world.administrator, now=NOW)
                return who
            holder = world.member.public_id
            hand_over(
                world.centre.public_id,
                holder=holder,
                taker=taker,
                staff=world.administrator,
                now=NOW,
            )
            return who

        outcomes = list(map(str, at_once(go, ["goes on", "hands over"])))
        visit.refresh_from_db()
        assert outcomes[1] == "hands over"
        assert outcomes[0] in {"goes on", "not_found", "visit_changed"}
        assert visit.member == colleague
        assert visit.phase == ("check" if outcomes[0] == "goes on" else "work")
