"""Knowing a citizen again by the identity a provider vouches for."""

from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction

from diia_videoreception.errors import AddressMalformed, NotFound
from diia_videoreception.models import (
    Application,
    Citizen,
    EmailConfirmation,
    JournalAct,
    Letter,
    PortalAccount,
)
from diia_videoreception.personal_data import encrypt, lookup_hash
from diia_videoreception.rules.texts import clean_line
from diia_videoreception.rules.transitions import OPEN_STATES
from diia_videoreception.services import journal, letters
from diia_videoreception.services.accounts.codes import ConfirmationCodes
from diia_videoreception.services.accounts.matching import (
    UNZR,
    Match,
    find,
    identifiers,
    number_hash,
    portal_subject_hash,
)
from diia_videoreception.services.letters import mailboxes
from diia_videoreception.services.transactions import act, lock_citizen
from integrations.identity.base import IdentifierKind, Identity
from integrations.identity.values import is_letters_address

MAX_NAME = 80
"""What the columns hold; no reason to turn a person away."""
MAX_ORGANISATION = 256
EMAIL_CODES = ConfirmationCodes(model=EmailConfirmation)


@act
def get_or_create_citizen(identity: Identity, *, now: datetime) -> Citizen:
    """Find the citizen of an identity, or make one.

    For people whom the portal has registered already.

    Raises:
        StaffCase: the identifiers belong to different people (`conflict`).
    """
    return update_from_identity(find(identity) or create(identity, now=now), identity, now=now)


def create(identity: Identity, *, now: datetime) -> Match:
    """Make the citizen of an identity, inside an act; finds whoever was made at the same moment.

    An official mailbox is asked for where the portal has a mail server (A-15).
    """
    try:
        with transaction.atomic():
            citizen = Citizen.objects.create(
                identifier_kind=identity.identifier_kind.value,
                identifier_hash=lookup_hash(identity.identifier_kind, identity.identifier),
                identifier_encrypted=encrypt(identity.identifier),
                number_hash=number_hash(identity),
                unzr_hash=_unzr_hash(identity),
                phone=identity.phone or "",
                created_at=now,
                **_names(identity),
            )
            mailboxes.request(citizen, now=now)
            return Match(citizen, sure=True)
    except IntegrityError:
        found = find(identity)
        if found is None:
            raise
        return found


def update_from_identity(match: Match, identity: Identity, *, now: datetime) -> Citizen:
    """Take over what an identity says of a known citizen: names, organisation, register number.

    Only where it is surely the same person. An address that the identity vouches for needs no
    further confirmation.
    """
    citizen = match.citizen
    _remember_portal_account(citizen, identity, now=now)
    changes = news(match, identity, now=now)
    for name, value in changes.items():
        setattr(citizen, name, value)
    if changes:
        citizen.save(update_fields=list(changes))
    return citizen


def news(match: Match, identity: Identity, *, now: datetime) -> dict[str, object]:
    """Return what an identity says of a known citizen that is not known yet, by field."""
    if not match.sure:
        return {}
    citizen = match.citizen
    values: dict[str, object] = dict(_names(identity))
    if represents(identity):
        values |= {
            "edrpou": identity.edrpou,
            "organisation": clean_line(identity.organisation or "")[:MAX_ORGANISATION],
        }
    if not citizen.unzr_hash and (unzr_hash := _unzr_hash(identity)):
        values["unzr_hash"] = unzr_hash
    if identity.email and identity.email_confirmed and not citizen.letters_address:
        values |= {"email": identity.email, "email_confirmed_at": now}
    return {name: value for name, value in values.items() if getattr(citizen, name) != value}


def _remember_portal_account(citizen: Citizen, identity: Identity, *, now: datetime) -> None:
    if subject_hash := portal_subject_hash(identity):
        PortalAccount.objects.get_or_create(
            subject_hash=subject_hash,
            defaults={"citizen": citizen, "provider": identity.provider, "seen_at": now},
        )


def with_email(identity: Identity, email: str) -> Identity:
    """Return the identity without its address, unless that is the one the person wants letters at."""
    return identity if email == identity.email else replace(identity, email=None)


def represents(identity: Identity) -> bool:
    """Return whether the identity names an organisation; a sole proprietor's number is their own (A-14)."""
    return bool(identity.edrpou) and identity.edrpou != identity.identifier


def _names(identity: Identity) -> dict[str, str]:
    return {
        "last_name": clean_line(identity.last_name)[:MAX_NAME],
        "first_name": clean_line(identity.first_name)[:MAX_NAME],
        "patronymic": clean_line(identity.patronymic)[:MAX_NAME],
    }


def _unzr_hash(identity: Identity) -> str:
    """Return the digest of the register number that stands beside another identifier; else it is none."""
    if identity.identifier_kind is IdentifierKind.UNZR or not identity.unzr:
        return ""
    return identifiers(identity)[UNZR]


@act
def ask_to_confirm_address(*, citizen: Citizen, address: str, now: datetime) -> None:
    """Send a code to an address that the citizen wants letters at.

    Asking again within a minute changes nothing, so that a double click sends one letter.

    Raises:
        AddressMalformed: it is no address that mail systems agree on.
        TooManyRequests: another address was tried within the last minute.
    """
    if not is_letters_address(address):
        raise AddressMalformed
    lock_citizen(citizen)
    earlier = EmailConfirmation.objects.filter(citizen=citizen).first()
    if earlier is not None:
        if earlier.address == address and EMAIL_CODES.is_recent(earlier, now=now):
            return
        EMAIL_CODES.require_resend(earlier, now=now)
    EMAIL_CODES.issue(citizen=citizen, about={"address": address}, now=now)
    letters.queue_address_code(citizen=citizen, address=address, now=now)


def confirm_address(*, citizen: Citizen, code: str, now: datetime) -> str:
    """Confirm the address with the code of the letter; signs around its digits do not matter.

    The letters of open applications that waited in the cabinet are sent there too. Whoever reads
    the address that held until now learns of the change there.

    Returns:
        The confirmed address.

    Raises:
        NotFound: no address waits for a code.
        CodeIncomplete: these are not six digits.
        CodeWrong: the code does not fit, is too old, or was tried too often.
    """
    waiting = EmailConfirmation.objects.filter(citizen=citizen).first()
    if waiting is None:
        raise NotFound
    EMAIL_CODES.check(waiting, code, now=now)
    _confirm(citizen, waiting, now=now)
    return waiting.address


@act
def _confirm(citizen: Citizen, waiting: EmailConfirmation, *, now: datetime) -> None:
    lock_citizen(citizen)
    EMAIL_CODES.use_up(waiting)
    before = Citizen.objects.get(pk=citizen.pk).letters_address
    Citizen.objects.filter(pk=citizen.pk).update(email=waiting.address, email_confirmed_at=now)
    if before and before != waiting.address:
        letters.queue_address_changed(citizen=citizen, address=before, now=now)
    open_applications = Application.objects.filter(
        citizen=citizen, letters_address="", state__in=OPEN_STATES
    )
    keys = list(open_applications.values_list("pk", flat=True))
    open_applications.update(letters_address=waiting.address)
    of_open = Letter.objects.filter(application__in=keys)
    letters.send_from_cabinet(of_open, now=now, address=waiting.address)
    journal.record(JournalAct.CONFIRM_ADDRESS, subject=citizen, citizen=citizen, now=now)
