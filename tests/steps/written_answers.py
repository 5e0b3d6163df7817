"""An answer in writing instead of a reception."""

import io
import zipfile
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import Application
from diia_videoreception.services.booking import written_answers
from diia_videoreception.services.booking.answer_signing import OnPaper
from tests.harness.clock import NOW

PAPER = OnPaper("Коваленко Олена Петрівна", NOW.date())
ON_PAPER = {"signing": "paper", "signer": PAPER.signer, "signed_on": f"{NOW:%Y-%m-%d}"}
ANSWER = "Виплату поновлено з 1 листопада.\nЗаяву подавати не потрібно."
NUMBER = "08-12/345"


def answer_in_writing(
    application: Application, moderator: AbstractBaseUser, *, now: datetime = NOW, **how: Any
) -> Application:
    values: dict[str, Any] = {"text": ANSWER, "outgoing_number": NUMBER, "signing": PAPER} | how
    return written_answers.answer_in_writing(
        moderator=moderator,
        public_id=application.public_id,
        version=application.version,
        now=now,
        **values,
    )


def asics(signed: bytes, *others: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return the container that other programs make of a signature."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", method) as container:
        container.writestr("mimetype", "application/vnd.etsi.asic-s+zip", zipfile.ZIP_STORED)
        container.writestr("META-INF/signature.p7s", signed)
        for name, data in others:
            container.writestr(name, data)
    return archive.getvalue()
