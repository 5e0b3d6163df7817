"""An answer that is to come after a reception: its term, who sees to it, and the three ways in which it ends."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction

from diia_videoreception import errors
from diia_videoreception.models import (
    AgencyModerator,
    AnswerTask,
    Application,
    JournalRecord,
    Letter,
    Official,
    Reception,
    TermExtension,
)
from diia_videoreception.rules.terms import Counting, TermKind
from diia_videoreception.rules.transitions import Act
from diia_videoreception.selectors.booking import worklist
from diia_videoreception.selectors.booking.answer_tasks import late_tasks
from diia_videoreception.services.booking import answer_tasks, answers, extending
from diia_videoreception.services.booking.deadlines import alarm_late_answers
from diia_videoreception.services.booking.terms import TermWanted, save_term
from diia_videoreception.services.letters.rendering import render_letter
from diia_videoreception.services.letters.rendering.context import NothingToSend
from diia_videoreception.wagtail_admin.cases.history import history_in_words
from diia_videoreception.web.citizen.cabinet.timeline import timeline_of
from tests.factories import AgencyFactory, ApplicationFactory
from tests.harness.clock import NOW
from tests.steps.moderation import decide, moderator_of
from tests.steps.terms import REASON, set_term
from tests.steps.written_answers import PAPER

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
HELD = NOW - timedelta(hours=2)
DUE = datetime(2026, 12, 23, 22, tzinfo=UTC)
"""Thirty days after the 23rd of November."""
BODY = "Пенсійний фонд України"


@pytest.fixture
def held(official: Official) -> Application:
    """A reception that is over, of an agency with a term for answers."""
    term = {"kind": "answer", "counts_from": "reception", "counting": Counting.CALENDAR.value}
    set_term(official.agency, **term, days=30, max_days=45)
    application = ApplicationFactory(
        official=official, start=HELD, state="confirmed", decided_at=NOW - 9 * DAY
    )
    Reception.objects.create(
        application=application, conference="default", login="vp-1", confirmed_at=HELD
    )
    return application


@pytest.fixture
def task(held: Application, moderator: AbstractBaseUser) -> AnswerTask:
    decide("note_outcome", held, moderator, outcome=Act.COMPLETE, needs_answer=True)
    return AnswerTask.objects.select_related("application").get()


def act(name: str, task: AnswerTask, staff: AbstractBaseUser, **how: Any) -> Any:
    task.refresh_from_db()
    service = extending if name == "extend_answer" else answer_tasks
    return getattr(service, name)(
        staff=staff,
        public_id=task.application.public_id,
        **{"version": task.version, "now": NOW} | how,
    )


def send(task: AnswerTask, staff: AbstractBaseUser, number: str) -> None:
    public_id = task.application.public_id
    answers.save_answer(staff=staff, public_id=public_id, version=0, text="Поновлено.", now=NOW)
    answers.send_answer(
        staff=staff, public_id=public_id, version=1, number=number, signing=PAPER, now=NOW
    )


def letter(kind: str) -> str:
    return render_letter(Letter.objects.get(kind=kind), for_sending=True, now=NOW).text


def test_a_question_that_needs_consideration__opens_a_task_and_tells_until_when(
    task: AnswerTask, held: Application, moderator: AbstractBaseUser
) -> None:
    held.refresh_from_db()
    assert held.state == "completed"
    assert (task.status, task.due, task.closed_at) == ("open", DUE, None)
    assert "23 грудня 2026 року, 23:59" in letter("answer_to_come")
    record = JournalRecord.objects.get()
    assert (record.act, record.details) == ("application.complete", {"answer": "opened"})
    told = timeline_of(held, now=NOW)[-1]
    assert (told.title, told.text) == (
        "Прийом відбувся",
        "Установа розглядає Ваше питання далі",
    )
    lines, _notes = history_in_words(held, reader=moderator)
    assert lines[-1].what == "Прийом відбувся. Питання потребує розгляду"


def test_the_official__is_responsible_until_somebody_else_is_named(
    held: Application, moderator: AbstractBaseUser
) -> None:
    user = moderator_of(name="official")
    Official.objects.update(user=user)
    held.refresh_from_db()
    decide("note_outcome", held, moderator, outcome=Act.COMPLETE, needs_answer=True)
    task = AnswerTask.objects.get()
    assert task.responsible == user

    act("assign", task, moderator, responsible_id=moderator.pk)
    task.refresh_from_db()
    assert task.responsible == moderator
    stranger = moderator_of(AgencyFactory(), name="stranger")
    with pytest.raises(errors.NobodySuitable):
        act("assign", task, moderator, responsible_id=stranger.pk)
    with pytest.raises(errors.NotFound):
        act("assign", task, stranger, responsible_id=moderator.pk)


def test_without_a_term__an_answer_is_to_come_all_the_same(
    held: Application, moderator: AbstractBaseUser, official: Official
) -> None:
    official.agency.terms.all().delete()
    decide("note_outcome", held, moderator, outcome=Act.COMPLETE, needs_answer=True)

    assert AnswerTask.objects.get().due is None
    assert "Відповідь Ви отримаєте до" not in letter("answer_to_come")
    AgencyModerator.objects.update(is_head=True)
    save_term(
        official.agency.pk,
        TermKind.ANSWER,
        TermWanted(days=30, counting=Counting.CALENDAR),
        seen_version=0,
        staff=moderator,
        now=NOW,
    )
    assert AnswerTask.objects.get().due == DUE, "a term that is set later counts for it"


def test_a_reception_that_simply_took_place__opens_nothing(
    held: Application, moderator: AbstractBaseUser
) -> None:
    decide("note_outcome", held, moderator, outcome=Act.COMPLETE)
    assert not AnswerTask.objects.exists()


def conclude(
    held: Application, staff: AbstractBaseUser, *, needed: bool, version: int | None = None
) -> None:
    application = Application.objects.get(pk=held.pk)
    answers.conclude(
        staff=staff,
        public_id=application.public_id,
        version=application.version if version is None else version,
        outcome=Act.COMPLETE,
        needs_answer=needed,
        answer_version=0,
        text="",
        for_letter=False,
        now=NOW,
    )


def test_what_was_recorded_wrongly__can_be_put_right_both_ways(
    task: AnswerTask, moderator: AbstractBaseUser
) -> None:
    conclude(task.application, moderator, needed=False)
    task.refresh_from_db()
    assert (task.status, task.closed_at) == ("dropped", NOW)
    conclude(task.application, moderator, needed=True)
    task.refresh_from_db()
    assert (task.status, task.closed_at) == ("open", None)
    decide("note_outcome", Application.objects.get(), moderator, outcome=Act.NOTE_AGENCY_ABSENT)
    task.refresh_from_db()
    assert task.status == "dropped"
    acts = JournalRecord.objects.order_by("pk").values_list("act", "details")
    assert list(acts)[1:] == [
        ("application.drop_answer_task", {}),
        ("application.open_answer_task", {}),
        ("application.note_agency_absent", {"answer": "dropped"}),
    ]
    old = Letter.objects.filter(kind="answer_to_come")[0]
    with pytest.raises(NothingToSend):
        render_letter(old, for_sending=True, now=NOW)


def test_an_answer_that_was_to_come__tells_how_to_complain(
    task: AnswerTask, moderator: AbstractBaseUser
) -> None:
    agency = task.application.official.agency
    agency.complaints = "Скарга до суду."
    agency.save()

    send(task, moderator, "01-15/342")

    sent = Letter.objects.get(kind="answer")
    assert "ЯКЩО ВИ НЕ ЗГОДНІ\nСкарга до суду." in letter("answer").replace("\n\n", "\n")
    # One that was written before reads as it was sent.
    Letter.objects.filter(pk=sent.pk).update(template_version=1)
    assert "Скарга до суду." not in letter("answer")


def test_the_answer__closes_the_task_and_carries_its_number(
    task: AnswerTask, moderator: AbstractBaseUser
) -> None:
    with pytest.raises(errors.Incomplete) as refused:
        send(task, moderator, " ")
    assert list(refused.value.fields) == ["number"]
    how: dict[str, Any] = {"public_id": task.application.public_id, "version": 1, "now": NOW}
    how |= {"staff": moderator, "number": " 01-15/342 "}
    with pytest.raises(errors.Incomplete) as refused:
        answers.send_answer(**how)
    assert list(refused.value.fields) == ["signing"]
    answers.send_answer(**how, signing=PAPER)

    task.refresh_from_db()
    assert (task.status, task.closed_at) == ("answered", NOW)
    assert "01-15/342" in letter("answer")
    assert f"{PAPER.signer}, {PAPER.signed_on:%d.%m.%Y}" in letter("answer")
    with pytest.raises(errors.WrongState):
        act("pass_on", task, moderator, body=BODY, reason=REASON)
    with pytest.raises(errors.WrongState):
        conclude(task.application, moderator, needed=True)


def test_an_answer_that_nobody_waits_for__needs_no_number(
    held: Application, moderator: AbstractBaseUser
) -> None:
    decide("note_outcome", held, moderator, outcome=Act.COMPLETE)
    public_id = held.public_id
    answers.save_answer(staff=moderator, public_id=public_id, version=0, text="Так.", now=NOW)
    answers.send_answer(staff=moderator, public_id=public_id, version=1, now=NOW)
    assert "Вихідний номер" not in letter("answer")


def test_passing_on__tells_the_citizen_where_and_why(
    task: AnswerTask, moderator: AbstractBaseUser
) -> None:
    for body, reason in (("", REASON), (BODY, " "), ("а" * 256, REASON)):
        with pytest.raises(errors.Incomplete):
            act("pass_on", task, moderator, body=body, reason=reason)
    act("pass_on", task, moderator, body=BODY, reason=REASON)

    task.refresh_from_db()
    assert (task.status, task.passed_to, task.closed_at) == ("passed_on", BODY, NOW)
    text = letter("passed_on")
    assert BODY in text
    assert REASON in text
    with pytest.raises(errors.WrongState):
        act("pass_on", task, moderator, body=BODY, reason=REASON)


@pytest.mark.parametrize("name", ["assign", "pass_on", "extend_answer"])
def test_two_people_at_once__the_second_is_told(
    task: AnswerTask, moderator: AbstractBaseUser, name: str
) -> None:
    how = {
        "assign": {"responsible_id": moderator.pk},
        "pass_on": {"body": BODY, "reason": REASON},
        "extend_answer": {"days": 40, "reason": REASON},
    }[name]
    act("assign", task, moderator, responsible_id=moderator.pk)
    with pytest.raises(errors.WrongState):
        act(name, task, moderator, version=1, **how)


def test_extending__moves_the_term_within_the_limit(
    task: AnswerTask, moderator: AbstractBaseUser
) -> None:
    with pytest.raises(errors.Incomplete):
        act("extend_answer", task, moderator, days=46, reason=REASON)
    with pytest.raises(errors.TermPassed):
        act("extend_answer", task, moderator, days=45, reason=REASON, now=DUE)
    act("extend_answer", task, moderator, days=45, reason=REASON)

    task.refresh_from_db()
    assert task.due == datetime(2027, 1, 7, 22, tzinfo=UTC)
    assert TermExtension.objects.get().kind == "answer"
    text = letter("term_extended")
    assert "7 січня 2027 року, 23:59" in text
    assert REASON in text


def test_a_late_answer__alarms_once(
    task: AnswerTask, moderator: AbstractBaseUser, official: Official
) -> None:
    assert alarm_late_answers(now=DUE - SECOND) == 0
    assert [alarm_late_answers(now=DUE + n * SECOND) for n in range(3)] == [1, 0, 0]

    written = Letter.objects.get(kind="agency_answers_late")
    assert written.address == official.agency.email
    assert task.application.number in render_letter(written, for_sending=True, now=DUE).text
    counts = worklist.counts_for(moderator, now=DUE)
    assert (counts.answers, counts.late_answers) == (1, 1)
    act("pass_on", task, moderator, body=BODY, reason=REASON)
    assert not late_tasks(DUE).exists()
    with pytest.raises(NothingToSend):
        render_letter(written, for_sending=True, now=DUE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "answered"},
        {"closed_at": NOW},
        {"status": "passed_on", "closed_at": NOW},
        {"status": "passed_on", "closed_at": NOW, "passed_to": BODY},
    ],
)
def test_the_database__keeps_no_half_of_an_end(task: AnswerTask, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerTask.objects.update(**wrong)


def version_of(held: Application) -> int:
    held.refresh_from_db()
    return held.version


def test_a_page_of_before__neither_drops_the_task_nor_opens_it_again(
    held: Application, moderator: AbstractBaseUser
) -> None:
    decide("note_outcome", held, moderator, outcome=Act.COMPLETE)
    seen = version_of(held)
    conclude(held, moderator, needed=True)
    with pytest.raises(errors.WrongState):
        conclude(held, moderator, needed=False, version=seen)
    task = AnswerTask.objects.select_related("application").get()
    assert task.is_open

    seen = version_of(held)
    act("pass_on", task, moderator, body=BODY, reason=REASON)
    with pytest.raises(errors.WrongState):
        conclude(held, moderator, needed=True, version=seen)
    task.refresh_from_db()
    assert (task.status, task.passed_to) == ("passed_on", BODY)
    assert Letter.objects.filter(kind="answer_to_come").count() == 1
