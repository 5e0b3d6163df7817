"""The person who is helped: as whom a centre knows them, without opening anybody's account."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import Incomplete, NotForOneself
from diia_videoreception.models import Centre, Citizen, HelpedPerson, Mandate
from diia_videoreception.personal_data import decrypt, encrypt, lookup_hash
from diia_videoreception.rules.mandates import LAST_SIGNS, IdentitySource
from diia_videoreception.rules.names import fold_name, is_same_name
from diia_videoreception.rules.phones import PhoneError, normalise_phone
from diia_videoreception.rules.texts import clean_line
from diia_videoreception.services.accounts import staff_keys
from diia_videoreception.services.accounts.citizens import MAX_NAME
from integrations.identity.base import IdentifierKind, Identity
from integrations.identity.rnokpp import normal_rnokpp

MIN_SIGNS = 3
"""Fewer signs of a document tell nothing."""


@dataclass(frozen=True, slots=True)
class DescribedPerson:
    """What somebody says of themselves, or has shown; nothing of it is proven to us.

    Attributes:
        rnokpp: as typed; empty for who has none or does not know it.
        document_number: as typed; its last signs alone are kept.
    """

    last_name: str = field(repr=False)
    first_name: str = field(repr=False)
    patronymic: str = field(default="", repr=False)
    source: IdentitySource = IdentitySource.DECLARED
    document_kind: Mandate.DocumentKind | None = None
    document_number: str = field(default="", repr=False)
    rnokpp: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """The same, checked and in its stored form."""

    last_name: str = field(repr=False)
    first_name: str = field(repr=False)
    patronymic: str = field(repr=False)
    source: IdentitySource
    document_kind: str
    document_last: str = field(repr=False)
    rnokpp: str = field(repr=False)
    phone: str = field(repr=False)


def checked(said: DescribedPerson) -> KnownPerson:
    """Return what was said in its stored form.

    Raises:
        Incomplete: something is missing or cannot be read.
    """
    fields: dict[str, str] = {}
    names = {
        name: clean_line(getattr(said, name))[:MAX_NAME] for name in ("last_name", "first_name")
    }
    for name, value in names.items():
        if not value:
            fields[name] = _("Write it as in the document.")
    signs = "".join(sign for sign in said.document_number.upper() if sign.isalnum())
    shown = said.source == IdentitySource.DOCUMENT_SHOWN
    if shown and said.document_kind is None:
        fields["document_kind"] = _("Choose which document was shown.")
    if shown and len(signs) < MIN_SIGNS:
        fields["document_number"] = _("Write the last signs of its number.")
    rnokpp, phone = said.rnokpp.strip(), said.phone.strip()
    if rnokpp:
        try:
            rnokpp = normal_rnokpp(rnokpp)
        except ValueError:
            fields["rnokpp"] = _("This is no RNOKPP. Compare its digits.")
    if phone:
        try:
            phone = normalise_phone(phone, app_settings.default_country)
        except PhoneError:
            fields["phone"] = _("Write one phone number, such as 067 123 45 67.")
    if fields:
        raise Incomplete(fields=fields)
    return KnownPerson(
        **names,
        patronymic=clean_line(said.patronymic)[:MAX_NAME],
        source=said.source,
        document_kind=said.document_kind.value if shown and said.document_kind else "",
        document_last=signs[-LAST_SIGNS:] if shown else "",
        rnokpp=rnokpp,
        phone=phone,
    )


def require_somebody_else(person: KnownPerson, staff: AbstractBaseUser) -> None:
    """Let nobody act for themselves: not under their own name, nor the number of their own key.

    Raises:
        NotForOneself
    """
    _require_not(staff, person.last_name, person.first_name, person.rnokpp)


def require_another(citizen: Citizen, staff: AbstractBaseUser) -> None:
    """Let nobody agree from their own account to what they do as a member of staff.

    Raises:
        NotForOneself
    """
    has_number = citizen.identifier_kind == Citizen.IdentifierKind.RNOKPP
    number = decrypt(citizen.identifier_encrypted) if has_number else ""
    _require_not(staff, citizen.last_name, citizen.first_name, number)


def require_signed_by_another(identity: Identity, staff: AbstractBaseUser) -> None:
    """Let nobody sign with their own key a consent to what they do as a member of staff.

    Raises:
        NotForOneself
    """
    has_number = identity.identifier_kind is IdentifierKind.RNOKPP
    number = identity.identifier if has_number else ""
    _require_not(staff, identity.last_name, identity.first_name, number)


def require_not_helped(person: Citizen, staff: AbstractBaseUser) -> None:
    """Let nobody act for who is known here by the same name or number as themselves.

    Raises:
        NotForOneself
    """
    found = HelpedPerson.objects.filter(citizen=person).first()
    claimed = decrypt(found.claimed_encrypted) if found and found.claimed_encrypted else ""
    _require_not(staff, person.last_name, person.first_name, claimed)


def _require_not(staff: AbstractBaseUser, last_name: str, first_name: str, rnokpp: str) -> None:
    is_named_alike = is_same_name(last_name, getattr(staff, "last_name", "")) and is_same_name(
        first_name, getattr(staff, "first_name", "")
    )
    if is_named_alike or (rnokpp and staff_keys.is_number_of(staff, rnokpp)):
        raise NotForOneself


def person_of(known: KnownPerson, centre: Centre, *, now: datetime) -> Citizen:
    """Return the row of who is helped, inside an act: the same for the same number and names at one centre.

    What another centre did for them is nobody's to see, and no row is ever that of an account: nobody
    comes to one by what was only said. Without a number each
    time is somebody new.
    """
    if not known.rnokpp:
        return _new(known, uuid.uuid4().hex, now=now)
    names = "\n".join(fold_name(name) for name in (known.last_name, known.first_name))
    key = f"{centre.pk}\n{known.rnokpp}\n{names}"
    found = _found(key)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return _new(known, key, now=now)
    except IntegrityError:
        made_meanwhile = _found(key)
        if made_meanwhile is None:
            raise
        return made_meanwhile


def _found(key: str) -> Citizen | None:
    kind = Citizen.IdentifierKind.HELPED
    return Citizen.objects.filter(
        identifier_kind=kind, identifier_hash=lookup_hash(kind, key)
    ).first()


def _new(known: KnownPerson, key: str, *, now: datetime) -> Citizen:
    kind = Citizen.IdentifierKind.HELPED
    citizen = Citizen.objects.create(
        identifier_kind=kind,
        identifier_hash=lookup_hash(kind, key),
        identifier_encrypted=encrypt(known.rnokpp),
        last_name=known.last_name,
        first_name=known.first_name,
        patronymic=known.patronymic,
        created_at=now,
    )
    rnokpp = known.rnokpp
    HelpedPerson.objects.create(
        citizen=citizen,
        claimed_hash=lookup_hash(Citizen.IdentifierKind.RNOKPP, rnokpp) if rnokpp else "",
        claimed_encrypted=encrypt(rnokpp) if rnokpp else "",
        created_at=now,
    )
    return citizen
