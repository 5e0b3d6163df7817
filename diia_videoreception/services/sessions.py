"""Signing citizens in and out (architecture decisions 7 and 8)."""

import json
import logging
import uuid
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import SessionEnded
from diia_videoreception.models import CitizenSession, HandOver, SpentToken
from diia_videoreception.personal_data import decrypt, encrypt, lookup_hash
from diia_videoreception.providers import identity_providers
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.sessions import is_spent, jti_hash, signed_in
from diia_videoreception.services import journal
from diia_videoreception.services.citizens import recognise
from diia_videoreception.services.occupancy import act
from integrations.identity.base import IdentifierKind, Identity, IdentityError, Level
from integrations.identity.portal_tokens import PortalTokens

logger = logging.getLogger(__name__)

HANDOVER_LIFETIME = timedelta(seconds=60)
TOUCH_EVERY = timedelta(minutes=1)


def portal_tokens(alias: str | None = None) -> PortalTokens:
    """The configured provider of portal tokens, by alias or the first one.

    Raises:
        IdentityError: the portal has none (`no_provider`).
    """
    for name, provider in identity_providers().items():
        if isinstance(provider, PortalTokens) and alias in (None, name):
            return provider
    raise IdentityError("no_provider")


def receive_handover(*, provider: str, token: str, now: datetime) -> HandOver:
    """Takes a hand-over token from the portal; it works once.

    Returns:
        The row that waits 60 seconds for the person's own click.

    Raises:
        IdentityError: the token is not accepted; the reason is in the log, without personal data.
    """
    try:
        handover = portal_tokens(provider).read_handover(token, now)
        return _keep_handover(
            provider=provider,
            identity=handover.identity,
            jti=handover.jti,
            expires_at=handover.expires_at,
            nonce=handover.nonce,
            now=now,
        )
    except IdentityError as error:
        logger.warning("Hand-over refused: %s %s", error.reason, error.detail)
        raise


@act
def _keep_handover(
    *,
    provider: str,
    identity: Identity,
    jti: str,
    expires_at: datetime,
    nonce: str | None,
    now: datetime,
) -> HandOver:
    _spend(jti, expires_at=expires_at)
    return HandOver.objects.create(
        provider=provider,
        nonce_hash=lookup_hash("nonce", nonce) if nonce else "",
        proof_encrypted=encrypt(_to_json(identity)),
        expires_at=now + HANDOVER_LIFETIME,
    )


def _spend(jti: str, *, expires_at: datetime) -> None:
    try:
        with transaction.atomic():
            SpentToken.objects.create(jti_hash=jti_hash(jti), expires_at=expires_at)
    except IntegrityError as error:
        raise IdentityError("replayed") from error


def waiting_identity(handover: HandOver) -> Identity:
    """The identity of a verified hand-over, for the page «Ви входите як …»."""
    return _from_json(decrypt(handover.proof_encrypted))


@act
def sign_in(*, key: uuid.UUID, now: datetime) -> CitizenSession:
    """Signs the person of a waiting hand-over in; the row is used up.

    Raises:
        SessionEnded: it was used, or a minute has passed.
    """
    handover = HandOver.objects.select_for_update().filter(key=key, expires_at__gt=now).first()
    if handover is None:
        raise SessionEnded
    identity = waiting_identity(handover)
    handover.delete()
    citizen = recognise(identity, now=now)
    session = CitizenSession.objects.create(
        citizen=citizen,
        provider=identity.provider,
        level=identity.level.value,
        method=identity.method,
        auth_time=identity.auth_time,
        started_at=now,
        idle_deadline=now + timedelta(minutes=app_settings.session_idle_minutes),
        deadline=now + timedelta(hours=app_settings.session_max_hours),
    )
    journal.record(
        "citizen.sign_in",
        subject=citizen,
        citizen=citizen,
        now=now,
        details={"method": identity.method, "level": identity.level.value},
    )
    return session


def keep_alive(session: CitizenSession, *, now: datetime) -> None:
    """Moves the idle deadline on; writes at most once a minute."""
    idle_deadline = now + timedelta(minutes=app_settings.session_idle_minutes)
    if idle_deadline - session.idle_deadline >= TOUCH_EVERY:
        CitizenSession.objects.live(now).filter(pk=session.pk).update(idle_deadline=idle_deadline)
        session.idle_deadline = idle_deadline


@act
def sign_out(session: CitizenSession, *, now: datetime) -> None:
    """Ends a session; ending it again changes nothing."""
    ended = CitizenSession.objects.filter(pk=session.pk, ended_at__isnull=True).update(ended_at=now)
    if ended:
        journal.record(
            "citizen.sign_out", subject=session.citizen, citizen=session.citizen, now=now
        )


def sign_in_by_access_token(token: str, *, now: datetime) -> SignedIn:
    """The citizen for whom a program acts.

    Raises:
        IdentityError: the token is not accepted or was revoked.
    """
    try:
        access = portal_tokens().read_access(token, now)
        if is_spent(access.jti):
            raise IdentityError("revoked")
    except IdentityError as error:
        logger.warning("Access token refused: %s %s", error.reason, error.detail)
        raise
    return signed_in(recognise(access.identity, now=now), access.identity)


def revoke_access_token(token: str, *, now: datetime) -> None:
    """Puts an access token on the revocation list until it ends; revoking it again is no error.

    Raises:
        IdentityError: the token is not accepted.
    """
    access = portal_tokens().read_access(token, now)
    SpentToken.objects.get_or_create(
        jti_hash=jti_hash(access.jti), defaults={"expires_at": access.expires_at}
    )


def _to_json(identity: Identity) -> str:
    values = asdict(identity)
    values["auth_time"] = identity.auth_time.isoformat()
    return json.dumps(values)


def _from_json(text: str) -> Identity:
    values = json.loads(text)
    values["auth_time"] = datetime.fromisoformat(values["auth_time"])
    values["level"] = Level(values["level"])
    values["identifier_kind"] = IdentifierKind(values["identifier_kind"])
    return Identity(**values)
