"""The acts of a visit: who may do them, in which order, what is recorded and what is wiped."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from diia_videoreception import errors, models
from diia_videoreception.rules.centres import CentreFunction
from diia_videoreception.rules.visits import MAX_CALLS, MAX_OPEN, VisitMode, VisitPhase
from diia_videoreception.services.assistance import visits
from diia_videoreception.services.assistance.visits import IDLE, StatedNeed, end_abandoned
from diia_videoreception.services.centres import decisions, granting, people, workplaces
from tests.harness.clock import NOW
from tests.steps.centres import CentreWorld, operator
from tests.steps.second_factor import with_app
from tests.steps.visits import NEED, SAID, at, begun, self_service_place, shown

pytestmark = pytest.mark.any_database

CentreVisit = models.CentreVisit
NO_REASON = StatedNeed(NEED.purpose, NEED.agency_name, None, NEED.eid)


@pytest.fixture
def who(world: CentreWorld) -> dict[str, Any]:
    return {"staff": world.administrator, "now": NOW}


@pytest.fixture
def acting(world: CentreWorld) -> Any:
    """The administrator with whom nothing is missing for acting on behalf of people."""
    with_app(world.administrator)
    world.administrator.is_verified = lambda: True
    return world.administrator


def records(visit: models.CentreVisit) -> list[str]:
    found = models.JournalRecord.objects.filter(
        subject_kind="centrevisit", subject_id=str(visit.public_id)
    )
    return list(found.values_list("act", flat=True))


def end(visit: models.CentreVisit, who: dict[str, Any], **values: Any) -> models.CentreVisit:
    said = {"reason": CentreVisit.EndReason.DONE, "outcome": CentreVisit.Outcome.CONSULTED} | values
    return visits.end(shown(visit), **said, **who)


def test_a_visit__is_one_record_for_each_act_and_ends_wiped(
    world: CentreWorld, who: dict[str, Any]
) -> None:
    visit = at(VisitPhase.CHECK, world)
    assert (visit.need, visit.agency_name) == (SAID, NEED.agency_name)
    visits.note_call(shown(visit), models.VisitCall.Result.ANSWERED, note="Передзвонить.", **who)
    visits.go_on(shown(visit), **who)
    ended = end(visit, who)

    assert records(visit) == [
        "visit.begun",
        "visit.moved",
        "visit.need_noted",
        "visit.moved",
        "visit.decided",
        "visit.moved",
        "visit.call_noted",
        "visit.moved",
        "visit.ended",
    ]
    assert (ended.need, ended.agency_name, ended.letter, ended.is_open) == ("", "", None, False)
    assert not ended.calls.exclude(note="").exists()
    told = str(list(models.JournalRecord.objects.values_list("details", flat=True)))
    assert SAID not in told
    assert NEED.agency_name not in told
    assert "Передзвонить" not in told


def test_several_visits__have_letters_of_their_own_and_give_them_back(
    world: CentreWorld, who: dict[str, Any]
) -> None:
    held = [begun(world) for _ in range(MAX_OPEN)]
    assert [visit.sign for visit in held] == list("АБВГДЕЖЗ")
    with pytest.raises(errors.TooManyVisits):
        begun(world)
    assert begun(world, world.consultant).sign == "А"
    end(held[1], who)
    assert begun(world).sign == "Б"


ACTS: list[Callable[[models.CentreVisit, dict[str, Any]], object]] = [
    lambda visit, who: visits.note_greeting(
        shown(visit), need="Так", language=CentreVisit.Language.ENGLISH, **who
    ),
    lambda visit, who: visits.note_need(shown(visit), NEED, **who),
    lambda visit, who: visits.confirm_need(shown(visit), **who),
    lambda visit, who: visits.decide(shown(visit), VisitMode.CONSULTATION, workplace=None, **who),
    lambda visit, who: visits.go_on(shown(visit), **who),
]
"""The acts that lead from one stage to the next, by the stage where they are done."""
OF_STAGE = {
    VisitPhase.GREETING: [0],
    VisitPhase.NEED: [1, 2],
    VisitPhase.DECISION: [3],
    VisitPhase.WORK: [4],
    VisitPhase.CHECK: [4],
    VisitPhase.CLOSE: [],
}


@pytest.mark.parametrize("phase", VisitPhase)
def test_an_act_of_another_stage__is_refused(
    world: CentreWorld, who: dict[str, Any], phase: VisitPhase
) -> None:
    visit = at(phase, world)
    for number, act in enumerate(ACTS):
        if number not in OF_STAGE[phase]:
            with pytest.raises(errors.WrongState):
                act(visit, who)
    assert CentreVisit.objects.get().phase == phase


def test_nothing_is_decided__before_the_need_was_said_back(
    world: CentreWorld, who: dict[str, Any]
) -> None:
    visit = at(VisitPhase.NEED, world)
    with pytest.raises(errors.WrongState):
        visits.confirm_need(shown(visit), **who)


def test_what_another_page_has_changed__is_not_acted_upon(
    world: CentreWorld, who: dict[str, Any]
) -> None:
    visit = at(VisitPhase.WORK, world)
    old = shown(visit)
    visits.go_on(old, **who)
    for act in (visits.go_on, visits.go_back):
        with pytest.raises(errors.VisitChanged):
            act(old, **who)
    with pytest.raises(errors.VisitChanged):
        visits.end(
            old, reason=CentreVisit.EndReason.LEFT, outcome=CentreVisit.Outcome.NOTHING, **who
        )
    assert CentreVisit.objects.get().phase == VisitPhase.CHECK


def test_going_back__keeps_what_was_noted_and_forgets_the_decision(
    world: CentreWorld, who: dict[str, Any]
) -> None:
    visit = at(VisitPhase.WORK, world)
    back = visits.go_back(shown(visit), **who)
    assert (back.phase, back.mode, back.need) == (VisitPhase.DECISION, "", SAID)
    for _ in range(2):
        back = visits.go_back(shown(visit), **who)
    assert back.phase == VisitPhase.GREETING
    with pytest.raises(errors.WrongState):
        visits.go_back(shown(visit), **who)


@pytest.mark.parametrize("stranger", ["head", "consultant", "foreign_head"])
def test_a_visit__is_its_holders_alone(world: CentreWorld, stranger: str) -> None:
    visit = at(VisitPhase.WORK, world)
    for act in (visits.go_on, visits.go_back):
        with pytest.raises(errors.NotFound):
            act(shown(visit), staff=getattr(world, stranger), now=NOW)


def test_by_another_centre_of_the_holder__a_visit_is_not_found(
    world: CentreWorld, who: dict[str, Any]
) -> None:
    visit = at(VisitPhase.WORK, world)
    models.CentreMember.objects.create(
        centre=world.foreign, user=world.administrator, role="administrator", joined_at=NOW
    )
    there = visits.ShownVisit(world.foreign.public_id, visit.public_id, visit.version)
    with pytest.raises(errors.NotFound):
        visits.go_on(there, **who)


# --- Who may help ------------------------------------------------------------------------------


def _block(world: CentreWorld) -> None:
    people.block(
        world.centre.public_id, world.member.public_id, reason="Так.", staff=world.head, now=NOW
    )


def _suspend(world: CentreWorld) -> None:
    granting.suspend(world.centre.public_id, reason="Так.", staff=operator(), now=NOW)


@pytest.mark.parametrize(
    ("stop", "refusal"), [(_block, errors.MemberBlocked), (_suspend, errors.CentreSuspended)]
)
def test_who_may_not_work_now__begins_nothing_and_only_closes_what_is_open(
    world: CentreWorld,
    who: dict[str, Any],
    stop: Callable[[CentreWorld], None],
    refusal: type[Exception],
) -> None:
    visit = at(VisitPhase.WORK, world)
    stop(world)
    with pytest.raises(refusal):
        begun(world)
    with pytest.raises(refusal):
        visits.go_on(shown(visit), **who)
    with pytest.raises(refusal):
        visits.note_call(shown(visit), models.VisitCall.Result.ANSWERED, note="", **who)

    assert not end(visit, who).is_open


def test_who_left_the_centre__does_nothing_there(world: CentreWorld, who: dict[str, Any]) -> None:
    visit = at(VisitPhase.WORK, world)
    people.end_membership(world.centre.public_id, world.member.public_id, staff=world.head, now=NOW)
    with pytest.raises(errors.NotFound):
        visits.go_on(shown(visit), **who)
    with pytest.raises(errors.NotFound):
        end(visit, who)


def test_on_behalf__wants_the_right_at_each_act(world: CentreWorld, acting: Any) -> None:
    visit = at(VisitPhase.DECISION, world)
    who: dict[str, Any] = {"staff": acting, "now": NOW}
    visits.decide(shown(visit), VisitMode.ON_BEHALF, workplace=None, **who)
    visits.go_on(shown(visit), **who)
    decisions.end_decision(
        world.centre.public_id, CentreFunction.INTERMEDIATION, staff=world.head, now=NOW
    )
    for act in (visits.go_on, visits.go_back):
        with pytest.raises(errors.NoRightToAct):
            act(shown(visit), **who)

    assert not end(visit, who).is_open


def test_on_behalf__is_not_chosen_by_who_has_no_right(
    world: CentreWorld, who: dict[str, Any]
) -> None:
    visit = at(VisitPhase.DECISION, world)
    with pytest.raises(errors.NoRightToAct) as refused:
        visits.decide(shown(visit), VisitMode.ON_BEHALF, workplace=None, **who)
    assert refused.value.obstacles == ["no_second_factor"]


@pytest.mark.parametrize("mode", [VisitMode.ON_BEHALF, VisitMode.PAPER])
def test_without_a_reason__nothing_is_done_for_the_person(
    world: CentreWorld, acting: Any, mode: VisitMode
) -> None:
    visit = at(VisitPhase.DECISION, world, need=NO_REASON)
    with pytest.raises(errors.Incomplete):
        visits.decide(shown(visit), mode, workplace=None, staff=acting, now=NOW)


# --- Self-service ------------------------------------------------------------------------------


def test_to_a_place_of_the_centre__a_person_is_invited(world: CentreWorld) -> None:
    place = self_service_place(world)
    visit = at(VisitPhase.WORK, world, VisitMode.SELF_SERVICE, workplace=place.public_id)
    assert visit.workplace == place


def _paused(world: CentreWorld, place: models.CentreWorkplace) -> None:
    workplaces.pause(world.centre.public_id, place.public_id, staff=world.head, now=NOW)


def _off(world: CentreWorld, place: models.CentreWorkplace) -> None:
    decisions.end_decision(
        world.centre.public_id, CentreFunction.SELF_SERVICE, staff=world.head, now=NOW
    )


def _elsewhere(world: CentreWorld, place: models.CentreWorkplace) -> None:
    models.CentreWorkplace.objects.filter(pk=place.pk).update(centre=world.foreign)


def _no_kiosk(world: CentreWorld, place: models.CentreWorkplace) -> None:
    models.CentreWorkplace.objects.filter(pk=place.pk).update(kind="desk")


@pytest.mark.parametrize("change", [_paused, _off, _elsewhere, _no_kiosk])
def test_to_no_other_place__a_person_is_invited(
    world: CentreWorld, who: dict[str, Any], change: Callable[..., None]
) -> None:
    place = self_service_place(world)
    visit = at(VisitPhase.DECISION, world)
    change(world, place)
    for workplace in (place.public_id, None):
        with pytest.raises(errors.Incomplete):
            visits.decide(shown(visit), VisitMode.SELF_SERVICE, workplace=workplace, **who)


# --- The end -----------------------------------------------------------------------------------


def test_an_end__is_told_by_people_and_never_twice(world: CentreWorld, who: dict[str, Any]) -> None:
    visit = begun(world)
    with pytest.raises(errors.Incomplete):
        end(visit, who, reason=CentreVisit.EndReason.IDLE)
    end(visit, who)
    with pytest.raises(errors.NotFound):
        end(visit, who)


def test_a_visit_that_everybody_forgot__is_ended_and_wiped(world: CentreWorld) -> None:
    forgotten, touched = at(VisitPhase.WORK, world), at(VisitPhase.NEED, world)
    later = NOW + IDLE + timedelta(seconds=1)
    CentreVisit.objects.filter(pk=touched.pk).update(changed_at=later)

    assert end_abandoned(now=later) == 1
    assert end_abandoned(now=later) == 0
    forgotten.refresh_from_db()
    touched.refresh_from_db()
    assert (forgotten.end_reason, forgotten.need, touched.is_open) == ("idle", "", True)
    last = models.JournalRecord.objects.filter(act="visit.ended").get()
    assert last.actor_kind == "system"


def test_calls__are_noted_up_to_what_one_can_read(world: CentreWorld, who: dict[str, Any]) -> None:
    visit = begun(world)
    result = models.VisitCall.Result.NO_ANSWER
    for _ in range(MAX_CALLS):
        visits.note_call(shown(visit), result, note="", **who)
    with pytest.raises(errors.Incomplete):
        visits.note_call(shown(visit), result, note="", **who)
