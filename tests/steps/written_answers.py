"""An answer in writing instead of a reception."""

import io
import zipfile
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import Application
from diia_videoreception.providers import identity_providers
from diia_videoreception.services.booking import written_answers
from diia_videoreception.services.booking.answer_signing import OnPaper
from tests.harness.clock import NOW
from tests.steps.authority import provider, ring

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


def verify_kep(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the portal verify КЕП; the authority answers without a network."""
    options = {"trust": str(ring().trust)}
    backend = "integrations.identity.kep.KepSignature"
    configured = settings.DIIA_VIDEORECEPTION
    identity = configured["IDENTITY"] | {"kep": {"BACKEND": backend, "OPTIONS": options}}
    settings.DIIA_VIDEORECEPTION = {**configured, "IDENTITY": identity}
    monkeypatch.setattr(identity_providers()["kep"], "verify", provider().verify)


def asics(signed: bytes, *others: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return the container that other programs make of a signature."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", method) as container:
        container.writestr("mimetype", "application/vnd.etsi.asic-s+zip", zipfile.ZIP_STORED)
        container.writestr("META-INF/signature.p7s", signed)
        for name, data in others:
            container.writestr(name, data)
    return archive.getvalue()
