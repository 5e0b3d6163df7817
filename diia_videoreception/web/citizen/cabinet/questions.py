"""What the agency asked, for the page of the application: the open question with its form, and those of before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from diia_videoreception.conf import app_settings
from diia_videoreception.models import Application, Document
from diia_videoreception.rules.clarifications import MAX_REPLY
from diia_videoreception.selectors.booking.clarifications import (
    asked_about,
    open_clarification,
    unsent_documents,
)
from diia_videoreception.web.citizen.application.files import RefusedFile, count_in_words
from diia_videoreception.web.citizen.application.guard import REPLY
from diia_videoreception.web.refused import Refused


def question_context(
    application: Application,
    documents: list[Document],
    refused: Refused | None,
    *,
    now: datetime,
) -> Mapping[str, Any]:
    """Return what the templates `case_question.html` and `case_questions.html` show.

    Args:
        documents: Of the application.
        refused: What could not be sent.
    """
    asked = open_clarification(application, now=now)
    earlier = [one for one in asked_about(application, documents, now=now) if one.asked != asked]
    typed = (refused.values.get(REPLY) or [""])[0] if refused else ""
    if asked is None:
        return {"question": None, "questions": earlier, "unsent_reply": typed}
    unsent = list(unsent_documents(asked))
    limits = app_settings.upload_limits
    return {
        "question": asked,
        "questions": earlier,
        "typed_reply": asked.typed,
        "reply_refused": refused.errors.get(REPLY, ()) if refused else (),
        "max_reply": MAX_REPLY,
        "unsent": unsent,
        "documents_count": count_in_words(unsent),
        "refused": [RefusedFile(**file) for file in refused.extra if isinstance(file, dict)]
        if refused
        else [],
        "upload_limits": limits,
        "megabytes": limits.megabytes,
        "documents_url": reverse(
            "diia_videoreception:case_reply_documents",
            args=[application.public_id, asked.public_id],
        ),
    }
