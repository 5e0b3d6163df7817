"""A time that is proposed, and what becomes of it."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import Application, Official, Proposal
from diia_videoreception.services.booking import proposals
from tests.factories import signed_in
from tests.harness.clock import NOW

REASON = "О 10:30 посадова особа бере участь у засіданні уряду."


def propose(
    application: Application,
    moderator: AbstractBaseUser,
    start: datetime,
    *,
    reason: str = REASON,
    official: Official | None = None,
    answer_by: date | None = None,
    now: datetime = NOW,
) -> Proposal:
    application.refresh_from_db()
    return proposals.propose(
        moderator=moderator,
        public_id=application.public_id,
        version=application.version,
        start=start,
        reason=reason,
        official_id=official.pk if official is not None else None,
        answer_by=answer_by,
        now=now,
    )


def answer(name: str, proposal: Proposal, *, now: datetime = NOW, **how: Any) -> Application:
    """`answer("accept", proposal)`, `answer("refuse", proposal, wishes="…")`: by its citizen."""
    answered: Application = getattr(proposals, name)(
        actor=signed_in(proposal.application.citizen),
        public_id=proposal.application.public_id,
        proposal_id=proposal.public_id,
        now=now,
        **how,
    )
    return answered


def withdraw(
    application: Application, moderator: AbstractBaseUser, *, now: datetime = NOW
) -> Application:
    application.refresh_from_db()
    return proposals.withdraw(
        moderator=moderator,
        public_id=application.public_id,
        version=application.version,
        now=now,
    )
