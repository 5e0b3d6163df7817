"""What is printed of a case: the application, and the card of the personal reception."""

from datetime import datetime
from typing import Any

from diia_videoreception.models import Application, Document
from diia_videoreception.rules.terms import last_minute
from diia_videoreception.rules.transitions import RECEPTION_STATES


def has_card(application: Application) -> bool:
    """Return whether there is a reception to make out a card for."""
    return application.state in RECEPTION_STATES


def printed(application: Application, *, with_phone: bool, now: datetime) -> dict[str, Any]:
    """Return what the sheets show; who may see the case its selector has decided.

    Args:
        with_phone: Officials see it only where the agency says so.
    """
    answer = getattr(application, "answer", None)
    task = getattr(application, "answer_task", None)
    signature = getattr(application, "signature", None)
    documents: list[Document] = list(application.documents.all())
    return {
        "application": application,
        "state": application.state_in_words_at(now),
        "official": application.official,
        "agency": application.official.agency,
        "zone": application.official.agency.time_zone,
        "documents": documents,
        "signature": signature,
        "is_corrected_since": signature is not None
        and any(one.is_after_signature for one in application.sent_corrections),
        "answer": answer if answer is not None and answer.sent_at else None,
        "answer_signature": getattr(application, "answer_signature", None),
        "task": task,
        "task_due": last_minute(task.due) if task is not None and task.due else None,
        "closing": getattr(application, "closing", None),
        "with_phone": with_phone,
    }
