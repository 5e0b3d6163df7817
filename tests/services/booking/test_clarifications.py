"""A question before the decision: the time stays, the answer brings the case back, silence refuses nothing."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction

from diia_videoreception import errors
from diia_videoreception.models import (
    Agency,
    Application,
    Clarification,
    Document,
    Holiday,
    JournalRecord,
    Letter,
    Occupancy,
)
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking import worklist
from diia_videoreception.services.booking import (
    applications,
    clarifications,
    deadlines,
    reply_documents,
)
from diia_videoreception.services.booking.signatures import manifest_of
from diia_videoreception.services.documents.storage import private_storage
from tests.factories import CitizenFactory, signed_in
from tests.harness.clock import NOW, START
from tests.steps.clarifications import QUESTION, REPLY, ask, reply, withdraw_question
from tests.steps.inspection import examine_inside
from tests.steps.letters import render
from tests.steps.moderation import decide, moderator_of
from tests.steps.proposals import propose
from tests.steps.samples import png

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
TERM = 48 * HOUR
PNG = png()


@pytest.fixture(autouse=True)
def _examined_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    examine_inside(monkeypatch)


@pytest.fixture
def asked(submitted: Application, moderator: AbstractBaseUser) -> Clarification:
    return ask(submitted, moderator)


def stands(application: Application) -> Application:
    return Application.objects.select_related("clarification").get(pk=application.pk)


def actor_of(asked: Clarification) -> SignedIn:
    return signed_in(asked.application.citizen)


def add(asked: Clarification, *, name: str = "Рішення.png", now: datetime = NOW) -> Document:
    return reply_documents.add(
        actor=actor_of(asked),
        public_id=asked.application.public_id,
        question_id=asked.public_id,
        data=PNG,
        filename=name,
        now=now,
    )


def remove(asked: Clarification, document: Document) -> None:
    reply_documents.remove(
        actor=actor_of(asked),
        public_id=asked.application.public_id,
        question_id=asked.public_id,
        document_id=document.public_id,
    )


def type_in(asked: Clarification, text: str, now: datetime = NOW) -> None:
    clarifications.keep_typed(
        actor=actor_of(asked),
        public_id=asked.application.public_id,
        question_id=asked.public_id,
        text=text,
        now=now,
    )


def has_file(document: Document) -> bool:
    return bool(private_storage().exists(document.path))


def news() -> list[str]:
    return [letter.facts["news"] for letter in Letter.objects.filter(kind="agency_news")]


# --- Asking --------------------------------------------------------------------------------------


def test_asking__leaves_the_time_and_decides_nothing(
    submitted: Application, asked: Clarification
) -> None:
    application = stands(submitted)
    assert (application.state, application.start) == ("clarification", START)
    assert (application.decided_at, application.clarification) == (None, asked)
    assert (asked.question, asked.deadline) == (QUESTION, NOW + TERM)
    assert Occupancy.objects.get(application=submitted).start == START


@pytest.mark.parametrize(
    ("hours", "deadline"),
    [(48, NOW + TERM), (5, NOW + 5 * HOUR), (720, START - 2 * HOUR)],
    ids=["usual", "the agency's", "before the start"],
)
def test_deadline__is_the_agencys_term_or_two_hours_before_the_start(
    submitted: Application, moderator: AbstractBaseUser, hours: int, deadline: datetime
) -> None:
    Agency.objects.update(answer_hours=hours)

    assert ask(submitted, moderator).deadline == deadline


def test_a_chosen_day__is_waited_for_until_its_evening(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    asked = ask(submitted, moderator, answer_by=date(2026, 11, 24))

    assert asked.deadline == datetime(2026, 11, 24, 16, tzinfo=UTC)
    assert (
        "24 листопада 2026 року, 18:00"
        in render(Letter.objects.get(kind="clarification", copy_of=None)).text
    )
    assert deadlines.expire_clarifications(now=asked.deadline - MINUTE) == 0
    assert deadlines.expire_clarifications(now=asked.deadline) == 1


@pytest.mark.parametrize(
    ("day", "hours"),
    [(23, 720), (25, 48), (26, 720), (28, 720), (1, 720)],
    ids=["today", "after the term", "a holiday", "a Saturday", "after the start"],
)
def test_a_day_that_cannot_be_chosen__asks_nothing(
    submitted: Application, moderator: AbstractBaseUser, day: int, hours: int
) -> None:
    Agency.objects.update(answer_hours=hours)
    Holiday.objects.create(date=date(2026, 11, 26), name="Свято")
    wanted = date(2026, 12 if day == 1 else 11, day)

    with pytest.raises(errors.Incomplete) as refused:
        ask(submitted, moderator, answer_by=wanted)

    assert list(refused.value.fields) == ["answer_by"]
    assert stands(submitted).state == "submitted"


@pytest.mark.parametrize(
    ("before", "refusal"),
    [
        (2 * HOUR, errors.ClarificationTooLate),
        (HOUR, errors.ClarificationTooLate),
        (timedelta(), errors.WrongState),
        (-HOUR, errors.WrongState),
    ],
)
def test_too_late__nothing_is_asked(
    submitted: Application,
    moderator: AbstractBaseUser,
    before: timedelta,
    refusal: type[errors.ActRefused],
) -> None:
    with pytest.raises(refusal):
        ask(submitted, moderator, now=START - before)
    assert stands(submitted).state == "submitted"


@pytest.mark.parametrize(
    ("question", "said"),
    [("", "Напишіть запитання"), (" \u200b\n", "Напишіть запитання"), ("а" * 100_000, "2000")],
)
def test_a_question__has_words_and_not_too_many(
    submitted: Application, moderator: AbstractBaseUser, question: str, said: str
) -> None:
    with pytest.raises(errors.Incomplete) as refused:
        ask(submitted, moderator, question=question)

    assert said in str(refused.value.fields["question"])
    assert not Clarification.objects.exists()


def test_beside_a_proposal__nothing_is_asked(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    propose(submitted, moderator, START + HOUR)

    with pytest.raises(errors.ProposalOpen):
        ask(submitted, moderator)

    late = NOW + TERM
    assert ask(submitted, moderator, now=late).is_open(late), "the proposal has expired by then"
    assert deadlines.expire_proposals(now=late) == 0


def test_another_agency__finds_nothing(submitted: Application, asked: Clarification) -> None:
    stranger = moderator_of(name="stranger")

    with pytest.raises(errors.NotFound):
        ask(submitted, stranger)
    with pytest.raises(errors.NotFound):
        withdraw_question(submitted, stranger)


def test_while_it_is_open__nothing_is_decided(
    submitted: Application, asked: Clarification, moderator: AbstractBaseUser
) -> None:
    for act in ("confirm", "confirm_other_time"):
        how = {"start": START + HOUR} if act == "confirm_other_time" else {}
        with pytest.raises(errors.WrongState):
            decide(act, stands(submitted), moderator, **how)
    with pytest.raises(errors.WrongState):
        ask(submitted, moderator)
    assert stands(submitted).clarification == asked
    assert not worklist.waiting_for_decision(moderator, now=NOW).exists()


# --- Answering -----------------------------------------------------------------------------------


def test_the_answer__brings_the_case_back_with_its_documents(
    submitted: Application, asked: Clarification, moderator: AbstractBaseUser
) -> None:
    signed = manifest_of(submitted)
    document = add(asked)
    assert not submitted.documents.exists(), "the agency sees nothing before it is sent"
    type_in(asked, "Рішення ухвалило…")

    application = reply(asked)

    assert (application.state, application.clarification_id) == ("in_review", None)
    asked.refresh_from_db()
    assert (asked.outcome, asked.answer, asked.ended_at) == ("answered", REPLY, NOW)
    assert asked.typed == ""
    assert list(submitted.documents.all()) == [document]
    assert list(asked.documents.all()) == [document]
    assert manifest_of(stands(submitted)) == signed, "what was signed is what was filed"
    assert list(worklist.waiting_for_decision(moderator, now=NOW)) == [submitted]
    assert news() == ["clarified"]
    record = JournalRecord.objects.latest("pk")
    assert (record.act, record.details) == ("application.answer_clarification", {"documents": 1})
    assert decide("confirm", stands(submitted), moderator).state == "confirmed"


@pytest.mark.parametrize("text", ["", "\n \u200b", "а" * 5001, "а" * 100_000])
def test_an_answer__has_words_and_not_too_many(asked: Clarification, text: str) -> None:
    document = add(asked)

    with pytest.raises(errors.Incomplete):
        reply(asked, text=text)

    assert stands(asked.application).clarification == asked
    assert has_file(document)


def test_answering_twice__counts_once(asked: Clarification) -> None:
    first = reply(asked)
    again = reply(asked)

    assert (again.state, again.version) == (first.state, first.version)
    with pytest.raises(errors.ClarificationClosed):
        reply(asked, text="Інша відповідь")
    assert news() == ["clarified"]


def test_an_old_letter__answers_no_newer_question(
    submitted: Application, asked: Clarification, moderator: AbstractBaseUser
) -> None:
    reply(asked)
    newer = ask(submitted, moderator, question="А дата рішення?")

    with pytest.raises(errors.ClarificationClosed):
        reply(asked, text="Інша відповідь")
    with pytest.raises(errors.ClarificationClosed):
        add(asked)

    assert stands(submitted).clarification == newer
    assert reply(newer, text="2 листопада").state == "in_review"


def test_a_foreign_account__finds_no_question(asked: Clarification) -> None:
    stranger = signed_in(CitizenFactory())
    named = {"public_id": asked.application.public_id, "question_id": asked.public_id}
    document = add(asked)

    with pytest.raises(errors.NotFound):
        clarifications.answer(actor=stranger, text=REPLY, now=NOW, **named)
    with pytest.raises(errors.NotFound):
        clarifications.keep_typed(actor=stranger, text=REPLY, now=NOW, **named)
    with pytest.raises(errors.NotFound):
        reply_documents.add(actor=stranger, data=PNG, filename="а.png", now=NOW, **named)
    with pytest.raises(errors.NotFound):
        reply_documents.remove(actor=stranger, document_id=document.public_id, **named)
    assert has_file(document)


def test_documents__are_as_many_as_of_an_application(asked: Clarification, settings: Any) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"MAX_FILES": 2}
    first = add(asked)
    add(asked, name="Друге.png")

    with pytest.raises(errors.TooManyFiles):
        add(asked, name="Третє.png")

    remove(asked, first)
    remove(asked, first)
    assert not Document.objects.filter(pk=first.pk).exists()
    add(asked, name="Третє.png")


def test_a_sent_document__is_not_taken_back(asked: Clarification) -> None:
    document = add(asked)
    reply(asked)

    remove(asked, document)

    assert has_file(document)


# --- The end without an answer --------------------------------------------------------------------


def test_from_the_deadline_on__the_case_waits_whoever_has_noted_it(
    submitted: Application, asked: Clarification, moderator: AbstractBaseUser
) -> None:
    assert not worklist.waiting_for_decision(moderator, now=asked.deadline - HOUR).exists()
    assert list(worklist.waiting_for_decision(moderator, now=asked.deadline)) == [submitted]
    assert stands(submitted).state_at(asked.deadline) == "in_review"

    decide("confirm", stands(submitted), moderator, now=asked.deadline)

    acts = list(JournalRecord.objects.order_by("pk").values_list("act", flat=True))
    assert acts[-2:] == ["application.expire_clarification", "application.confirm"]
    asked.refresh_from_db()
    assert (asked.outcome, asked.answer) == ("expired", "")


def test_too_late__is_no_answer_and_what_was_added_goes(asked: Clarification) -> None:
    document = add(asked)
    type_in(asked, "Не встиг")

    for late in (reply, lambda one, now: type_in(one, "Ще", now), add):
        with pytest.raises(errors.ClarificationClosed):
            late(asked, now=asked.deadline)
    assert deadlines.expire_clarifications(now=asked.deadline) == 1

    application = stands(asked.application)
    assert (application.state, application.decided_at) == ("in_review", None)
    asked.refresh_from_db()
    assert (asked.outcome, asked.typed) == ("expired", "")
    assert news() == ["not_clarified"]
    assert not Document.objects.filter(pk=document.pk).exists()
    assert deadlines.expire_clarifications(now=asked.deadline) == 0


def test_withdrawing__lets_the_case_be_decided(
    submitted: Application,
    asked: Clarification,
    moderator: AbstractBaseUser,
    django_capture_on_commit_callbacks: Any,
) -> None:
    document = add(asked)

    with django_capture_on_commit_callbacks(execute=True):
        withdraw_question(submitted, moderator)

    assert stands(submitted).state == "in_review"
    assert not has_file(document)
    with pytest.raises(errors.ClarificationClosed):
        reply(asked)
    with pytest.raises(errors.WrongState):
        withdraw_question(submitted, moderator)


def test_a_citizen__may_cancel_instead(asked: Clarification) -> None:
    applications.cancel(actor=actor_of(asked), public_id=asked.application.public_id, now=NOW)

    assert stands(asked.application).clarification is None
    asked.refresh_from_db()
    assert asked.outcome == "superseded"
    assert not Occupancy.objects.exists()


def test_alarm_and_lapse__come_for_what_is_asked_too(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    Agency.objects.update(answer_hours=720)
    asked = ask(submitted, moderator)

    assert deadlines.alarm_agencies(now=START - 24 * HOUR) == 1
    assert deadlines.lapse_undecided(now=START) == 1
    assert stands(submitted).state == "lapsed"
    asked.refresh_from_db()
    assert asked.outcome == "expired"


# --- What the database itself refuses -------------------------------------------------------------


def test_the_database__holds_state_and_question_to_each_other(
    submitted: Application, asked: Clarification
) -> None:
    broken: list[dict[str, Any]] = [
        {"state": "submitted"},
        {"clarification": None},
        {"state": "confirmed", "decided_at": NOW},
    ]
    for values in broken:
        with pytest.raises(IntegrityError), transaction.atomic():
            Application.objects.filter(pk=submitted.pk).update(**values)


def test_the_database__knows_one_open_question(asked: Clarification) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Clarification.objects.create(
            application=asked.application,
            question="Ще одне",
            asked_at=NOW,
            deadline=asked.deadline,
        )
    for values in ({"outcome": "answered", "ended_at": NOW}, {"outcome": "expired"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Clarification.objects.filter(pk=asked.pk).update(**values)
