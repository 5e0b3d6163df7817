"""Who is signed in."""

import uuid
from datetime import datetime

from diia_videoreception.models import Citizen, CitizenSession, HandOver, SpentToken
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.selectors.actors import SignedIn
from integrations.identity.base import Identity


def live_session(key: uuid.UUID, *, now: datetime) -> CitizenSession | None:
    """The session of this key, if it has neither ended nor run out."""
    return CitizenSession.objects.live(now).select_related("citizen").filter(key=key).first()


def of_session(session: CitizenSession) -> SignedIn:
    return SignedIn(
        citizen=session.citizen,
        level=session.level,
        method=session.method,
        auth_time=session.auth_time,
        session=session,
    )


def signed_in(citizen: Citizen, identity: Identity) -> SignedIn:
    return SignedIn(
        citizen=citizen,
        level=identity.level.value,
        method=identity.method,
        auth_time=identity.auth_time,
    )


def waiting_handover(key: uuid.UUID, *, now: datetime) -> HandOver | None:
    return HandOver.objects.filter(key=key, expires_at__gt=now).first()


def jti_hash(jti: str) -> str:
    return lookup_hash("jti", jti)


def is_spent(jti: str) -> bool:
    return SpentToken.objects.filter(jti_hash=jti_hash(jti)).exists()
