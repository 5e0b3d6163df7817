"""Knowing a citizen again by the identity a provider vouches for (architecture decision 7)."""

import secrets
from datetime import datetime, timedelta

from diia_videoreception.errors import CodeWrong, NotFound, TooManyRequests
from diia_videoreception.models import Application, Citizen, EmailConfirmation, Letter
from diia_videoreception.personal_data import decrypt, encrypt, lookup_hash
from diia_videoreception.services import journal, letters
from diia_videoreception.services.occupancy import act, lock_citizen
from integrations.identity.base import Identity

LONGEST_NAME = 80
"""What the columns hold; no reason to turn a person away."""
CODE_LIFETIME = timedelta(minutes=30)
CODE_ATTEMPTS = 5
CODE_RESEND = timedelta(seconds=60)


@act
def recognise(identity: Identity, *, now: datetime) -> Citizen:
    """Finds the citizen of an identity, or makes one; names follow the identity.

    An address that the identity vouches for needs no further confirmation.
    """
    identifier_hash = lookup_hash(identity.identifier_kind, identity.identifier)
    names = {
        "last_name": identity.last_name[:LONGEST_NAME],
        "first_name": identity.first_name[:LONGEST_NAME],
        "patronymic": identity.patronymic[:LONGEST_NAME],
    }
    citizen, created = Citizen.objects.select_for_update(no_key=True).get_or_create(
        identifier_kind=identity.identifier_kind.value,
        identifier_hash=identifier_hash,
        defaults={
            **names,
            "identifier_encrypted": encrypt(identity.identifier),
            "phone": identity.phone or "",
            "created_at": now,
        },
    )
    changes: dict[str, object] = (
        {}
        if created
        else {name: text for name, text in names.items() if getattr(citizen, name) != text}
    )
    if identity.email and not citizen.letters_address:
        changes |= {"email": identity.email, "email_confirmed_at": now}
    if changes:
        for name, value in changes.items():
            setattr(citizen, name, value)
        citizen.save(update_fields=list(changes))
    return citizen


@act
def ask_to_confirm_address(*, citizen: Citizen, address: str, now: datetime) -> None:
    """Sends a code to an address that the citizen wants letters at.

    Asking again within a minute changes nothing, so that a double click sends one letter.

    Raises:
        TooManyRequests: another address was tried within the last minute.
    """
    lock_citizen(citizen)
    earlier = EmailConfirmation.objects.filter(citizen=citizen).first()
    if earlier is not None and now - earlier.sent_at < CODE_RESEND:
        if earlier.address == address:
            return
        raise TooManyRequests(until=earlier.sent_at + CODE_RESEND)
    code = f"{secrets.randbelow(1_000_000):06}"
    EmailConfirmation.objects.update_or_create(
        citizen=citizen,
        defaults={
            "address": address,
            "code_encrypted": encrypt(code),
            "attempts": 0,
            "sent_at": now,
            "expires_at": now + CODE_LIFETIME,
        },
    )
    letters.queue_address_code(citizen=citizen, address=address, now=now)


def confirm_address(*, citizen: Citizen, code: str, now: datetime) -> str:
    """Confirms the address with the code of the letter; spaces in it do not matter.

    The letters of open applications that waited in the cabinet are sent there too.

    Returns:
        The confirmed address.

    Raises:
        NotFound: no address waits for a code.
        CodeWrong: the code does not fit, is too old, or was tried too often.
    """
    address = _use_code(citizen=citizen, code=code, now=now)
    if not address:
        raise CodeWrong
    return address


@act
def _use_code(*, citizen: Citizen, code: str, now: datetime) -> str:
    """Counts the attempt even when it fails, hence no exception inside the transaction."""
    lock_citizen(citizen)
    waiting = EmailConfirmation.objects.filter(citizen=citizen).first()
    if waiting is None:
        raise NotFound
    if waiting.expires_at <= now or waiting.attempts >= CODE_ATTEMPTS:
        return ""
    typed = "".join(code.split())
    if not secrets.compare_digest(typed.encode(), decrypt(waiting.code_encrypted).encode()):
        waiting.attempts += 1
        waiting.save(update_fields=["attempts"])
        return ""
    Citizen.objects.filter(pk=citizen.pk).update(email=waiting.address, email_confirmed_at=now)
    open_applications = Application.objects.filter(
        citizen=citizen, letters_address="", state__in=["submitted", "confirmed"]
    )
    keys = list(open_applications.values_list("pk", flat=True))
    open_applications.update(letters_address=waiting.address)
    Letter.objects.filter(application__in=keys, state=Letter.State.CABINET_ONLY).update(
        state=Letter.State.QUEUED, address=waiting.address, next_attempt_at=now
    )
    waiting.delete()
    journal.record("citizen.confirm_address", subject=citizen, citizen=citizen, now=now)
    return waiting.address
