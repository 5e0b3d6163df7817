"""A wish to move a confirmed reception, and what becomes of it."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import Application, MoveRequest
from diia_videoreception.services.booking import move_requests
from tests.factories import signed_in
from tests.harness.clock import NOW

WHY = "Того дня я на операції."
NO = "Цього тижня посадова особа у відпустці."


def ask(
    application: Application,
    *starts: datetime,
    reason: str = WHY,
    now: datetime = NOW,
    **how: Any,
) -> MoveRequest:
    """By its citizen."""
    return move_requests.request_move(
        actor=signed_in(application.citizen),
        public_id=application.public_id,
        starts=starts,
        reason=reason,
        now=now,
        **how,
    )


def take_back(request: MoveRequest, *, now: datetime = NOW) -> Application:
    return move_requests.withdraw(
        actor=signed_in(request.application.citizen),
        public_id=request.application.public_id,
        request_id=request.public_id,
        now=now,
    )


def refuse(
    application: Application,
    moderator: AbstractBaseUser,
    *,
    words: str = NO,
    now: datetime = NOW,
) -> Application:
    application.refresh_from_db()
    return move_requests.refuse(
        moderator=moderator,
        public_id=application.public_id,
        version=application.version,
        words=words,
        now=now,
    )
