"""What a citizen corrects before the decision."""

from datetime import datetime
from typing import Any

from diia_videoreception.models import Application, Document
from diia_videoreception.services.booking import correction_documents, corrections
from diia_videoreception.services.booking.drafts import DraftAnswers
from tests.factories import signed_in
from tests.harness.clock import NOW
from tests.steps.samples import png

CORRECTED = "Прошу роз’яснити, чому припинили компенсацію з 1 листопада."


def correct(
    application: Application, *, now: datetime = NOW, topic: str = CORRECTED, **how: Any
) -> Application:
    """By its citizen, the summary alone unless `only` says more."""
    answers = {"topic": topic} | how.pop("answers", {})
    return corrections.correct(
        actor=signed_in(application.citizen),
        public_id=application.public_id,
        answers=DraftAnswers(**answers),
        now=now,
        **{"only": answers.keys()} | how,
    )


def add_to_correction(
    application: Application, name: str = "Довідка.png", *, now: datetime = NOW
) -> Document:
    return correction_documents.add(
        actor=signed_in(application.citizen),
        public_id=application.public_id,
        data=png(),
        filename=name,
        now=now,
    )
