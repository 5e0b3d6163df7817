"""An answer in writing instead of a reception."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import Application
from diia_videoreception.services.booking import written_answers
from tests.harness.clock import NOW

ANSWER = "Виплату поновлено з 1 листопада.\nЗаяву подавати не потрібно."
NUMBER = "08-12/345"


def answer_in_writing(
    application: Application, moderator: AbstractBaseUser, *, now: datetime = NOW, **how: Any
) -> Application:
    return written_answers.answer_in_writing(
        moderator=moderator,
        public_id=application.public_id,
        version=application.version,
        now=now,
        **({"text": ANSWER, "outgoing_number": NUMBER} | how),
    )
