"""Documents of closed applications, messages kept of their rooms, internal notes and who was spoken for, deleted when the agency's time of keeping them is over."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Greatest

from diia_videoreception.models import (
    Agency,
    Application,
    CaseNote,
    Document,
    JournalAct,
    Representation,
    RoomMessage,
)
from diia_videoreception.rules.transitions import OPEN_STATES, State
from diia_videoreception.services import journal
from diia_videoreception.services.documents.storage import delete_documents
from diia_videoreception.services.transactions import act
from integrations.common.failures import isolated, traceback_without_message

logger = logging.getLogger(__name__)

BATCH = 100
CLOSED = frozenset(State) - OPEN_STATES


@dataclass(frozen=True, slots=True)
class Due:
    """What an agency's time of keeping has come for; `size` in bytes, `days` None when nothing is set."""

    agency: Agency
    days: int | None
    applications: int
    documents: int
    size: int


def report(*, now: datetime) -> list[Due]:
    """Return what would be deleted now, agency by agency; an agency without a time of keeping keeps everything."""
    return [
        Due(
            agency=agency,
            days=agency.document_days,
            **_due_of(agency, now).aggregate(
                applications=Count(
                    Coalesce(
                        "application", "answer_signature__application", "typed_paper__application"
                    ),
                    distinct=True,
                ),
                documents=Count("pk"),
                size=Sum("size", default=0),
            ),
        )
        for agency in Agency.objects.order_by("pk")
    ]


def delete_due(*, now: datetime) -> int:
    """Delete the documents, messages, notes and people spoken for whose time is over, application by application, each with a journal record.

    Returns:
        How many documents went; at most those of 100 applications in one run of an agency.
    """
    deleted = 0
    for agency in Agency.objects.filter(document_days__isnull=False):
        for key in _applications_due(agency, now):
            with isolated() as one:
                deleted += _delete_of(key, now=now)
            if one.error is not None:
                logger.error(
                    "Documents could not be deleted: %s", traceback_without_message(one.error)
                )
    return deleted


def _applications_due(agency: Agency, now: datetime) -> Iterator[int]:
    kept = (
        Exists(Document.objects.filter(application=OuterRef("pk")))
        | Exists(Document.objects.filter(answer_signature__application=OuterRef("pk")))
        | Exists(Document.objects.filter(typed_paper__application=OuterRef("pk")))
        | Exists(RoomMessage.objects.filter(room__application=OuterRef("pk")))
        | Exists(CaseNote.objects.filter(application=OuterRef("pk")))
        | Exists(Representation.objects.filter(application=OuterRef("pk")))
    )
    due = closed_long_ago(agency, now).filter(kept).order_by("pk")
    yield from list(due.values_list("pk", flat=True)[:BATCH])


def _due_of(agency: Agency, now: datetime) -> QuerySet[Document]:
    closed = closed_long_ago(agency, now)
    return Document.objects.filter(
        Q(application__in=closed)
        | Q(answer_signature__application__in=closed)
        | Q(typed_paper__application__in=closed)
    )


def closed_long_ago(agency: Agency, now: datetime) -> QuerySet[Application]:
    """Return what was decided, or had its appointed end, so long ago; the later of the two counts."""
    if agency.document_days is None:
        return Application.objects.none()
    return Application.objects.annotate(closed=Greatest(F("decided_at"), F("end"))).filter(
        agency=agency,
        state__in=CLOSED,
        closed__lt=now - timedelta(days=agency.document_days),
    )


@act
def _delete_of(application_id: int, *, now: datetime) -> int:
    application = Application.objects.select_for_update(of=("self",), no_key=True).get(
        pk=application_id
    )
    of_answer = Q(answer_signature__application=application)
    scans = Document.objects.filter(of_answer | Q(typed_paper__application=application))
    documents = [*application.documents.all(), *scans]
    others = {
        "messages": RoomMessage.objects.filter(room__application=application),
        "notes": CaseNote.objects.filter(application=application),
        "represented": Representation.objects.filter(application=application),
    }
    counts = {name: count for name, rows in others.items() if (count := rows.count())}
    if not (documents or counts) or application.state not in CLOSED:
        return 0
    delete_documents(documents)
    for rows in others.values():
        rows.delete()
    journal.record(
        JournalAct.DELETE_DOCUMENTS,
        subject=application,
        now=now,
        details={"documents": len(documents), **counts},
    )
    return len(documents)
