"""What agencies have asked about applications, and what was answered."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from diia_videoreception.models import Application, Citizen, Clarification, Document
from diia_videoreception.rules.transitions import UNDECIDED_STATES


def clarifications_of(application: Application) -> QuerySet[Clarification]:
    """Return the questions about an application, oldest first; whoever may see it may see them."""
    return Clarification.objects.filter(application=application)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, how it ended as of now, and what came with its answer."""

    asked: Clarification
    outcome: str
    documents: list[Document]

    @property
    def outcome_label(self) -> str:
        return str(Clarification.Outcome(self.outcome).label) if self.outcome else ""


def asked_about(
    application: Application, documents: Iterable[Document], *, now: datetime
) -> list[Asked]:
    """Return the questions about an application, oldest first, with those of its documents that answer each."""
    if not application.was_asked:
        return []
    found = list(documents)
    return [
        Asked(one, one.outcome_at(now), [d for d in found if d.clarification_id == one.pk])
        for one in clarifications_of(application)
    ]


def open_clarification(application: Application, *, now: datetime) -> Clarification | None:
    """Return the question that can be answered now, of what the application was read with."""
    question = application.clarification
    return question if question is not None and question.is_open(now) else None


def clarifications_for(citizen: Citizen, public_id: uuid.UUID) -> QuerySet[Clarification]:
    """Return what was asked about one of the citizen's applications."""
    return Clarification.objects.filter(
        application__citizen=citizen, application__public_id=public_id
    )


def unsent_documents(question: Clarification) -> QuerySet[Document]:
    """Return what the citizen has added to an answer that is not sent."""
    return Document.objects.filter(clarification=question, application__isnull=True)


def waits_for_us(now: datetime) -> Q:
    """Describe undecided applications about which no question can be answered now."""
    return Q(state__in=UNDECIDED_STATES) & ~Q(clarification__deadline__gt=now)


def waits_for_reply(now: datetime) -> Q:
    """Describe applications about which a question waits for its answer."""
    return Q(state=Application.State.CLARIFICATION, clarification__deadline__gt=now)


def is_replied(now: datetime) -> Q:
    """Describe undecided applications to come of which the last question was answered, or was not in time."""
    ended = Q(outcome=Clarification.Outcome.ANSWERED) | Q(outcome=Clarification.Outcome.EXPIRED)
    asked = Clarification.objects.filter(ended | Q(outcome="", deadline__lte=now))
    return waits_for_us(now) & Q(pk__in=asked.values("application"), start__gt=now)
