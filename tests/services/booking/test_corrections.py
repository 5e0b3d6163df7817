"""A citizen corrects before the decision: what was filed stays, the agency reads before it decides."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction

from diia_videoreception import errors
from diia_videoreception.models import (
    Application,
    Correction,
    Document,
    JournalRecord,
    Letter,
    Proposal,
)
from diia_videoreception.rules.refusals import Refusal
from diia_videoreception.selectors.booking import worklist
from diia_videoreception.selectors.booking.applications import document_of
from diia_videoreception.services.booking import (
    applications,
    correction_documents,
    corrections,
    deadlines,
)
from diia_videoreception.services.booking.drafts import DraftAnswers
from diia_videoreception.services.booking.representing import check_authority, name_represented
from diia_videoreception.services.documents.storage import private_storage
from diia_videoreception.services.letters.rendering import NothingToSend
from tests.factories import CitizenFactory, signed_in
from tests.harness.clock import NOW, START
from tests.steps.clarifications import ask, reply
from tests.steps.corrections import CORRECTED, add_to_correction, correct
from tests.steps.inspection import examine_inside
from tests.steps.letters import render
from tests.steps.moderation import decide, moderator_of
from tests.steps.proposals import propose
from tests.steps.representing import MOTHER

HOUR = timedelta(hours=1)
FILED = "Прошу роз’яснити, чому припинили компенсацію."


@pytest.fixture(autouse=True)
def _examined_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    examine_inside(monkeypatch)


def stands(application: Application) -> Application:
    return Application.objects.select_related("clarification").get(pk=application.pk)


def filed(application: Application, name: str = "Рішення.pdf") -> Document:
    """As if it had come with the application."""
    return Document.objects.create(
        application=application,
        name=name,
        media_type="application/pdf",
        size=1000,
        sha256="0" * 64,
        path=f"documents/{name}",
        created_at=NOW,
    )


def rows() -> list[object]:
    tables = (Application, Correction, Document, JournalRecord, Letter)
    return [list(table.objects.order_by("pk").values()) for table in tables]


# --- What changes, and what stays ----------------------------------------------------------------


def test_a_correction__says_what_it_was_and_is_told(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    answers = {"phone": "050 123 45 67", "needs": ["chat"], "companion": ""}

    application = correct(submitted, answers=answers)

    assert (application.topic, application.phone) == (CORRECTED, "+380501234567")
    assert (application.state, application.start, application.version) == ("submitted", START, 2)
    correction = Correction.objects.get()
    assert correction.was == {"topic": FILED, "phone": "+380671234567", "needs": []}
    assert correction.became == {"topic": CORRECTED, "phone": "+380501234567", "needs": ["chat"]}
    assert (correction.made_at, correction.version) == (NOW, 2)
    assert stands(submitted).corrected_at == NOW
    assert [one.facts["news"] for one in Letter.objects.filter(kind="agency_news")] == ["corrected"]
    record = JournalRecord.objects.latest("pk")
    assert (record.act, record.actor_kind) == ("application.correct", "citizen")
    assert record.details == {"answers": ["topic", "phone", "needs"], "documents": 0, "replaced": 0}
    found = worklist.find_applications(worklist.work_list(moderator), "з 1 листопада")
    assert list(found) == [submitted], "the list finds what stands now"


def test_documents__are_added_and_replaced_and_what_was_filed_is_kept(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    first, other = filed(submitted), filed(submitted, "Паспорт.pdf")
    added = add_to_correction(submitted)
    assert list(submitted.documents.all()) == [first, other], "nobody sees it before it is sent"

    correct(submitted, only=[], replaced=[first.public_id])

    first.refresh_from_db()
    correction = Correction.objects.get()
    assert (first.replaced_by, first.application) == (correction, submitted)
    assert list(correction.documents.all()) == [added]
    assert stands(submitted).standing_documents == [other, added]
    assert list(submitted.filed_documents) == [other, added]
    assert private_storage().exists(added.path)
    assert document_of(submitted.citizen, first.public_id) == first
    assert worklist.document_visible_to(
        moderator, application_id=submitted.public_id, document_id=first.public_id
    )


def test_another_scan_of_the_authority__has_to_be_looked_at_anew(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    other, scan = filed(submitted), filed(submitted, "Довіреність.pdf")
    Document.objects.filter(pk=scan.pk).update(proves_authority=True)
    name_represented(submitted, MOTHER)
    check_authority(
        moderator=moderator,
        public_id=submitted.public_id,
        version=submitted.version,
        is_checked=True,
        now=NOW,
    )
    add_to_correction(submitted)
    correct(submitted, only=[], replaced=[other.public_id])
    assert stands(submitted).representation.checked_at == NOW, "the scan is what it was"

    add_to_correction(submitted, "Нова довіреність.png")
    correct(submitted, only=[], replaced=[scan.public_id])

    one = stands(submitted).representation
    assert (one.checked_at, one.checked_by) == (None, None)


@pytest.mark.parametrize("replaced", [1, 2])
def test_a_document__goes_only_where_another_comes(submitted: Application, replaced: int) -> None:
    documents = [filed(submitted), filed(submitted, "Паспорт.pdf")]
    if replaced == 2:
        add_to_correction(submitted)
    before = rows()

    with pytest.raises(errors.Incomplete) as refused:
        correct(submitted, replaced=[one.public_id for one in documents[:replaced]])

    assert refused.value.codes == {"documents": "replacement_missing"}
    assert rows() == before


def test_the_address_for_letters__follows_the_confirmed_one(submitted: Application) -> None:
    submitted.citizen.email = "new@example.com"
    submitted.citizen.save()

    assert correct(submitted, only=[], own_address=True).letters_address == "new@example.com"
    assert Correction.objects.get().became == {"letters_address": "new@example.com"}


def test_an_open_question_and_an_open_proposal__stay(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    proposal = propose(submitted, moderator, START + HOUR)
    correct(submitted)
    assert Proposal.objects.get(pk=proposal.pk).answer == ""
    Proposal.objects.update(answer="refused", answered_at=NOW)
    asked = ask(submitted, moderator)

    application = correct(submitted, topic="Інакше.")

    assert (application.state, application.clarification) == ("clarification", asked)
    assert reply(asked).state == "in_review"
    assert stands(submitted).topic == "Інакше."


# --- What is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"topic": ""}, {"topic": "topic_missing"}),
        ({"topic": "\u200b"}, {"topic": "topic_missing"}),
        ({"topic": "а" * 100_000}, {"topic": "topic_too_long"}),
        ({"phone": "немає"}, {"phone": "phone_letters"}),
        ({"topic": FILED}, {"main": "nothing_corrected"}),
        ({"phone": "067 123 45 67", "topic": f"{FILED} "}, {"main": "nothing_corrected"}),
    ],
)
def test_what_cannot_stand__is_refused_and_writes_nothing(
    submitted: Application, answers: dict[str, str], code: dict[str, str]
) -> None:
    before = rows()

    with pytest.raises(errors.Incomplete) as refused:
        correct(submitted, answers=answers)

    assert refused.value.codes == code
    assert rows() == before


def test_what_is_decided_or_has_begun__cannot_be_corrected(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    with pytest.raises(errors.CorrectionClosed):
        correct(submitted, now=START)
    decide("confirm", submitted, moderator)

    for act in (correct, add_to_correction):
        with pytest.raises(errors.CorrectionClosed):
            act(submitted)
    with pytest.raises(errors.CorrectionClosed):
        keep(submitted)


def test_a_foreign_account__finds_nothing(submitted: Application) -> None:
    actor, before = signed_in(CitizenFactory()), rows()

    for act in (
        lambda: corrections.correct(
            actor=actor, public_id=submitted.public_id, answers=DraftAnswers(topic="Ні"), now=NOW
        ),
        lambda: corrections.keep_typed(
            actor=actor, public_id=submitted.public_id, answers=DraftAnswers(), now=NOW
        ),
        lambda: correction_documents.add(
            actor=actor, public_id=submitted.public_id, data=b"", filename="a.png", now=NOW
        ),
        lambda: correction_documents.remove(
            actor=actor, public_id=submitted.public_id, document_id=uuid4()
        ),
    ):
        with pytest.raises(errors.NotFound):
            act()
    assert rows() == before


def test_an_old_tab__overwrites_nothing(submitted: Application) -> None:
    correct(submitted)

    with pytest.raises(errors.CorrectionOutdated):
        correct(submitted, topic="З другої вкладки.", version=1)

    assert stands(submitted).topic == CORRECTED
    assert correct(submitted, version=1).version == 2, "a second click on one button"
    assert Correction.objects.count() == 1


def test_corrections__are_five_in_a_day(submitted: Application, moderator: Any) -> None:
    for number in range(5):
        correct(submitted, topic=f"Виправлення {number}.", now=NOW + number * HOUR)

    with pytest.raises(errors.CorrectionLimitDay) as refused:
        correct(submitted, now=NOW + 23 * HOUR)
    assert refused.value.until == NOW + 24 * HOUR

    assert correct(submitted, now=NOW + 24 * HOUR).topic == CORRECTED


def test_documents__are_ten_at_most(submitted: Application, settings: Any) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"MAX_FILES": 2}
    first = filed(submitted)
    for name in ("Перша.png", "Друга.png"):
        add_to_correction(submitted, name)
    with pytest.raises(errors.TooManyFiles):
        add_to_correction(submitted, "Третя.png")

    with pytest.raises(errors.TooManyFiles):
        correct(submitted, only=[])

    correct(submitted, only=[], replaced=[first.public_id])
    assert len(stands(submitted).standing_documents) == 2


# --- What is not sent ----------------------------------------------------------------------------


def keep(application: Application, topic: str = "Пишу…") -> Correction:
    return corrections.keep_typed(
        actor=signed_in(application.citizen),
        public_id=application.public_id,
        answers=DraftAnswers(topic=topic),
        now=NOW,
    )


def test_what_is_typed__waits_and_goes_with_the_correction(submitted: Application) -> None:
    assert keep(submitted).pk == keep(submitted, "Пишу далі…").pk
    assert Correction.objects.get().typed["topic"] == "Пишу далі…"
    document = add_to_correction(submitted)
    correction_documents.remove(
        actor=signed_in(submitted.citizen),
        public_id=submitted.public_id,
        document_id=document.public_id,
    )
    assert not Document.objects.exists()

    correct(submitted)

    assert Correction.objects.get().typed == {}


@pytest.mark.parametrize("how", ["confirm", "cancel", "lapse"])
def test_a_decision__takes_away_what_was_not_sent(
    submitted: Application,
    moderator: AbstractBaseUser,
    how: str,
    django_capture_on_commit_callbacks: Any,
) -> None:
    document = add_to_correction(submitted)
    keep(submitted)

    with django_capture_on_commit_callbacks(execute=True):
        match how:
            case "confirm":
                decide("confirm", submitted, moderator)
            case "cancel":
                applications.cancel(
                    actor=signed_in(submitted.citizen), public_id=submitted.public_id, now=NOW
                )
            case "lapse":
                deadlines.lapse_undecided(now=START)

    assert not Correction.objects.exists()
    assert not Document.objects.exists()
    assert not private_storage().exists(document.path)


def test_the_database__keeps_one_unsent_and_none_without_a_moment(submitted: Application) -> None:
    keep(submitted)
    for wrong in ({}, {"made_at": NOW}, {"version": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Correction.objects.create(application=submitted, **wrong)


# --- The moderator -------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["confirm", "confirm_other_time", "decline", "mark_read"])
def test_a_decision_on_what_was_before__is_refused_with_the_hour(
    submitted: Application, moderator: AbstractBaseUser, act: str
) -> None:
    seen = stands(submitted)
    correct(submitted, now=NOW + timedelta(minutes=32))
    do: dict[str, Callable[[], object]] = {
        "confirm_other_time": lambda: decide(act, seen, moderator, start=START + HOUR),
        "decline": lambda: decide(act, seen, moderator, refusal=Refusal("Не наше.")),
        "mark_read": lambda: corrections.mark_read(
            moderator=moderator, public_id=seen.public_id, version=1, now=NOW
        ),
    }

    with pytest.raises(errors.CorrectedMeanwhile) as refused:
        do.get(act, lambda: decide(act, seen, moderator))()

    assert "10:32" in str(refused.value)
    assert isinstance(refused.value, errors.WrongState)


def test_reading__takes_the_mark_away_once(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    correct(submitted)
    for _ in range(2):
        corrections.mark_read(
            moderator=moderator, public_id=submitted.public_id, version=2, now=NOW
        )

    assert stands(submitted).corrected_at is None
    assert JournalRecord.objects.filter(act="application.read_correction").count() == 1
    correct(submitted, topic="Ще раз.")
    assert decide("confirm", stands(submitted), moderator).corrected_at is None


def test_a_foreign_moderator__marks_nothing(submitted: Application) -> None:
    correct(submitted)

    with pytest.raises(errors.NotFound):
        corrections.mark_read(
            moderator=moderator_of(name="foreign"),
            public_id=submitted.public_id,
            version=2,
            now=NOW,
        )

    assert stands(submitted).corrected_at == NOW


def test_news_of_a_correction_that_was_read__are_not_sent(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    correct(submitted)
    letter = Letter.objects.get(kind="agency_news")
    assert "заявник виправив" in render(letter).text.lower()

    corrections.mark_read(moderator=moderator, public_id=submitted.public_id, version=2, now=NOW)

    with pytest.raises(NothingToSend):
        render(letter)
