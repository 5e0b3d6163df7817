"""Who is signed in."""

import uuid
from datetime import datetime, timedelta

from django.db.models import QuerySet

from diia_videoreception.models import Citizen, CitizenSession, HandOver, SpentToken
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.selectors.actors import SignedIn
from integrations.common.levels import Level
from integrations.identity.base import Identity

RECENT = timedelta(days=30)


def live_session(key: uuid.UUID, *, now: datetime) -> CitizenSession | None:
    """Return the session of this key, if it has neither ended nor run out."""
    live = CitizenSession.objects.live(now).select_related("citizen")
    # Begun while the account was erased, it is nobody's.
    return live.filter(key=key, citizen__erased_at=None).first()


def of_session(session: CitizenSession) -> SignedIn:
    return SignedIn(
        citizen=session.citizen,
        level=Level(session.level),
        method=session.method,
        auth_time=session.auth_time,
        session=session,
    )


def signed_in(citizen: Citizen, identity: Identity) -> SignedIn:
    return SignedIn(
        citizen=citizen,
        level=identity.level,
        method=identity.method,
        auth_time=identity.auth_time,
    )


def handover_secret_hash(secret: str) -> str:
    """Return how a waiting hand-over remembers the secret of its browser."""
    return lookup_hash("handover", secret)


def pending_handovers(now: datetime) -> QuerySet[HandOver]:
    """Sign-ins that wait for the click on «Ви входите як …»."""
    return HandOver.objects.filter(expires_at__gt=now, kind=HandOver.Kind.CONFIRMATION)


def waiting_handover(key: uuid.UUID, *, secret: str, now: datetime) -> HandOver | None:
    """Return the sign-in of this address, for the browser that brought it."""
    mine = pending_handovers(now).filter(secret_hash=handover_secret_hash(secret))
    return mine.filter(key=key).first()


def pending_registrations(now: datetime) -> QuerySet[HandOver]:
    """Return verified people who have to register first; their keys stand only in the browser's session."""
    return HandOver.objects.filter(expires_at__gt=now, kind=HandOver.Kind.REGISTRATION)


def recent_sessions(citizen: Citizen, *, now: datetime) -> QuerySet[CitizenSession]:
    """Return the sign-ins of the last 30 days, newest first."""
    since = now - RECENT
    return (
        CitizenSession.objects.filter(citizen=citizen, started_at__gt=since)
        .select_related("credential")
        .order_by("-started_at", "-pk")
    )


def jti_hash(jti: str) -> str:
    return lookup_hash("jti", jti)


def is_spent(jti: str) -> bool:
    return SpentToken.objects.filter(jti_hash=jti_hash(jti)).exists()
