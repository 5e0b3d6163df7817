"""A question of the agency, and what becomes of it."""

from datetime import date, datetime

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import Application, Clarification
from diia_videoreception.services.booking import clarifications
from tests.factories import signed_in
from tests.harness.clock import NOW

QUESTION = "Хто ухвалив рішення: районне управління чи громада? Додайте першу сторінку."
REPLY = "Рішення ухвалило управління Яворівського району."


def ask(
    application: Application,
    moderator: AbstractBaseUser,
    *,
    question: str = QUESTION,
    answer_by: date | None = None,
    now: datetime = NOW,
) -> Clarification:
    application.refresh_from_db()
    return clarifications.ask(
        moderator=moderator,
        public_id=application.public_id,
        version=application.version,
        question=question,
        answer_by=answer_by,
        now=now,
    )


def reply(asked: Clarification, *, text: str = REPLY, now: datetime = NOW) -> Application:
    """By its citizen."""
    return clarifications.answer(
        actor=signed_in(asked.application.citizen),
        public_id=asked.application.public_id,
        question_id=asked.public_id,
        text=text,
        now=now,
    )


def withdraw_question(
    application: Application, moderator: AbstractBaseUser, *, now: datetime = NOW
) -> Application:
    application.refresh_from_db()
    return clarifications.withdraw(
        moderator=moderator,
        public_id=application.public_id,
        version=application.version,
        now=now,
    )
