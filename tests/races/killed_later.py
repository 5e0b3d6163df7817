"""Acts that are killed on their way, beside those of killed.py: corrections, moves, answers, who sees to a case, and what housekeeping does by itself.

Run by tests/harness/killing.py for test_killed_later.py.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import (
    AgencyModerator,
    AnswerTask,
    Application,
    CaseAssignment,
    Clarification,
    Document,
    MoveRequest,
    Official,
    Proposal,
)
from diia_videoreception.rules.refusals import Refusal
from diia_videoreception.rules.transitions import Act
from diia_videoreception.services.booking import (
    answer_tasks,
    answers,
    assignments,
    corrections,
    deadlines,
    extending,
    objections,
    registering,
    reply_documents,
)
from diia_videoreception.services.booking.answer_signing import OnPaper, WithKep
from diia_videoreception.services.booking.written_answers import text_to_sign
from diia_videoreception.services.documents.scans import Upload
from diia_videoreception.services.housekeeping.cleaning import clean
from tests.factories import signed_in
from tests.harness.clock import NOW, START
from tests.races.killed import ACTS as ACTS_BEFORE
from tests.races.killed import AFTER, HALF_HOUR, Watch, by_moderator, of_citizen
from tests.steps import move_requests
from tests.steps.authority import signature
from tests.steps.clarifications import withdraw_question
from tests.steps.closing import end_consideration
from tests.steps.corrections import add_to_correction, correct
from tests.steps.inspection import examine_inside
from tests.steps.moderation import decide
from tests.steps.proposals import answer, withdraw
from tests.steps.reassigning import reassign
from tests.steps.samples import png
from tests.steps.signing import install
from tests.steps.terms import REASON, extend
from tests.steps.written_answers import ANSWER, NUMBER, PAPER, answer_in_writing

LATER = START + 2 * HALF_HOUR
Do = Callable[..., None]


def _housekeeping(step: Callable[..., int]) -> Do:
    def act(watch: Watch, now: str) -> None:
        watch()
        step(now=datetime.fromisoformat(now))

    return act


def _with_documents(do: Callable[[Application], object]) -> Callable[[Application], object]:
    """Do what adds a document, unless the page shows it already."""

    def act(application: Application) -> None:
        examine_inside(pytest.MonkeyPatch())
        unsent = Document.objects.filter(application=None, answer_signature=None)
        if not unsent.exists():
            do(application)

    return act


def _add_to_reply(application: Application) -> None:
    reply_documents.add(
        actor=signed_in(application.citizen),
        public_id=application.public_id,
        question_id=Clarification.objects.get(application=application).public_id,
        data=png(),
        filename="Рішення.png",
        now=NOW,
    )


def _with_scan(seen: Application, moderator: AbstractBaseUser) -> None:
    examine_inside(pytest.MonkeyPatch())
    scan = Upload("Відповідь.png", png())
    signing = OnPaper(PAPER.signer, PAPER.signed_on, scan)
    answer_in_writing(seen, moderator, signing=signing)


def _with_kep(seen: Application, moderator: AbstractBaseUser) -> None:
    install(settings, pytest.MonkeyPatch())
    content = text_to_sign(seen, text=ANSWER, outgoing_number=NUMBER)
    # Somebody else of the agency may sign for it.
    signing = WithKep(signature("olena", content), is_entitled=True)
    answer_in_writing(seen, moderator, signing=signing)


def _of_task(name: str, **how: Any) -> Do:
    def do(seen: Application, moderator: AbstractBaseUser) -> None:
        task = AnswerTask.objects.get(application=seen)
        if name == "assign" and task.responsible_id == moderator.pk:
            # They see it on the page.
            return
        who = {"responsible_id": moderator.pk} if name == "assign" else {}
        service: Any = extending if name == "extend_answer" else answer_tasks
        getattr(service, name)(
            staff=moderator,
            public_id=seen.public_id,
            version=task.version,
            now=AFTER,
            **who,
            **how,
        )

    return by_moderator(do)


def _assignment(application: Application) -> int:
    found = CaseAssignment.objects.filter(application=application).first()
    return found.pk if found is not None else 0


def _hand_over(seen: Application, moderator: AbstractBaseUser) -> None:
    colleague = AgencyModerator.objects.get(user__username="colleague")
    assignments.hand_over(
        moderator=moderator,
        public_id=seen.public_id,
        colleague=colleague.pk,
        note="Подзвоніть заявниці.",
        seen=_assignment(seen),
        now=NOW,
    )


def _of_assignment(name: str) -> Do:
    def do(seen: Application, moderator: AbstractBaseUser) -> None:
        getattr(assignments, name)(
            moderator=moderator, public_id=seen.public_id, seen=_assignment(seen), now=NOW
        )

    return by_moderator(do)


def _object(seen: Application) -> None:
    actor = signed_in(seen.citizen)
    objections.object_to_outcome(actor=actor, public_id=seen.public_id, text="Я чекала.", now=AFTER)


ACTS: dict[str, Do] = ACTS_BEFORE | {
    "add_to_correction": of_citizen(_with_documents(add_to_correction)),
    "correct": of_citizen(correct),
    "read_correction": by_moderator(
        lambda seen, who: corrections.mark_read(
            moderator=who, public_id=seen.public_id, version=seen.version, now=NOW
        )
    ),
    "register": by_moderator(
        lambda seen, who: registering.set_registration_number(
            moderator=who, public_id=seen.public_id, seen="", number="45-К", now=NOW
        )
    ),
    "take": _of_assignment("take"),
    "hand_over": by_moderator(_hand_over),
    "give_back": _of_assignment("give_back"),
    "accept_for_review": by_moderator(lambda seen, who: decide("accept_for_review", seen, who)),
    "reassign": by_moderator(
        lambda seen, who: reassign(seen, who, Official.objects.get(post="заступниця"))
    ),
    "extend_term": by_moderator(lambda seen, who: extend(seen, who, days=4)),
    "add_to_reply": of_citizen(_with_documents(_add_to_reply)),
    "withdraw_question": by_moderator(withdraw_question),
    "end_consideration": by_moderator(end_consideration),
    "refuse_proposal": of_citizen(
        lambda seen: answer("refuse", Proposal.objects.get(application=seen, is_last=True))
    ),
    "withdraw_proposal": by_moderator(withdraw),
    "answer_with_scan": by_moderator(_with_scan),
    "answer_with_kep": by_moderator(_with_kep),
    "request_move": of_citizen(lambda seen: move_requests.ask(seen, LATER)),
    "withdraw_move": of_citizen(
        lambda seen: move_requests.take_back(
            MoveRequest.objects.get(application=seen, is_last=True)
        )
    ),
    "refuse_move": by_moderator(move_requests.refuse),
    "grant_move": by_moderator(
        lambda seen, who: decide("confirm_other_time", seen, who, start=LATER)
    ),
    "cancel_by_agency": by_moderator(
        lambda seen, who: decide("decline", seen, who, refusal=Refusal("Посадова особа хвора."))
    ),
    "assign_answer": _of_task("assign"),
    "extend_answer": _of_task("extend_answer", days=8, reason=REASON),
    "pass_on": _of_task("pass_on", body="Пенсійний фонд України", reason="Це його питання."),
    "save_answer": by_moderator(
        lambda seen, who: answers.save_answer(
            staff=who, public_id=seen.public_id, version=0, text=ANSWER, now=AFTER
        )
    ),
    "send_answer": by_moderator(
        lambda seen, who: answers.send_answer(
            staff=who, public_id=seen.public_id, version=1, number=NUMBER, signing=PAPER, now=AFTER
        )
    ),
    "rate": of_citizen(
        lambda seen: answers.rate(
            actor=signed_in(seen.citizen), public_id=seen.public_id, stars=4, words="", now=AFTER
        )
    ),
    "note_absence": by_moderator(
        lambda seen, who: decide(
            "note_outcome", seen, who, outcome=Act.NOTE_CITIZEN_ABSENT, now=AFTER
        )
    ),
    "object": of_citizen(_object),
    "answer_objection": by_moderator(
        lambda seen, who: objections.answer_objection(
            moderator=who,
            public_id=seen.public_id,
            version=seen.version,
            outcome=Act.COMPLETE,
            text="Ви були в кімнаті.",
            now=AFTER,
        )
    ),
    **{
        step.__name__: _housekeeping(step)
        for step in (
            deadlines.expire_proposals,
            deadlines.expire_clarifications,
            deadlines.expire_move_requests,
            deadlines.alarm_agencies,
            deadlines.alarm_overdue,
            deadlines.alarm_late_answers,
            deadlines.lapse_undecided,
            clean,
        )
    },
}
"""By name, those of killed.py before them."""
