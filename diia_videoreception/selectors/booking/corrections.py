"""What citizens have corrected of their applications, and what they are about to correct."""

import uuid
from datetime import datetime

from django.db.models import Q, QuerySet

from diia_videoreception.models import Application, Citizen, Correction, Document
from diia_videoreception.rules.corrections import DAY
from diia_videoreception.rules.transitions import UNDECIDED_STATES, Act, acts_from


def may_correct(application: Application, *, now: datetime) -> bool:
    """Return whether the citizen may correct an application now: it is not decided, its time has not come."""
    return Act.CORRECT in acts_from(application.state_at(now)) and now < application.start


def corrections_of(application: Application) -> list[Correction]:
    """Return what was corrected, oldest first; whoever may see the application may see this."""
    if not application.was_corrected:
        return []
    sent = Correction.objects.sent().filter(application=application)
    return list(sent.prefetch_related("documents", "replaced_documents"))


def correction_after(application: Application, version: int) -> Correction | None:
    """Return the newest correction that whoever looked at this version has not seen."""
    sent = Correction.objects.sent().filter(application=application, version__gt=version)
    return sent.order_by("-pk").first()


def corrected_lately(application: Application, *, now: datetime) -> list[datetime]:
    """Return when the application was corrected within a day."""
    lately = Correction.objects.filter(application=application, made_at__gt=now - DAY)
    return [moment for moment in lately.values_list("made_at", flat=True) if moment]


def unsent_correction(citizen: Citizen, public_id: uuid.UUID) -> Correction | None:
    """Return what the citizen has typed to correct one of their applications and not sent."""
    return Correction.objects.filter(
        application__citizen=citizen, application__public_id=public_id, made_at=None
    ).first()


def replaceable_documents(application: Application) -> QuerySet[Document]:
    """Return the documents in whose place a correction may put others."""
    return application.filed_documents


def unsent_documents(correction: Correction) -> QuerySet[Document]:
    """Return what the citizen has added to a correction that is not sent."""
    return Document.objects.filter(correction=correction, application__isnull=True)


def corrected_unread(now: datetime) -> Q:
    """Describe undecided applications to come that were corrected since somebody of the agency has read or acted."""
    return Q(corrected_at__isnull=False, state__in=UNDECIDED_STATES, start__gt=now)
