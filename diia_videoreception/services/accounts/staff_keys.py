"""КЕП as the second factor of staff: any key of the person who has set it up."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.errors import KeyTooWeak
from diia_videoreception.models import StaffKey
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.selectors.accounts.second_factor import (
    KEY_DEVICE,
    key_devices,
    key_of,
    recovery_devices,
)
from diia_videoreception.services.accounts.second_factor import (
    lock_user,
    new_codes,
    record_set_up,
)
from diia_videoreception.services.transactions import act
from integrations.common.levels import Level
from integrations.identity.base import IdentifierKind, Identity, IdentityError, Proof
from integrations.identity.reasons import SignInRefusal


@act
def bind(user: AbstractBaseUser, *, proof: Proof, now: datetime) -> tuple[Any, list[str]]:
    """Make the person who has signed the second factor of a member of staff, in the place of one before.

    Sessions that a key of before has verified are not any more.

    Args:
        proof: Of a signature over a challenge of this user, verified by its provider just now.

    Returns:
        By what the session remembers it, and recovery codes where the user had none.

    Raises:
        KeyTooWeak: the signature is not qualified.
    """
    _require_qualified(proof)
    lock_user(user)
    StaffKey.objects.update_or_create(
        user_id=user.pk,
        defaults={"identifier_hash": _hash(user, proof.identity), "bound_at": now, **_shown(proof)},
    )
    key_devices().filter(user_id=user.pk).delete()
    device = key_devices().create(user_id=user.pk, name=KEY_DEVICE, confirmed=True)
    has_codes = recovery_devices().filter(user_id=user.pk, confirmed=True).exists()
    codes = [] if has_codes else new_codes(user)[1]
    record_set_up(user, kind="key", now=now)
    return device, codes


@act
def verify(user: AbstractBaseUser, *, proof: Proof) -> Any:
    """Compare who has signed.

    Args:
        proof: As for `bind`.

    Returns:
        By what the session remembers it.

    Raises:
        IdentityError: it is somebody else (`identity_mismatch`).
        KeyTooWeak: the signature is not qualified.
    """
    lock_user(user)
    key, device = key_of(user), key_devices().filter(user_id=user.pk, confirmed=True).first()
    if key is None or device is None or key.identifier_hash != _hash(user, proof.identity):
        raise IdentityError(SignInRefusal.IDENTITY_MISMATCH)
    _require_qualified(proof)
    StaffKey.objects.filter(pk=key.pk).update(**_shown(proof))
    return device


def _require_qualified(proof: Proof) -> None:
    if not proof.identity.level.at_least(Level.SUBSTANTIAL):
        raise KeyTooWeak


def is_number_of(user: AbstractBaseUser, rnokpp: str) -> bool:
    """Return whether a РНОКПП is that of the member of staff, as far as their own key tells."""
    key = key_of(user)
    return key is not None and key.identifier_hash == _number_hash(
        user, IdentifierKind.RNOKPP, rnokpp
    )


def _hash(user: AbstractBaseUser, identity: Identity) -> str:
    return _number_hash(user, identity.identifier_kind, identity.identifier)


def _number_hash(user: AbstractBaseUser, kind: IdentifierKind, number: str) -> str:
    return lookup_hash("staff_key", f"{user.pk}\0{kind.value}:{number}")


def _shown(proof: Proof) -> dict[str, object]:
    """Return what the person reads of the certificate that was used last."""
    credential = proof.credential
    return {
        "label": credential.label[:200] if credential else "",
        "valid_until": credential.valid_until if credential else None,
    }
