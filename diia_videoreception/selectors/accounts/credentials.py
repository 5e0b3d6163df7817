"""What a citizen signs in with."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from diia_videoreception.models import Citizen, CitizenSession, SignInCredential
from diia_videoreception.providers import identity_providers
from integrations.common.levels import Level
from integrations.identity.base import Flow

NEW = timedelta(days=30)


def credentials_of(citizen: Citizen) -> QuerySet[SignInCredential]:
    """Return the keys and banks of a citizen, without those that have been unbound."""
    return SignInCredential.objects.filter(citizen=citizen, unbound_at__isnull=True)


def credential_by_id(citizen: Citizen, public_id: uuid.UUID) -> SignInCredential | None:
    return credentials_of(citizen).filter(public_id=public_id).first()


def is_new(credential: SignInCredential, *, now: datetime) -> bool:
    """Return whether the owner may not have noticed it yet: added after the registration, a month ago at most."""
    return credential.bound_at > credential.citizen.created_at and now - credential.bound_at < NEW


def is_strong(credential: SignInCredential, *, now: datetime) -> bool:
    """Return whether one can come back with it at the level substantial or above."""
    lasts = credential.valid_until is None or credential.valid_until > now
    return lasts and Level(credential.level).at_least(Level.SUBSTANTIAL)


def has_portal_login(citizen: Citizen) -> bool:
    """Return whether the portal itself has vouched for the citizen at that level lately."""
    portals = [
        alias for alias, provider in identity_providers().items() if provider.flow is Flow.HANDOVER
    ]
    return CitizenSession.objects.filter(
        citizen=citizen,
        provider__in=portals,
        level__in=[level.value for level in Level if level.at_least(Level.SUBSTANTIAL)],
    ).exists()


def can_unbind(
    credential: SignInCredential, rows: Iterable[SignInCredential], *, portal: bool, now: datetime
) -> bool:
    """Return whether the owner can still sign in without it: strongly, if it is strong itself (rule C.9)."""
    others = [other for other in rows if other.pk != credential.pk]
    if portal or any(is_strong(other, now=now) for other in others):
        return True
    return bool(others) and not is_strong(credential, now=now)
