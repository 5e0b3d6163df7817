"""Another time asked for, granted, refused and taken back at the same moment: one of it happens, and all of that."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import (
    Application,
    JournalRecord,
    Letter,
    MoveRequest,
    Occupancy,
    Official,
)
from diia_videoreception.services.booking import applications, deadlines, holds
from tests.factories import ApplicationFactory, CitizenFactory, ScheduleRuleFactory, signed_in
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START
from tests.steps.moderation import decide, moderator_of
from tests.steps.move_requests import ask, refuse, take_back
from tests.steps.proposals import propose
from tests.steps.races import Act, AtOnce, run, said

ROUNDS = 5
LATER, LATEST = START + timedelta(minutes=30), START + timedelta(hours=1)


@pytest.fixture
def new(official: Official, moderator: AbstractBaseUser) -> Callable[[], Application]:
    def make() -> Application:
        Occupancy.objects.filter(official=official).delete()
        application = ApplicationFactory(official=official, start=START)
        decide("confirm", application, moderator)
        return Application.objects.select_related("citizen").get(pk=application.pk)

    return make


def consistent(application: Application) -> str:
    """Nothing is half done: rows of time, request, journal and letters say the same; gives the answer."""
    application.refresh_from_db()
    times = {
        (row.kind, row.start) for row in Occupancy.objects.filter(application_id=application.pk)
    } - {("proposal", LATEST)}
    is_confirmed = application.state == "confirmed"
    assert times == ({("application", application.start)} if is_confirmed else set())
    acts = JournalRecord.objects.filter(subject_id=str(application.public_id))
    moved, refused = (acts.filter(act=f"application.{name}") for name in ("move", "refuse_move"))
    asked = MoveRequest.objects.filter(application=application)
    assert acts.filter(act="application.request_move").count() == asked.count()
    assert asked.filter(answer="accepted").count() == moved.count()
    assert asked.filter(answer="refused").count() == refused.count()
    letters = Letter.objects.filter(application=application, copy_of=None)
    assert letters.filter(kind="moved").count() == moved.count()
    assert letters.filter(kind="move_refused").count() == refused.count()
    assert application.start == (LATER if moved.exists() else START)
    return asked.get(is_last=True).answer if asked.exists() else "none"


def grant(application: Application, moderator: AbstractBaseUser) -> Act:
    seen = Application.objects.get(pk=application.pk)
    return said("moved", lambda: decide("confirm_other_time", seen, moderator, start=LATER))


def test_five_tabs__ask_once(at_once: AtOnce, new: Callable[[], Application]) -> None:
    application = new()
    one = said("asked", lambda: ask(application, LATER))

    assert run(at_once, *[one] * 5) == ["asked"] + ["move_request_open"] * 4

    assert consistent(application) == ""
    assert MoveRequest.objects.count() == 1


def test_the_limit_of_a_day__is_not_passed_by_asking_at_once(
    at_once: AtOnce, official: Official, moderator: AbstractBaseUser
) -> None:
    """Each reception is of another official: only the citizen's own lock stands between them."""
    citizen = CitizenFactory()
    receptions = []
    for number in range(7):
        one = ApplicationFactory(
            official=ScheduleRuleFactory(official__unit=official.unit).official,
            citizen=citizen,
            start=START + number * timedelta(minutes=30),
        )
        receptions.append(decide("confirm", one, moderator))
    week = timedelta(days=7)

    outcomes = run(
        at_once,
        *(said("asked", lambda one=one: ask(one, START + week)) for one in receptions),  # type: ignore[misc]
    )

    assert outcomes == ["asked"] * 5 + ["move_limit_day"] * 2


def test_granting_what_is_taken_back__is_one_or_the_other(
    at_once: AtOnce, new: Callable[[], Application], moderator: AbstractBaseUser
) -> None:
    for _ in range(ROUNDS):
        application = new()
        request = ask(application, LATER)
        outcomes = run(
            at_once,
            grant(application, moderator),
            said("taken back", lambda request=request: take_back(request)),  # type: ignore[misc]
        )
        assert outcomes in (["move_request_closed", "moved"], ["taken back", "wrong_state"])
        assert consistent(application) == ("accepted" if "moved" in outcomes else "withdrawn")


def test_refusing_what_is_taken_back__is_one_or_the_other(
    at_once: AtOnce, new: Callable[[], Application], moderator: AbstractBaseUser
) -> None:
    for _ in range(ROUNDS):
        application = new()
        request = ask(application, LATER)
        outcomes = run(
            at_once,
            said("refused", lambda one=application: refuse(one, moderator)),  # type: ignore[misc]
            said("taken back", lambda request=request: take_back(request)),  # type: ignore[misc]
        )
        assert outcomes in (["move_request_closed", "refused"], ["taken back", "wrong_state"])
        consistent(application)


def test_two_moderators__give_one_answer(
    at_once: AtOnce, official: Official, new: Callable[[], Application], moderator: AbstractBaseUser
) -> None:
    other = moderator_of(official.agency, name="another")
    for _ in range(ROUNDS):
        application = new()
        ask(application, LATER)
        seen = Application.objects.get(pk=application.pk)
        outcomes = run(
            at_once,
            grant(application, moderator),
            said("refused", lambda seen=seen: refuse(seen, other)),  # type: ignore[misc]
        )
        assert outcomes in (["moved", "wrong_state"], ["refused", "wrong_state"])
        consistent(application)


def test_asking_and_proposing__leave_one_of_them_open(
    at_once: AtOnce, new: Callable[[], Application], moderator: AbstractBaseUser
) -> None:
    for _ in range(ROUNDS):
        application = new()
        outcomes = run(
            at_once,
            said("asked", lambda one=application: ask(one, LATER)),  # type: ignore[misc]
            said(
                "proposed",
                lambda pk=application.pk: propose(  # type: ignore[misc]
                    Application.objects.get(pk=pk), moderator, LATEST
                ),
            ),
        )
        # The proposal was made from a page of before the request, or answers it.
        assert outcomes in (
            ["answer_proposal_first", "proposed"],
            ["asked", "proposed"],
            ["asked", "wrong_state"],
        )
        answers = {
            ("answer_proposal_first", "proposed"): "none",
            ("asked", "proposed"): "proposed",
            ("asked", "wrong_state"): "",
        }
        assert consistent(application) == answers[outcomes[0], outcomes[1]]


def test_asking_for_what_is_cancelled__is_no_reception(
    at_once: AtOnce, new: Callable[[], Application]
) -> None:
    for _ in range(ROUNDS):
        application = new()

        def cancel(application: Application = application) -> None:
            actor = signed_in(application.citizen)
            applications.cancel(actor=actor, public_id=application.public_id, now=NOW)

        outcomes = run(
            at_once,
            said("asked", lambda one=application: ask(one, LATER)),  # type: ignore[misc]
            said("cancelled", cancel),
        )
        assert outcomes in (["asked", "cancelled"], ["cancelled", "wrong_state"])
        assert consistent(application) == ("superseded" if "asked" in outcomes else "none")
        assert application.state == "cancelled"


def test_a_wished_time__is_moved_to_or_held_by_another(
    at_once: AtOnce, official: Official, new: Callable[[], Application], moderator: AbstractBaseUser
) -> None:
    for _ in range(ROUNDS):
        application = new()
        ask(application, LATER)
        rival, captcha = signed_in(CitizenFactory()), solved_captcha()

        def hold(rival: object = rival, captcha: str = captcha) -> None:
            holds.reserve(
                actor=rival,  # type: ignore[arg-type]
                official_id=official.pk,
                start=LATER,
                captcha=captcha,
                now=NOW,
            )

        outcomes = run(at_once, grant(application, moderator), said("held", hold))

        assert outcomes in (["held", "slot_taken"], ["moved", "slot_taken"])
        assert consistent(application) == ("accepted" if "moved" in outcomes else "")
        assert Occupancy.objects.filter(official=official, start=LATER).count() == 1


def test_granting_at_the_deadline__meets_who_notes_that_nobody_answered(
    at_once: AtOnce, new: Callable[[], Application], moderator: AbstractBaseUser
) -> None:
    """By two clocks: to one the request is open still, to the other it has just ended."""
    for _ in range(ROUNDS):
        application = new()
        request = ask(application, LATER)
        outcomes = run(
            at_once,
            grant(application, moderator),
            said(
                "noted",
                lambda request=request: deadlines.expire_move_requests(now=request.deadline),  # type: ignore[misc]
            ),
        )
        assert outcomes in (["moved", "noted"], ["noted", "wrong_state"])
        assert consistent(application) == ("accepted" if "moved" in outcomes else "expired")
