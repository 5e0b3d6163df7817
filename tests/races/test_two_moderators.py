"""Two people decide one case at the same moment: one of them has, the other is told, the citizen gets one letter."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import Application, Official
from diia_videoreception.rules.refusals import Refusal
from diia_videoreception.services.booking import applications
from tests.factories import ApplicationFactory, signed_in
from tests.harness.clock import NOW, START
from tests.steps import move_requests
from tests.steps.closing import as_head, end_consideration
from tests.steps.consistency import check_consistency
from tests.steps.corrections import correct
from tests.steps.moderation import decide
from tests.steps.races import AtOnce, run, said

ROUNDS = 3
LATER = START + timedelta(hours=1)
Decide = Callable[[Application, AbstractBaseUser], object]


def _confirm(application: Application, who: AbstractBaseUser) -> None:
    decide("confirm", application, who)


def _decline(application: Application, who: AbstractBaseUser) -> None:
    decide("decline", application, who, refusal=Refusal("Це питання іншої установи."))


def _accept(application: Application, who: AbstractBaseUser) -> None:
    decide("accept_for_review", application, who)


def _later(application: Application, who: AbstractBaseUser) -> None:
    decide("confirm_other_time", application, who, start=LATER)


def _cancel(application: Application) -> None:
    actor = signed_in(application.citizen)
    applications.cancel(actor=actor, public_id=application.public_id, now=NOW)


def told_once(application: Application, *, version: int) -> Application:
    """Everything says the same, and no more has happened than led to this version."""
    check_consistency()
    stands = Application.objects.select_related("citizen").get(pk=application.pk)
    assert stands.version == version
    return stands


@pytest.mark.parametrize(
    ("one", "another"),
    [
        (_accept, _accept),
        (_accept, end_consideration),
        (_confirm, _confirm),
        (_confirm, _decline),
        (_later, _confirm),
        (end_consideration, end_consideration),
        (end_consideration, _confirm),
    ],
)
def test_two_moderators__decide_once(
    at_once: AtOnce,
    official: Official,
    moderator: AbstractBaseUser,
    other: AbstractBaseUser,
    one: Decide,
    another: Decide,
) -> None:
    for who in (moderator, other):
        as_head(who)
    for _ in range(ROUNDS):
        application = ApplicationFactory(official=official, start=START)
        seen = [Application.objects.get(pk=application.pk) for _ in range(2)]

        outcomes = run(
            at_once, said("done", one, seen[0], moderator), said("done", another, seen[1], other)
        )

        assert outcomes == ["done", "wrong_state"]
        stands = told_once(application, version=2)
        if stands.state in ("in_review", "confirmed"):
            _cancel(stands)


@pytest.mark.parametrize("act", [_accept, _decline, end_consideration])
def test_a_correction_at_the_moment_of_a_decision__is_read_before_it_or_comes_too_late(
    at_once: AtOnce, official: Official, moderator: AbstractBaseUser, act: Decide
) -> None:
    as_head(moderator)
    for _ in range(ROUNDS):
        application = ApplicationFactory(official=official, start=START)
        seen = Application.objects.get(pk=application.pk)

        outcomes = run(
            at_once, said("decided", act, seen, moderator), said("sent", correct, application)
        )

        # What is only accepted for review can be corrected still.
        assert outcomes in (
            ["corrected_meanwhile", "sent"],
            ["decided", "sent"] if act is _accept else ["correction_closed", "decided"],
        )
        stands = told_once(application, version=3 if outcomes == ["decided", "sent"] else 2)
        assert (stands.corrected_at == NOW) == ("sent" in outcomes)
        if stands.state in ("submitted", "in_review"):
            _cancel(stands)


@pytest.fixture
def asked(official: Official, moderator: AbstractBaseUser) -> Callable[[], Application]:
    """A confirmed reception that its citizen asks to move."""

    def make() -> Application:
        application = ApplicationFactory(official=official, start=START)
        _confirm(application, moderator)
        move_requests.ask(application, LATER)
        return Application.objects.select_related("citizen").get(pk=application.pk)

    return make


def test_a_move_that_is_granted_and_cancelled__ends_cancelled(
    at_once: AtOnce, asked: Callable[[], Application], moderator: AbstractBaseUser
) -> None:
    for _ in range(ROUNDS):
        application = asked()

        outcomes = run(
            at_once,
            said("moved", _later, application, moderator),
            said("cancelled", _cancel, application),
        )

        assert outcomes in (["cancelled", "moved"], ["cancelled", "wrong_state"])
        stands = told_once(application, version=5 if "moved" in outcomes else 4)
        assert stands.state == "cancelled"
        request = stands.move_requests.get()
        assert request.answer == ("accepted" if "moved" in outcomes else "superseded")


@pytest.mark.parametrize("another", [_later, move_requests.refuse])
def test_two_moderators__answer_a_wish_to_move_once(
    at_once: AtOnce,
    asked: Callable[[], Application],
    moderator: AbstractBaseUser,
    other: AbstractBaseUser,
    another: Any,
) -> None:
    for _ in range(ROUNDS):
        application = asked()
        seen = [Application.objects.get(pk=application.pk) for _ in range(2)]

        outcomes = run(
            at_once,
            said("done", _later, seen[0], moderator),
            # It reads the case itself, as a page that is opened at this moment.
            said("done", another, seen[1], other),
        )

        assert outcomes == ["done", "wrong_state"]
        _cancel(told_once(application, version=4))
