"""A question asked, answered, taken back and run out at the same moment: one of it happens, and all of that."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import (
    Application,
    Clarification,
    Document,
    JournalRecord,
    Letter,
    Official,
)
from diia_videoreception.services.booking import applications, deadlines, reply_documents
from tests.factories import ApplicationFactory, signed_in
from tests.harness.clock import NOW, START
from tests.steps.clarifications import ask, reply, withdraw_question
from tests.steps.inspection import examine_inside
from tests.steps.moderation import decide
from tests.steps.races import AtOnce, run, said
from tests.steps.samples import png

ROUNDS = 5


def new(official: Official) -> Application:
    for earlier in Application.objects.filter(
        official=official, state__in=["submitted", "in_review"]
    ):
        applications.cancel(actor=signed_in(earlier.citizen), public_id=earlier.public_id, now=NOW)
    return ApplicationFactory(official=official, start=START)


def consistent(application: Application) -> Application:
    """Nothing is half done: state, questions, journal and documents say the same."""
    now = Application.objects.select_related("clarification").get(pk=application.pk)
    waiting = list(Clarification.objects.filter(application=now, outcome=""))
    assert waiting == ([now.clarification] if now.state == "clarification" else [])
    answers = JournalRecord.objects.filter(
        subject_id=str(now.public_id), act="application.answer_clarification"
    )
    answered = Clarification.objects.filter(application=now, outcome="answered")
    assert answers.count() == answered.count()
    unsent = Document.objects.filter(application=None, clarification__application=now)
    assert unsent.exists() <= (now.state == "clarification")
    return now


def test_two_moderators__ask_one_question(
    at_once: AtOnce, official: Official, moderator: AbstractBaseUser, other: AbstractBaseUser
) -> None:
    for _ in range(ROUNDS):
        application = new(official)
        seen = [Application.objects.get(pk=application.pk) for _ in range(2)]

        outcomes = run(
            at_once,
            said("asked", ask, seen[0], moderator),
            said("asked", ask, seen[1], other, question="А коли?"),
        )

        assert outcomes == ["asked", "wrong_state"]
        assert consistent(application).state == "clarification"
        letters = Letter.objects.filter(application=application, kind="clarification")
        assert letters.filter(copy_of=None).count() == 1
        withdraw_question(application, moderator)


def test_a_question_and_a_decision__meet(
    at_once: AtOnce, official: Official, moderator: AbstractBaseUser, other: AbstractBaseUser
) -> None:
    for _ in range(ROUNDS):
        application = new(official)
        seen = Application.objects.get(pk=application.pk)

        outcomes = run(
            at_once,
            said("asked", ask, application, moderator),
            said("confirmed", decide, "confirm", seen, other),
        )

        assert outcomes in (["asked", "wrong_state"], ["confirmed", "wrong_state"])
        expected = "clarification" if "asked" in outcomes else "confirmed"
        assert consistent(application).state == expected
        application.refresh_from_db()
        applications.cancel(
            actor=signed_in(application.citizen), public_id=application.public_id, now=NOW
        )


def test_one_answer_from_five_tabs__is_sent_once(
    at_once: AtOnce, official: Official, moderator: AbstractBaseUser
) -> None:
    asked = ask(new(official), moderator)

    assert run(at_once, *[said("answered", reply, asked)] * 5) == ["answered"] * 5

    assert consistent(asked.application).state == "in_review"


def test_answering_what_is_withdrawn__is_one_or_the_other(
    at_once: AtOnce, official: Official, moderator: AbstractBaseUser
) -> None:
    for _ in range(ROUNDS):
        asked = ask(new(official), moderator)
        seen = Application.objects.get(pk=asked.application_id)

        outcomes = run(
            at_once,
            said("answered", reply, asked),
            said("withdrawn", withdraw_question, seen, moderator),
        )

        assert outcomes in (["answered", "wrong_state"], ["clarification_closed", "withdrawn"])
        assert consistent(asked.application).state == "in_review"


def test_answering_at_the_deadline__is_one_or_the_other(
    at_once: AtOnce, official: Official, moderator: AbstractBaseUser
) -> None:
    """By two clocks: to one the question is open still, to the other it has just run out."""
    for _ in range(ROUNDS):
        asked = ask(new(official), moderator)
        last = asked.deadline - timedelta(seconds=1)

        outcomes = run(
            at_once,
            said("answered", reply, asked, now=last),
            said("noted", deadlines.expire_clarifications, now=asked.deadline),
        )

        assert outcomes in (["answered", "noted"], ["clarification_closed", "noted"])
        assert consistent(asked.application).state == "in_review"


def test_answering_what_is_cancelled__brings_nothing_back(
    at_once: AtOnce, official: Official, moderator: AbstractBaseUser
) -> None:
    for _ in range(ROUNDS):
        asked = ask(new(official), moderator)
        application = asked.application

        outcomes = run(
            at_once,
            said("answered", reply, asked),
            said(
                "cancelled",
                applications.cancel,
                actor=signed_in(application.citizen),
                public_id=application.public_id,
                now=NOW,
            ),
        )

        assert outcomes in (["answered", "cancelled"], ["cancelled", "clarification_closed"])
        assert consistent(application).state == "cancelled"


def test_a_document_and_the_answer__meet(
    at_once: AtOnce,
    official: Official,
    moderator: AbstractBaseUser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    examine_inside(monkeypatch)
    for _ in range(ROUNDS):
        asked = ask(new(official), moderator)
        application = asked.application

        outcomes = run(
            at_once,
            said("answered", reply, asked),
            said(
                "added",
                reply_documents.add,
                actor=signed_in(application.citizen),
                public_id=application.public_id,
                question_id=asked.public_id,
                data=png(),
                filename="Рішення.png",
                now=NOW,
            ),
        )

        assert outcomes in (["added", "answered"], ["answered", "clarification_closed"])
        consistent(application)
        assert application.documents.count() == outcomes.count("added")
