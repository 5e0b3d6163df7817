"""Signing citizens in and out: no user of the portal."""

import logging
import secrets
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import AuthenticationTooOld, NotFound, SessionEnded
from diia_videoreception.models import (
    Citizen,
    CitizenSession,
    HandOver,
    JournalAct,
    SignInCredential,
    SpentToken,
)
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.providers import identity_providers
from diia_videoreception.selectors.access import StaffUser, citizens_visible_to
from diia_videoreception.selectors.accounts.sessions import (
    handover_secret_hash,
    is_spent,
    jti_hash,
    pending_handovers,
    signed_in,
)
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services import journal
from diia_videoreception.services.accounts import proofs
from diia_videoreception.services.accounts.citizens import get_or_create_citizen, news
from diia_videoreception.services.accounts.matching import StaffCase, known_at_portal
from diia_videoreception.services.accounts.staff_cases import notify_staff
from diia_videoreception.services.transactions import act, lock_citizen
from integrations.identity.base import (
    Access,
    Flow,
    HandOverProvider,
    Identity,
    IdentityError,
    Proof,
)
from integrations.identity.reasons import SignInRefusal

logger = logging.getLogger(__name__)

HANDOVER_LIFETIME = timedelta(minutes=10)
WAITING_EXTENSION = timedelta(minutes=30)
MAX_EXTENSIONS = 10
"""As often as a person who needs more time can get it (WCAG 2.2.1)."""
TOUCH_EVERY = timedelta(minutes=1)


def portal_tokens(alias: str | None = None) -> HandOverProvider:
    """Return the configured provider of portal tokens, by alias or the first one.

    Raises:
        IdentityError: the portal has none (`no_provider`).
    """
    for name, provider in identity_providers().items():
        if provider.flow is Flow.HANDOVER and alias in (None, name):
            return provider
    raise IdentityError(SignInRefusal.NO_PROVIDER)


def receive_handover(*, provider: str, token: str, now: datetime) -> tuple[HandOver, str]:
    """Take a hand-over token from the portal; it works once.

    Returns:
        The row that waits for the person's own click, and the secret that the browser has to keep:
        whoever reads the address of the click, in a log or over a shoulder, can do nothing.

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
) -> tuple[HandOver, str]:
    _spend(jti_hash(jti), expires_at=expires_at)
    secret = secrets.token_urlsafe(32)
    handover = HandOver.objects.create(
        kind=HandOver.Kind.CONFIRMATION,
        provider=provider,
        nonce_hash=lookup_hash("nonce", nonce) if nonce else "",
        secret_hash=handover_secret_hash(secret),
        proof_encrypted=proofs.seal(Proof(identity, received_at=now)),
        expires_at=now + HANDOVER_LIFETIME,
    )
    return handover, secret


def spend_attempt(nonce: str, *, expires_at: datetime) -> None:
    """Use up an attempt to sign in, also against a second answer at the same moment.

    Raises:
        IdentityError: it has been used (`replayed`).
    """
    _spend(lookup_hash("attempt", nonce), expires_at=expires_at)


def _spend(key: str, *, expires_at: datetime) -> None:
    try:
        with transaction.atomic():
            SpentToken.objects.create(jti_hash=key, expires_at=expires_at)
    except IntegrityError as error:
        raise IdentityError(SignInRefusal.REPLAYED) from error


def pending_proof(handover: HandOver) -> Proof:
    """Return what waits in a verified hand-over, for the page «Ви входите як …»."""
    return proofs.unseal(handover.proof_encrypted)


def extend_handover(handover: HandOver, *, now: datetime) -> datetime:
    """Give the person more time on the page that waits for them.

    Returns:
        Until when it waits: as before, where it has been extended as often as it can be.
    """
    waiting = HandOver.objects.filter(
        pk=handover.pk, expires_at__gt=now, extensions__lt=MAX_EXTENSIONS
    )
    waiting.update(expires_at=now + WAITING_EXTENSION, extensions=F("extensions") + 1)
    handover.refresh_from_db()
    return handover.expires_at


@act
def consume_handover(*, key: uuid.UUID, now: datetime) -> Proof:
    """Give what waits for the person's own click; the row is used up.

    Raises:
        SessionEnded: it was used, or its time has passed.
    """
    handover = pending_handovers(now).select_for_update().filter(key=key).first()
    if handover is None:
        raise SessionEnded
    handover.delete()
    return pending_proof(handover)


def open_session(
    citizen: Citizen,
    proof: Proof,
    *,
    what: JournalAct,
    credential: SignInCredential | None,
    browser: str,
    now: datetime,
) -> CitizenSession:
    """Make the session of a verified person, inside the act; `what` is what the journal calls it.

    Raises:
        SessionEnded: all sign-ins were ended while this one waited for the person's click.
    """
    identity, ended = proof.identity, citizen.signed_out_at
    if proof.received_at is not None and ended is not None and proof.received_at <= ended:
        raise SessionEnded
    session = CitizenSession.objects.create(
        citizen=citizen,
        provider=identity.provider,
        level=identity.level.value,
        method=identity.method,
        credential=credential,
        browser=browser,
        auth_time=identity.auth_time,
        started_at=now,
        idle_deadline=now + timedelta(minutes=app_settings.session_idle_minutes),
        deadline=now + timedelta(hours=app_settings.session_max_hours),
    )
    journal.record(
        what,
        subject=citizen,
        citizen=citizen,
        now=now,
        details={"method": identity.method, "level": identity.level.value},
    )
    return session


def require_fresh(actor: SignedIn, *, now: datetime) -> None:
    """Refuse what somebody at a forgotten screen must not do (identity rule C.9).

    Raises:
        AuthenticationTooOld: the person proved who they are too long ago.
    """
    if now - actor.auth_time > timedelta(minutes=app_settings.fresh_sign_in_minutes):
        raise AuthenticationTooOld


def keep_alive(session: CitizenSession, *, now: datetime) -> None:
    """Move the idle deadline on; writes at most once a minute."""
    idle_deadline = now + timedelta(minutes=app_settings.session_idle_minutes)
    if idle_deadline - session.idle_deadline >= TOUCH_EVERY:
        CitizenSession.objects.live(now).filter(pk=session.pk).update(idle_deadline=idle_deadline)
        session.idle_deadline = idle_deadline


@act
def sign_out(session: CitizenSession, *, now: datetime) -> None:
    """End a session; ending it again changes nothing."""
    ended = CitizenSession.objects.filter(pk=session.pk, ended_at__isnull=True).update(ended_at=now)
    if ended:
        journal.record(
            JournalAct.SIGN_OUT, subject=session.citizen, citizen=session.citizen, now=now
        )


@act
def sign_out_elsewhere(actor: SignedIn, *, now: datetime) -> int:
    """End all sessions of the citizen but this one; gives how many there were."""
    others = CitizenSession.objects.live(now).filter(citizen=actor.citizen)
    if actor.session is not None:
        others = others.exclude(pk=actor.session.pk)
    ended = others.update(ended_at=now)
    # Tokens of programs and sign-ins that wait for a click are elsewhere too.
    Citizen.objects.filter(pk=actor.citizen.pk).update(signed_out_at=now)
    if ended:
        journal.record(
            JournalAct.SIGN_OUT_ELSEWHERE,
            subject=actor.citizen,
            citizen=actor.citizen,
            now=now,
            details={"sessions": ended},
        )
    return ended


@act
def end_by_staff(
    *,
    staff: AbstractBaseUser,
    public_id: uuid.UUID,
    now: datetime,
    among: Callable[[StaffUser], QuerySet[Citizen]] | None = None,
) -> int:
    """End all sessions of a citizen at once, and the access tokens that programs have.

    Args:
        staff: Who may see the citizen's applications.
        public_id: Of the citizen.
        among: Whose sessions this member of staff may end; of the people whom they may see without it.

    Returns:
        How many sessions there were.

    Raises:
        NotFound: there is no such citizen whom this member of staff may see.
    """
    visible = (among or citizens_visible_to)(staff)
    citizen = visible.filter(public_id=public_id).first()
    if citizen is None:
        raise NotFound
    lock_citizen(citizen)
    ended = CitizenSession.objects.live(now).filter(citizen=citizen).update(ended_at=now)
    Citizen.objects.filter(pk=citizen.pk).update(signed_out_at=now)
    journal.record(
        JournalAct.END_SESSIONS,
        subject=citizen,
        staff_id=staff.pk,
        now=now,
        details={"sessions": ended},
    )
    return ended


def sign_in_by_access_token(token: str, *, now: datetime) -> SignedIn:
    """Return the citizen for whom a program acts.

    Raises:
        IdentityError: the token is not accepted or was revoked, or only staff can tell whose it is.
    """
    access = portal_tokens().read_access(token, now)
    try:
        citizen = _citizen_of(access, now=now)
    except StaffCase as case:
        notify_staff(case, access.identity, now=now)
        raise
    if citizen.signed_out_at is not None and access.issued_at <= citizen.signed_out_at:
        raise IdentityError(SignInRefusal.REVOKED)
    return signed_in(citizen, access.identity)


def _citizen_of(access: Access, *, now: datetime) -> Citizen:
    """Return the citizen of a token: by one query, where it tells nothing new.

    Raises:
        IdentityError: it was revoked.
        StaffCase: only staff can tell whose it is.
    """
    match = known_at_portal(access.identity, jti_hash=jti_hash(access.jti))
    if match is None and is_spent(access.jti):
        raise IdentityError(SignInRefusal.REVOKED)
    if match is not None and not news(match, access.identity, now=now):
        return match.citizen
    return get_or_create_citizen(access.identity, now=now)


def revoke_access_token(token: str, *, now: datetime) -> None:
    """Put an access token on the revocation list until it ends; revoking it again is no error.

    Raises:
        IdentityError: the token is not accepted.
    """
    access = portal_tokens().read_access(token, now)
    SpentToken.objects.get_or_create(
        jti_hash=jti_hash(access.jti), defaults={"expires_at": access.expires_at}
    )
