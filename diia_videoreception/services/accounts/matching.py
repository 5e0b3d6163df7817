"""Whom an identity names: by key or bank and by identifiers, never by name or address (rule C.9)."""

from django.db.models import Q

from diia_videoreception.models import Citizen, SignInMeans
from diia_videoreception.personal_data import lookup_hash
from integrations.identity.base import IdentifierKind, Identity, IdentityError, Means

UNZR = IdentifierKind.UNZR.value
PASSPORT = IdentifierKind.PASSPORT.value


class StaffCase(IdentityError):
    """A sign-in that only staff can sort out, with the citizens it concerns."""

    def __init__(self, reason: str, *citizens: Citizen) -> None:
        super().__init__(reason)
        self.citizens = citizens


def identifiers(identity: Identity) -> dict[str, str]:
    """The keyed hashes by which the identity can be compared, by kind."""
    kind = identity.identifier_kind.value
    hashes = {kind: lookup_hash(kind, identity.identifier)}
    if identity.unzr:
        hashes.setdefault(UNZR, lookup_hash(UNZR, identity.unzr))
    return hashes


def is_same_person(citizen: Citizen, identity: Identity) -> bool | None:
    """Compares the identifiers that both have; None when they cannot tell.

    A passport is replaced in the course of a life, so it counts only where nothing else does; and
    countries number theirs alike, so nothing is told by a number alone, with the names against it.
    """
    told, known = identifiers(identity), _known(citizen)
    common = known.keys() & told.keys()
    if not common:
        return None
    same = all(known[kind] == told[kind] for kind in (common - {PASSPORT} or common))
    if same and common == {PASSPORT} and not _words_of(citizen) & _words_of(identity):
        return None
    return same


def _known(citizen: Citizen) -> dict[str, str]:
    known = {citizen.identifier_kind: citizen.identifier_hash}
    if citizen.unzr_hash:
        known.setdefault(UNZR, citizen.unzr_hash)
    return known


def _words_of(person: Citizen | Identity) -> set[str]:
    """First and last name in any order, without what sources write in several ways."""
    words = f"{person.last_name} {person.first_name}".replace("-", " ").casefold().split()
    return {"".join(filter(str.isalpha, word)) for word in words}


def fingerprint_hash(means: Means) -> str:
    return lookup_hash("means", means.fingerprint)


def bound(means: Means | None) -> SignInMeans | None:
    """The row of a key or bank that somebody signs in with."""
    if means is None:
        return None
    return (
        SignInMeans.objects.filter(
            fingerprint_hash=fingerprint_hash(means), unbound_at__isnull=True
        )
        .select_related("citizen")
        .first()
    )


def find(identity: Identity, means: Means | None = None) -> Citizen | None:
    """The citizen of an identity, locked; None for somebody new.

    Raises:
        IdentityError: the owner has unbound this key or bank (`means_not_bound`).
        StaffCase: key and identifiers belong to different people (`conflict`).
    """
    row = bound(means)
    citizen = _only_one(identity, row.citizen if row else None)
    # Under the lock, for which this sign-in may have waited while the owner took it off.
    if means is not None and bound(means) is None and _was_unbound(means):
        raise IdentityError("means_not_bound")
    return citizen


def _was_unbound(means: Means) -> bool:
    return SignInMeans.objects.filter(fingerprint_hash=fingerprint_hash(means)).exists()


def _only_one(identity: Identity, owner: Citizen | None) -> Citizen | None:
    found = lock_all_of(identity, owner)
    if not found:
        return None
    same = is_same_person(found[0], identity)
    # A key that is known speaks for its owner where the numbers cannot tell.
    if len(found) > 1 or same is False or (same is None and owner is None):
        raise StaffCase("conflict", *found)
    return found[0]


def lock_all_of(identity: Identity, also: Citizen | None = None) -> list[Citizen]:
    """Everybody whom one of the identifiers names, and `also`, locked in key order."""
    wanted = Q(pk=also.pk) if also else Q(pk__in=[])
    for kind, value in identifiers(identity).items():
        wanted |= Q(identifier_kind=kind, identifier_hash=value)
        if kind == UNZR:
            wanted |= Q(unzr_hash=value)
    return list(Citizen.objects.select_for_update(no_key=True).filter(wanted).order_by("pk"))
