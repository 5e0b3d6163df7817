"""Whom an identity names: by key, bank, portal account and numbers, never by name or address (C.9).

Each of them has a worth of its own:

* РНОКПП and УНЗР name one person.
* A passport is of one person where country and kind are told, and both names are the account's
  too; of another with a new passport, and of anybody where the number is merely alike.
* The key whose certificate was verified here, the bank account and the portal's own id of a person
  speak for their owner where the numbers cannot tell.
* A key that a broker tells of by authority and number, and one remembered so, only joins in what
  the numbers say.

What does not fit together is for staff.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from django.db.models import Exists, OuterRef, Q, QuerySet

from diia_videoreception.models import Citizen, PortalAccount, SignInCredential, SpentToken
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.providers import identity_providers
from diia_videoreception.rules.names import have_same_names
from integrations.identity.base import (
    Credential,
    Flow,
    IdentifierKind,
    Identity,
    IdentityError,
)
from integrations.identity.passports import bare_number
from integrations.identity.reasons import SignInRefusal

UNZR = IdentifierKind.UNZR.value
PASSPORT = IdentifierKind.PASSPORT.value


StaffReason: TypeAlias = Literal[
    SignInRefusal.CONFLICT, SignInRefusal.BOUND_ELSEWHERE, SignInRefusal.CANNOT_COMPARE
]


class StaffCase(IdentityError):
    """A sign-in that only staff can sort out, with the citizens it concerns."""

    def __init__(self, reason: StaffReason, *citizens: Citizen) -> None:
        super().__init__(reason)
        self.citizens = citizens


@dataclass(frozen=True, slots=True)
class Match:
    """The citizen of an identity.

    Attributes:
        sure: Whether what the identity tells may be written over what is known: who is let in by a
            passport alone changes nobody's name.
    """

    citizen: Citizen
    sure: bool


def identifiers(identity: Identity) -> dict[str, str]:
    """Return the keyed hashes by which the identity can be compared, by kind."""
    kind = identity.identifier_kind.value
    hashes = {kind: lookup_hash(kind, identity.identifier)}
    if identity.unzr:
        hashes.setdefault(UNZR, lookup_hash(UNZR, identity.unzr))
    return hashes


def number_hash(identity: Identity) -> str:
    """Return the keyed hash of a passport number without its country, or empty: whom it is alike to."""
    if identity.identifier_kind is not IdentifierKind.PASSPORT:
        return ""
    return lookup_hash(PASSPORT, bare_number(identity.identifier))


def is_same_person(citizen: Citizen, identity: Identity) -> bool | None:
    """Compare the numbers that both have; None when they cannot tell.

    A passport is replaced in the course of a life, so it counts only where nothing else does, and
    then only with both names equal. One that is merely alike, with the names equal, tells nothing.
    """
    claimed, known = identifiers(identity), _known(citizen)
    common = known.keys() & claimed.keys()
    if not common:
        return None
    same = all(known[kind] == claimed[kind] for kind in (common - {PASSPORT} or common))
    if common != {PASSPORT}:
        return same
    named = have_same_names(citizen, identity)
    if same:
        return named or None
    return None if named and citizen.number_hash == number_hash(identity) else False


def _known(citizen: Citizen) -> dict[str, str]:
    known = {citizen.identifier_kind: citizen.identifier_hash}
    if citizen.unzr_hash:
        known.setdefault(UNZR, citizen.unzr_hash)
    return known


def find(identity: Identity, credential: Credential | None = None) -> Match | None:
    """Return the citizen of an identity; None for somebody new.

    Raises:
        IdentityError: the owner has unbound this key or bank (`means_not_bound`).
        StaffCase: what is told belongs to different people, or not surely to one (`conflict`).
    """
    bound = bound_credentials(credential)
    account = _portal_account(identity)
    owners = [row.citizen for row in bound] + ([account.citizen] if account else [])
    found = lock_candidates(identity, *owners)
    # Under the lock, for which this sign-in may have waited while the owner took it off.
    if credential is not None and not bound_credentials(credential) and _was_unbound(credential):
        raise IdentityError(SignInRefusal.CREDENTIAL_NOT_BOUND)
    if not found:
        return None
    if len(found) > 1:
        raise StaffCase(SignInRefusal.CONFLICT, *found)
    known_key = _speak_for_owner(bound, credential)
    return _judge(found[0], identity, known_key=known_key, known_account=account is not None)


def known_at_portal(identity: Identity, *, jti_hash: str) -> Match | None:
    """Return what `find` would of a token's identity, by one query and without a lock.

    None wherever more than the one citizen of the portal's account has to be looked at, or nobody
    is known: `find` judges then.

    Raises:
        IdentityError: the token was revoked.
        StaffCase: as `find`.
    """
    subject = portal_subject_hash(identity)
    if not subject:
        return None
    wanted = _named_by(identity)
    if number := number_hash(identity):
        wanted |= Q(number_hash=number)
    account = PortalAccount.objects.filter(subject_hash=subject, citizen=OuterRef("pk"))
    revoked = SpentToken.objects.filter(jti_hash=jti_hash)
    found = Citizen.objects.filter(wanted).annotate(
        is_account=Exists(account), is_revoked=Exists(revoked)
    )
    citizens = list(found[:2])
    if len(citizens) != 1 or not citizens[0].is_account:
        return None
    if citizens[0].is_revoked:
        raise IdentityError(SignInRefusal.REVOKED)
    return _judge(citizens[0], identity, known_key=False, known_account=True)


def _judge(citizen: Citizen, identity: Identity, *, known_key: bool, known_account: bool) -> Match:
    same = is_same_person(citizen, identity)
    if same is False or (same is None and not known_key and not known_account):
        raise StaffCase(SignInRefusal.CONFLICT, citizen)
    by_number = bool(identifiers(identity).keys() & _known(citizen).keys() - {PASSPORT})
    if not by_number and not known_account and _is_other_at_portal(citizen, identity):
        raise StaffCase(SignInRefusal.CONFLICT, citizen)
    surely = by_number or known_key or known_account
    return Match(citizen, sure=same is True and surely)


def _speak_for_owner(bound: list[SignInCredential], credential: Credential | None) -> bool:
    return credential is not None and bool(credential.seen) and any(row.seen_hash for row in bound)


def fingerprint_hash(credential: Credential) -> str:
    return lookup_hash("means", credential.fingerprint)


def seen_hash(credential: Credential) -> str:
    return lookup_hash("means seen", credential.seen) if credential.seen else ""


def _rows(credential: Credential | None) -> QuerySet[SignInCredential]:
    """Return the rows that may be of this key or bank: by what was seen, else by how it is called.

    A row known by its name alone is met by whoever has that name; see `SignInCredential`.
    """
    if credential is None:
        return SignInCredential.objects.none()
    named = Q(fingerprint_hash=fingerprint_hash(credential))
    if not credential.seen:
        return SignInCredential.objects.filter(named)
    seen = Q(seen_hash=seen_hash(credential))
    return SignInCredential.objects.filter(seen | named & Q(seen_hash=""))


def bound_credentials(credential: Credential | None) -> list[SignInCredential]:
    """Return the rows of a key or bank that somebody signs in with: the one that is surely of it, else all."""
    rows = list(_rows(credential).filter(unbound_at__isnull=True).select_related("citizen"))
    surely = [row for row in rows if credential and credential.seen and row.seen_hash]
    return surely or rows


def _was_unbound(credential: Credential) -> bool:
    return _rows(credential).filter(unbound_at__isnull=False).exists()


def portal_subject_hash(identity: Identity) -> str:
    """Return the keyed hash of a portal's stable id of the person, or empty: others tell none."""
    provider = identity_providers().get(identity.provider)
    if provider is None or provider.flow is not Flow.HANDOVER:
        return ""
    return lookup_hash("subject", f"{identity.provider}\n{identity.subject}")


def _portal_account(identity: Identity) -> PortalAccount | None:
    subject = portal_subject_hash(identity)
    if not subject:
        return None
    return PortalAccount.objects.filter(subject_hash=subject).select_related("citizen").first()


def _is_other_at_portal(citizen: Citizen, identity: Identity) -> bool:
    """Return whether the portal knows the citizen by another id than this: it says that they are two."""
    return (
        bool(portal_subject_hash(identity))
        and PortalAccount.objects.filter(citizen=citizen, provider=identity.provider).exists()
    )


def lock_candidates(identity: Identity, *also: Citizen) -> list[Citizen]:
    """Return everybody whom one of the numbers names or, by the same names, nearly; and `also`.

    Locked in key order.
    """
    wanted = Q(pk__in=[citizen.pk for citizen in also]) | _named_by(identity)
    named = Citizen.objects.filter(wanted).values_list("pk", flat=True)
    keys = {*named, *_nearly(identity)}
    citizens = Citizen.objects.select_for_update(no_key=True).filter(pk__in=keys)
    return list(citizens.order_by("pk"))


def _named_by(identity: Identity) -> Q:
    """Return the condition that one of the numbers is a citizen's."""
    wanted = Q()
    for kind, value in identifiers(identity).items():
        wanted |= Q(identifier_kind=kind, identifier_hash=value)
        if kind == UNZR:
            wanted |= Q(unzr_hash=value)
    return wanted


def _nearly(identity: Identity) -> list[int]:
    number = number_hash(identity)
    alike = Citizen.objects.filter(number_hash=number) if number else Citizen.objects.none()
    return [citizen.pk for citizen in alike if have_same_names(citizen, identity)]
