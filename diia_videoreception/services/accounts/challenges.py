"""Bytes of ours that a person signs, once and within five minutes (identity rule C.1)."""

import secrets
import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext

from diia_videoreception.conf import app_settings
from diia_videoreception.models import Application, Challenge, Citizen, Purpose
from diia_videoreception.rules.challenges import (
    LIFETIME,
    RANDOM_BYTES,
    challenge_text,
    is_challenge,
)
from diia_videoreception.selectors.accounts.challenges import challenges_of, session_hash
from diia_videoreception.services.transactions import act
from integrations.identity.base import (
    CONTENT_FILE,
    SIGNATURE_FILE,
    IdentityError,
    Proof,
    SignatureProvider,
)
from integrations.identity.reasons import SignInRefusal

SIGNS_TEXT = frozenset({Purpose.SIGN, Purpose.CONSENT})
"""For which a text of ours is signed, not a challenge."""
ENOUGH_TIME = timedelta(minutes=2)
"""What must be left of a challenge for a page to show it once more."""


@act
def issue(
    *,
    provider: str,
    purpose: str,
    session_secret: str,
    citizen: Citizen | None = None,
    application: Application | None = None,
    user: AbstractBaseUser | None = None,
    document: str = "",
    now: datetime,
) -> Challenge:
    """Give what the person has to sign; the same once more while there is time enough for it.

    Args:
        provider: Alias of the provider that will verify the signature.
        purpose: Of `Purpose`.
        session_secret: Random value that only this browser's session knows.
        citizen: Who is signed in; None for signing in.
        application: What is signed, for the purpose `sign`.
        user: The member of staff, for their purposes.
        document: The text to sign instead of a challenge, for what `SIGNS_TEXT` has.

    Raises:
        ValueError: the document could be taken for a challenge, or is there for another purpose
            than those of `SIGNS_TEXT`, or is missing for them.
    """
    is_document = purpose in SIGNS_TEXT
    if is_document != bool(document) or is_challenge(document.encode()):
        raise ValueError("a document is signed for the purpose of signing, and nothing else is")
    mine = challenges_of(session_secret).filter(
        provider=provider,
        purpose=purpose,
        citizen=citizen,
        application=application,
        user=user.pk if user else None,
    )
    waiting = mine.filter(expires_at__gte=now + ENOUGH_TIME).order_by("-expires_at").first()
    if waiting is not None and (not is_document or waiting.content == document):
        return waiting
    return Challenge.objects.create(
        provider=provider,
        purpose=purpose,
        session_hash=session_hash(session_secret),
        citizen=citizen,
        application=application,
        user_id=user.pk if user else None,
        content=document or _text(purpose, now=now),
        expires_at=now + LIFETIME,
    )


def answer(
    *,
    key: str | uuid.UUID,
    signature: bytes,
    session_secret: str,
    provider: SignatureProvider,
    purpose: str,
    citizen: Citizen | None = None,
    application: Application | None = None,
    user: AbstractBaseUser | None = None,
    now: datetime,
) -> Proof:
    """Use the challenge up and then verify the signature, so that neither can be tried twice.

    Args:
        signature: What the person has sent; see the provider.
        session_secret: As given to `issue`; likewise `purpose`, `citizen`, `application`, `user`.

    Raises:
        IdentityError: `challenge_gone` (used already, or none of ours), `challenge_expired`,
            `challenge_other_session` (also of another member of staff), `challenge_other_provider`, `challenge_other_purpose`,
            `challenge_other_citizen`, `challenge_other_application`; else as the provider says.
    """
    challenge = _find(key)
    _require_own(challenge, session_secret, provider.name, purpose, citizen, application, user)
    _use_up(challenge)
    if challenge.expires_at <= now:
        raise IdentityError(SignInRefusal.CHALLENGE_EXPIRED)
    content = challenge.content.encode()
    proof = provider.verify(
        signature,
        content=content,
        now=now,
        # Whoever is signed in already acts with consequences: minutes count there.
        fresh=challenge.purpose != Purpose.SIGN_IN,
    )
    evidence = {SIGNATURE_FILE: signature, **proof.evidence, CONTENT_FILE: content}
    return replace(proof, evidence=evidence)


def _find(key: str | uuid.UUID) -> Challenge:
    try:
        challenge = Challenge.objects.filter(key=uuid.UUID(str(key))).first()
    except ValueError:
        challenge = None
    if challenge is None:
        raise IdentityError(SignInRefusal.CHALLENGE_GONE)
    return challenge


def _require_own(
    challenge: Challenge,
    session_secret: str,
    provider: str,
    purpose: str,
    citizen: Citizen | None,
    application: Application | None,
    user: AbstractBaseUser | None,
) -> None:
    """Refuse a stranger's answer without using the challenge up: it is not theirs to spoil."""
    is_theirs = challenge.user_id == (user and user.pk)
    if not is_theirs or not _is_of_session(challenge, session_secret):
        raise IdentityError(SignInRefusal.CHALLENGE_OTHER_SESSION)
    if challenge.provider != provider:
        raise IdentityError(SignInRefusal.CHALLENGE_OTHER_PROVIDER)
    if challenge.purpose != purpose:
        raise IdentityError(SignInRefusal.CHALLENGE_OTHER_PURPOSE)
    if challenge.citizen_id != (citizen and citizen.pk):
        raise IdentityError(SignInRefusal.CHALLENGE_OTHER_CITIZEN)
    if challenge.application_id != (application and application.pk):
        raise IdentityError(SignInRefusal.CHALLENGE_OTHER_APPLICATION)


def _use_up(challenge: Challenge) -> None:
    """Delete the row, committed at once: of two answers one finds it, whatever comes of either."""
    with transaction.atomic(durable=True):
        deleted, _rows = Challenge.objects.filter(pk=challenge.pk).delete()
    if not deleted:
        raise IdentityError(SignInRefusal.CHALLENGE_GONE)


def _is_of_session(challenge: Challenge, session_secret: str) -> bool:
    return constant_time_compare(challenge.session_hash, session_hash(session_secret))


def _text(purpose: str, *, now: datetime) -> str:
    parts = urlsplit(app_settings.base_url)
    statements = {
        Purpose.SIGN_IN: gettext("With this signature I sign in to my account."),
        Purpose.STEP_UP: gettext("With this signature I confirm who I am."),
        Purpose.BIND: gettext("With this signature I add the key to my account."),
        Purpose.STAFF_BIND: gettext(
            "With this signature I make my key the second factor of my work account."
        ),
        Purpose.STAFF_VERIFY: gettext("With this signature I sign in to my work account."),
    }
    return challenge_text(
        statement=statements[Purpose(purpose)],
        purpose=purpose,
        origin=f"{parts.scheme}://{parts.netloc}",
        random=secrets.token_bytes(RANDOM_BYTES),
        issued_at=now,
    )
