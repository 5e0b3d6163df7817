"""A correction at the moment of a decision, and from several tabs: one of it happens, and all of that."""

import pytest
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import Application, Correction, Document, JournalRecord, Official
from diia_videoreception.services.booking import applications, corrections
from tests.factories import ApplicationFactory, signed_in
from tests.harness.clock import NOW, START
from tests.steps.corrections import CORRECTED, add_to_correction, correct
from tests.steps.inspection import examine_inside
from tests.steps.moderation import decide
from tests.steps.races import AtOnce, run, said

ROUNDS = 5


def cancel(application: Application) -> None:
    actor = signed_in(application.citizen)
    applications.cancel(actor=actor, public_id=application.public_id, now=NOW)


def consistent(application: Application) -> Application:
    """Nothing is half done: the answers, the correction, its version and the journal say the same."""
    stands = Application.objects.get(pk=application.pk)
    sent = list(Correction.objects.sent().filter(application=application))
    assert (stands.topic == CORRECTED) == bool(sent)
    records = JournalRecord.objects.filter(
        subject_id=str(application.public_id), act="application.correct"
    )
    assert records.count() == len(sent) <= 1
    assert not Document.objects.filter(correction__application=application, application=None)
    return stands


def test_a_decision_and_a_correction__meet(
    at_once: AtOnce, official: Official, moderator: AbstractBaseUser
) -> None:
    """The decision is about what the moderator read, or it is refused and says why."""
    for _ in range(ROUNDS):
        application = ApplicationFactory(official=official, start=START)
        seen = Application.objects.get(pk=application.pk)

        outcomes = run(
            at_once,
            said("confirmed", decide, "confirm", seen, moderator),
            said("corrected", correct, application),
        )

        assert outcomes in (
            ["confirmed", "correction_closed"],
            ["corrected", "corrected_meanwhile"],
        )
        state = "confirmed" if "confirmed" in outcomes else "submitted"
        assert consistent(application).state == state
        cancel(application)


def test_reading_and_a_newer_correction__leave_the_mark(
    at_once: AtOnce, official: Official, moderator: AbstractBaseUser
) -> None:
    for _ in range(ROUNDS):
        application = ApplicationFactory(official=official, start=START)
        correct(application, topic="Раніше.")

        outcomes = run(
            at_once,
            said(
                "read",
                corrections.mark_read,
                moderator=moderator,
                public_id=application.public_id,
                version=2,
                now=NOW,
            ),
            said("corrected", correct, application),
        )

        assert "corrected" in outcomes
        assert Application.objects.get(pk=application.pk).corrected_at == NOW
        cancel(application)


def test_one_correction_from_five_tabs__is_made_once(at_once: AtOnce, official: Official) -> None:
    application = ApplicationFactory(official=official, start=START)

    acts = [said("corrected", correct, application, version=1)] * 5
    assert run(at_once, *acts) == ["corrected"] * 5

    assert consistent(application).version == 2


def test_a_document_and_a_decision__meet(
    at_once: AtOnce,
    official: Official,
    moderator: AbstractBaseUser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    examine_inside(monkeypatch)
    for _ in range(ROUNDS):
        application = ApplicationFactory(official=official, start=START)

        outcomes = run(
            at_once,
            said("confirmed", decide, "confirm", application, moderator),
            said("added", add_to_correction, application),
        )

        assert outcomes in (["added", "confirmed"], ["confirmed", "correction_closed"])
        assert consistent(application).state == "confirmed"
        cancel(application)
