"""Putting letters into the outbox; `delivery` sends them (architecture decision 5)."""

import uuid
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language

from diia_videoreception.conf import app_settings
from diia_videoreception.models import (
    Agency,
    Application,
    Citizen,
    Letter,
    OfficialMailbox,
    SignInMeans,
)
from diia_videoreception.services.letters.delivery import hurry
from diia_videoreception.services.letters.rendering import current_version


def queue(
    kind: Letter.Kind,
    *,
    application: Application,
    now: datetime,
    facts: dict[str, object] | None = None,
) -> Letter:
    """Writes the letter to the citizen of an application, in the act's own transaction.

    What may change later (the time, the sequence of the calendar) is kept as facts. The letter goes
    into the official mailbox, and a copy to the address that the citizen has confirmed; without a
    mailbox to that address; without any it lives in the cabinet only (A-16).
    """
    reception = getattr(application, "reception", None)
    return _to_citizen(
        kind,
        own_address=application.letters_address,
        language=application.language,
        citizen=application.citizen,
        application=application,
        facts={
            "start": application.start.isoformat(),
            "end": application.end.isoformat(),
            "sequence": reception.calendar_sequence if reception else 0,
            **(facts or {}),
        },
        created_at=now,
    )


def _to_citizen(
    kind: Letter.Kind,
    *,
    own_address: str,
    citizen: Citizen,
    created_at: datetime,
    **values: Any,
) -> Letter:
    """Writes the letter and its copy; gives the one that the cabinet shows."""
    mailbox = _mailbox_of(citizen)
    addresses: list[str] = [mailbox.address] if mailbox else []
    addresses += [own_address] if own_address else []
    rows = [
        Letter(
            kind=kind,
            template_version=current_version(kind),
            citizen=citizen,
            address=address,
            message_id=new_message_id(),
            state=Letter.State.QUEUED if address else Letter.State.CABINET_ONLY,
            next_attempt_at=created_at if address else None,
            created_at=created_at,
            **values,
        )
        for address in addresses or [""]
    ]
    letter, *copies = rows
    letter.mailbox = mailbox
    letter.save()
    for copy in copies:
        copy.copy_of = letter
        copy.save()
    for row in rows if addresses else []:
        hurry(row)
    return letter


def _mailbox_of(citizen: Citizen) -> OfficialMailbox | None:
    return OfficialMailbox.objects.filter(
        citizen=citizen, state=OfficialMailbox.State.READY
    ).first()


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


def queue_means_changed(*, means: SignInMeans, change: str, now: datetime) -> Letter:
    """Tells the citizen that a way to sign in was added (`bound`) or taken off (`unbound`, C.9)."""
    return _to_citizen(
        Letter.Kind.MEANS_CHANGED,
        own_address=means.citizen.letters_address,
        language=get_language() or settings.LANGUAGE_CODE,
        citizen=means.citizen,
        facts={"change": change, "means": str(means.public_id), "moment": now.isoformat()},
        created_at=now,
    )


def queue_address_changed(*, citizen: Citizen, address: str, now: datetime) -> Letter:
    """Tells who reads the address that held until now that letters will come to another one."""
    return _to_citizen(
        Letter.Kind.ADDRESS_CHANGED,
        own_address=address,
        language=get_language() or settings.LANGUAGE_CODE,
        citizen=citizen,
        facts={"moment": now.isoformat()},
        created_at=now,
    )


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
