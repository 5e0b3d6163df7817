"""Putting letters to citizens into the outbox; `delivery` sends them outside any transaction."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language

from diia_videoreception.conf import app_settings
from diia_videoreception.models import (
    AnswerTask,
    Application,
    Citizen,
    Clarification,
    Letter,
    LetterText,
    Official,
    OfficialMailbox,
    Proposal,
    ReminderChoice,
    SignInCredential,
    TermExtension,
    WaitingEntry,
    WaitingOffer,
)
from diia_videoreception.rules.closing import ClosingGround
from diia_videoreception.rules.terms import TermKind
from diia_videoreception.rules.transitions import UNDECIDED_STATES
from diia_videoreception.selectors.letter_texts import text_in_force
from diia_videoreception.selectors.letters import takes_sms
from diia_videoreception.services.letters.delivery import enqueue_delivery
from diia_videoreception.services.letters.rendering import current_version

_TOLD_BY_SMS = frozenset(
    {
        Letter.Kind.ACCEPTED,
        Letter.Kind.CONFIRMATION,
        Letter.Kind.MOVED,
        Letter.Kind.MOVE_REFUSED,
        Letter.Kind.MOVE_UNANSWERED,
        Letter.Kind.PROPOSAL,
        Letter.Kind.CLARIFICATION,
        Letter.Kind.DECLINED,
        Letter.Kind.WRITTEN_ANSWER,
        Letter.Kind.NOT_CONSIDERED,
        Letter.Kind.LAPSED,
        Letter.Kind.TERM_EXTENDED,
        Letter.Kind.ANSWER_TO_COME,
        Letter.Kind.PASSED_ON,
    }
)


def queue(
    kind: Letter.Kind,
    *,
    application: Application,
    now: datetime,
    facts: dict[str, object] | None = None,
    phone: str = "",
    is_letter: bool = True,
) -> Letter:
    """Write the letter to the citizen of an application, in the act's own transaction.

    What may change later (the time, the sequence of the calendar) is kept as facts. The letter goes
    into the official mailbox, and a copy to the address that the citizen has confirmed; without a
    mailbox to that address; without any it lives in the cabinet only (A-16).

    Args:
        phone: Where a text message goes besides; what is `told_by_sms` finds it by itself.
        is_letter: Without it only the text message is sent.
    """
    kept = facts_about(application, facts or {})
    return _to_citizen(
        kind,
        own_address=application.letters_address,
        phone=phone or (phone_for_news(application) if told_by_sms(kind, kept) else ""),
        is_letter=is_letter,
        language=application.language,
        citizen=application.citizen,
        application=application,
        facts=kept,
        own_text=own_text_for(kind, application, kept),
        created_at=now,
    )


def told_by_sms(kind: Letter.Kind, facts: Mapping[str, object]) -> bool:
    """Return whether who wants text messages gets one of this: of what others decide about their time."""
    if kind == Letter.Kind.CANCELLED:
        return bool(facts.get("calendar")) and facts.get("by") == Letter.Party.AGENCY.value
    return kind in _TOLD_BY_SMS


def phone_for_news(application: Application) -> str:
    """Return where text messages about an application go; empty for who does not want them."""
    phone = application.phone
    if not takes_sms(phone, agency=application.official.agency):
        return ""
    wanted = ReminderChoice.objects.filter(citizen=application.citizen_id, by_sms=True)
    return phone if wanted.exists() else ""


def own_text_for(
    kind: Letter.Kind, application: Application, facts: dict[str, object]
) -> LetterText | None:
    """Return the agency's own words for a letter about an application; None for the portal's.

    What the citizen has cancelled is told in the portal's words: the agency's say why it did so.
    """
    if kind == Letter.Kind.CANCELLED and facts.get("by") != Letter.Party.AGENCY:
        return None
    return text_in_force(application.official.agency, kind, application.language)


def facts_about(application: Application, facts: dict[str, object]) -> dict[str, object]:
    """Return what a letter about an application keeps, as it may change later."""
    # Nobody has confirmed what waits for a decision.
    waits = application.state in UNDECIDED_STATES
    reception = None if waits else getattr(application, "reception", None)
    term = application.decide_by if waits else None
    return {
        "start": application.start.isoformat(),
        "end": application.end.isoformat(),
        "sequence": reception.calendar_sequence if reception else 0,
        **({"decide_by": term.isoformat()} if term else {}),
        **({"registration": number} if (number := application.registration_number) else {}),
        **facts,
    }


def facts_of_move(old: datetime, *, has_new_access: bool) -> dict[str, object]:
    """Return what the letter of a moved reception keeps: when it was, and whether its login is new."""
    return {"old_start": old.isoformat(), "new_access": has_new_access}


def facts_of_reassignment(
    application: Application, before: Official, *, asked_to_move: bool, has_new_access: bool
) -> dict[str, object]:
    """Return what the letter about another official keeps.

    Args:
        asked_to_move: Whether that ends a request for another time.
        has_new_access: Whether login and password are others than before.
    """
    closed = {"asked_to_move": True} if asked_to_move else {}
    return closed | {
        "new_access": has_new_access,
        "earlier_official": before.pk,
        "official": application.official_id,
        "confirmed": application.state == Application.State.CONFIRMED,
    }


def facts_of_written_answer(text: str, number: str) -> dict[str, object]:
    """Return what the letter with an answer in writing keeps."""
    return {"answer": text, "outgoing_number": number}


def facts_of_closing(
    ground: ClosingGround, reason: str, legal_ground: str, earlier_number: str
) -> dict[str, object]:
    """Return what the letter of an ended consideration keeps."""
    return {
        "ground": ground.value,
        "reason": reason,
        "legal_ground": legal_ground,
        "earlier_number": earlier_number,
    }


def facts_of_proposal(proposal: Proposal) -> dict[str, object]:
    """Return what a letter about a proposed time keeps; its `start` is the time that stands meanwhile."""
    return {
        "proposal": str(proposal.public_id),
        "proposed": proposal.start.isoformat(),
        **({"proposed_official": proposal.official_id} if proposal.official_id else {}),
        "reason": proposal.reason,
        "deadline": proposal.deadline.isoformat(),
        "confirmed": proposal.application.state == Application.State.CONFIRMED,
    }


def facts_of_clarification(asked: Clarification) -> dict[str, object]:
    """Return what a letter about a question keeps."""
    return {
        "clarification": str(asked.public_id),
        "question": asked.question,
        "deadline": asked.deadline.isoformat(),
    }


def facts_of_extension(extension: TermExtension) -> dict[str, object]:
    """Return what the letter of an extended term keeps."""
    moment = "until" if extension.kind == TermKind.ANSWER else "decide_by"
    return {
        moment: extension.passes_at.isoformat(),
        "reason": extension.reason,
        "legal_ground": extension.legal_ground,
    }


def facts_of_passing_on(task: AnswerTask) -> dict[str, object]:
    """Return what the letter of a question that is passed on keeps."""
    return {"body": task.passed_to, "reason": task.reason}


def _to_citizen(
    kind: Letter.Kind,
    *,
    own_address: str,
    citizen: Citizen,
    created_at: datetime,
    phone: str = "",
    is_letter: bool = True,
    **values: Any,
) -> Letter:
    """Write the letter and its copies; gives the one that the cabinet shows."""
    mailbox = ready_mailbox_of(citizen) if is_letter else None
    addresses = [address for address in (mailbox and mailbox.address, own_address) if address]
    ways = [{"address": address} for address in addresses or [""]] if is_letter else []
    ways += [{"phone": phone, "message_id": new_sms_key()}] if phone else []
    rows = [
        Letter(
            kind=kind,
            template_version=current_version(kind),
            citizen=citizen,
            state=Letter.State.QUEUED if any(way.values()) else Letter.State.CABINET_ONLY,
            next_attempt_at=created_at if any(way.values()) else None,
            created_at=created_at,
            **{"message_id": new_message_id(), **way},
            **values,
        )
        for way in ways
    ]
    letter, *copies = rows
    letter.mailbox = mailbox
    letter.save()
    for copy in copies:
        copy.copy_of = letter
        copy.save()
    for row in rows:
        if row.state == Letter.State.QUEUED:
            enqueue_delivery(row)
    return letter


def ready_mailbox_of(citizen: Citizen) -> OfficialMailbox | None:
    """Return the official mailbox that takes the citizen's letters, once it is made."""
    return OfficialMailbox.objects.filter(
        citizen=citizen, state=OfficialMailbox.State.READY
    ).first()


def new_message_id() -> str:
    """Return a Message-ID that stays with the letter over all attempts to send it."""
    host = urlsplit(app_settings.base_url).hostname or "localhost"
    return f"<{uuid.uuid4()}@{host}>"


def new_sms_key() -> str:
    """Return by what a gateway knows a text message; a new one for each time it is to be sent anew."""
    return uuid.uuid4().hex


def queue_address_code(*, citizen: Citizen, address: str, now: datetime) -> Letter:
    """Write the letter with the code that confirms an address; the code is filled in while sending."""
    return to_address(
        Letter.Kind.EMAIL_CODE,
        address=address,
        language=get_language() or settings.LANGUAGE_CODE,
        citizen=citizen,
        now=now,
    )


def to_address(kind: Letter.Kind, *, address: str, now: datetime, **values: Any) -> Letter:
    """Write a letter that no cabinet shows."""
    letter = Letter.objects.create(
        kind=kind,
        template_version=current_version(kind),
        address=address,
        message_id=new_message_id(),
        state=Letter.State.QUEUED,
        next_attempt_at=now,
        created_at=now,
        **values,
    )
    enqueue_delivery(letter)
    return letter


def queue_credential_changed(
    *, credential: SignInCredential, change: Letter.CredentialChange, now: datetime
) -> Letter:
    """Tell the citizen that a way to sign in was added or taken off (C.9)."""
    return _to_citizen(
        Letter.Kind.CREDENTIALS_CHANGED,
        own_address=credential.citizen.letters_address,
        language=get_language() or settings.LANGUAGE_CODE,
        citizen=credential.citizen,
        facts={
            "change": change.value,
            "means": str(credential.public_id),
            "moment": now.isoformat(),
        },
        created_at=now,
    )


def queue_address_changed(*, citizen: Citizen, address: str, now: datetime) -> Letter:
    """Return who reads the address that held until now that letters will come to another one."""
    return _to_citizen(
        Letter.Kind.ADDRESS_CHANGED,
        own_address=address,
        language=get_language() or settings.LANGUAGE_CODE,
        citizen=citizen,
        facts={"moment": now.isoformat()},
        created_at=now,
    )


def reaches(citizen: Citizen) -> bool:
    """Return whether a letter to the citizen goes anywhere but to their account."""
    return bool(citizen.letters_address) or ready_mailbox_of(citizen) is not None


def queue_waiting(
    kind: Letter.Kind, entry: WaitingEntry, *, offer: WaitingOffer | None = None, now: datetime
) -> Letter:
    """Tell who waits for an official of a free time, or that they wait no more; by SMS too where they want it."""
    return _to_citizen(
        kind,
        own_address=entry.citizen.letters_address,
        phone=entry.phone,
        language=entry.language or settings.LANGUAGE_CODE,
        citizen=entry.citizen,
        facts={
            "waiting": str(entry.public_id),
            "state": entry.state,
            "missed": entry.missed,
            **({"offer": str(offer.public_id)} if offer else {}),
        },
        created_at=now,
    )
