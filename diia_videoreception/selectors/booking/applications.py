"""A citizen's own applications, documents and letters."""

import uuid
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from diia_videoreception.models import (
    Answer,
    Application,
    ApplicationSignature,
    Citizen,
    Document,
    Draft,
    JournalRecord,
    Letter,
)
from diia_videoreception.selectors.booking.move_requests import with_last_request
from diia_videoreception.selectors.booking.proposals import with_last_proposal

PASSWORD_SHOWN_BEFORE = timedelta(minutes=15)
PASSWORD_SHOWN_AFTER = timedelta(minutes=15)
"""Who falls out of a reception that lasts longer comes in again."""


_CODES = [Letter.Kind.EMAIL_CODE, Letter.Kind.CONSENT_CODE, Letter.Kind.TYPED_CODE]


def applications_of(citizen: Citizen) -> QuerySet[Application]:
    own = Application.objects.filter(citizen=citizen)
    read = with_last_request(with_last_proposal(own))
    return read.select_related(
        "official__unit__agency",
        "reception",
        "prior",
        "clarification",
        "answer_task",
        "answer",
        "answer_signature__scan",
        "closing",
        "representation",
    ).defer("answer_signature__archive_encrypted")


def application_of(citizen: Citizen, public_id: uuid.UUID) -> Application | None:
    return applications_of(citizen).filter(public_id=public_id).first()


def draft_of(citizen: Citizen) -> Draft | None:
    return Draft.objects.filter(citizen=citizen).first()


def document_of(citizen: Citizen, public_id: uuid.UUID) -> Document | None:
    """Return a document of the citizen's draft, of one of their applications, or of what they are writing about one."""
    own = (
        Q(draft__citizen=citizen)
        | Q(application__citizen=citizen)
        | Q(clarification__application__citizen=citizen)
        | Q(correction__application__citizen=citizen)
    )
    return Document.objects.filter(own, public_id=public_id).first()


def letters_of(citizen: Citizen) -> QuerySet[Letter]:
    """Return the citizen's letters, each once; codes are not for keeping."""
    return (
        Letter.objects.filter(citizen=citizen, copy_of__isnull=True)
        .exclude(kind__in=_CODES)
        .select_related("application__official__unit__agency", "application__reception")
    )


def answer_to(application: Application) -> Answer | None:
    """Return the official's words to the citizen, once they are sent."""
    return Answer.objects.filter(application=application, sent_at__isnull=False).first()


def signature_of(citizen: Citizen, public_id: uuid.UUID) -> ApplicationSignature | None:
    """Return the citizen's own signature on an application of theirs."""
    return (
        ApplicationSignature.objects.filter(
            application__citizen=citizen, application__public_id=public_id
        )
        .select_related("application__official__unit__agency", "evidence")
        .first()
    )


def history_of(application: Application) -> QuerySet[JournalRecord]:
    """Return what happened to an application, oldest first."""
    return JournalRecord.objects.filter(
        subject_kind="application", subject_id=str(application.public_id)
    ).order_by("moment", "pk")


def password_is_shown(application: Application, *, now: datetime) -> bool:
    """Return whether the citizen may see the conference password now: around the reception only."""
    return (
        application.state == Application.State.CONFIRMED
        and application.start - PASSWORD_SHOWN_BEFORE
        <= now
        < application.end + PASSWORD_SHOWN_AFTER
    )
