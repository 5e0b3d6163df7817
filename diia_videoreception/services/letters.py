"""Putting letters into the outbox; `delivery` sends them (architecture decision 5)."""

import uuid
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language

from diia_videoreception.conf import app_settings
from diia_videoreception.models import Agency, Application, Citizen, Letter
from diia_videoreception.services.delivery import hurry


def queue(
    kind: Letter.Kind,
    *,
    application: Application,
    now: datetime,
    facts: dict[str, object] | None = None,
) -> Letter:
    """Writes the letter to the citizen of an application, in the act's own transaction.

    What may change later (the time, the sequence of the calendar) is kept as facts; without a
    confirmed address the letter lives in the cabinet only.
    """
    reception = getattr(application, "reception", None)
    address = application.letters_address
    letter = Letter.objects.create(
        kind=kind,
        language=application.language,
        citizen=application.citizen,
        application=application,
        facts={
            "start": application.start.isoformat(),
            "end": application.end.isoformat(),
            "sequence": reception.calendar_sequence if reception else 0,
            **(facts or {}),
        },
        address=address,
        message_id=new_message_id(),
        state=Letter.State.QUEUED if address else Letter.State.CABINET_ONLY,
        next_attempt_at=now if address else None,
        created_at=now,
    )
    if address:
        hurry(letter)
    return letter


def new_message_id() -> str:
    """A Message-ID that stays with the letter over all attempts to send it."""
    host = urlsplit(app_settings.base_url).hostname or "localhost"
    return f"<{uuid.uuid4()}@{host}>"


def queue_address_code(*, citizen: Citizen, address: str, now: datetime) -> Letter:
    """Writes the letter with the code that confirms an address; the code is filled in while sending."""
    letter = Letter.objects.create(
        kind=Letter.Kind.EMAIL_CODE,
        language=get_language() or settings.LANGUAGE_CODE,
        citizen=citizen,
        address=address,
        message_id=new_message_id(),
        state=Letter.State.QUEUED,
        next_attempt_at=now,
        created_at=now,
    )
    hurry(letter)
    return letter


def queue_agency_alarm(
    *, agency: Agency, applications: list[Application], now: datetime
) -> Letter | None:
    """Tells the moderators that these applications wait for a decision; nobody without an address."""
    if not agency.email:
        return None
    letter = Letter.objects.create(
        kind=Letter.Kind.AGENCY_ALARM,
        language=settings.LANGUAGE_CODE,
        agency=agency,
        facts={"applications": [application.number for application in applications]},
        address=agency.email,
        message_id=new_message_id(),
        state=Letter.State.QUEUED,
        next_attempt_at=now,
        created_at=now,
    )
    hurry(letter)
    return letter
