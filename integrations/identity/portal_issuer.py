"""The portal's side: making the two kinds of tokens for a person who is signed in there."""

import secrets
from datetime import datetime, timedelta

from integrations.identity.base import Identity
from integrations.identity.jwt import sign
from integrations.identity.portal_claims import claims_of
from integrations.identity.portal_tokens import ACCESS, HANDOVER, TokenKind
from integrations.identity.signing_keys import SigningKey


def issue_handover(
    identity: Identity,
    *,
    key: SigningKey,
    issuer: str,
    audience: str,
    nonce: str | None,
    now: datetime,
    lifetime: timedelta = HANDOVER.max_lifetime,
) -> str:
    """Make the token with which a browser is handed over.

    Args:
        identity: The person.
        key: The active key of the portal.
        issuer: Name of the portal.
        audience: Name of the video receptions at the portal, without the suffix of the kind.
        nonce: What the browser brought in the query, or None when the portal began by itself.
        now: Moment of issue.
        lifetime: At most two minutes.

    Raises:
        ValueError: The lifetime is longer than a reader accepts, or not positive.
    """
    claims = _claims(identity, HANDOVER, issuer, audience, now, lifetime)
    if nonce is not None:
        claims["nonce"] = nonce
    return sign(claims, key=key, typ=HANDOVER.typ)


def issue_access(
    identity: Identity,
    *,
    key: SigningKey,
    issuer: str,
    audience: str,
    now: datetime,
    lifetime: timedelta = ACCESS.max_lifetime,
) -> str:
    """Make the token with which a program acts for the person; at most ten minutes.

    Raises:
        ValueError: The lifetime is longer than a reader accepts, or not positive.
    """
    claims = _claims(identity, ACCESS, issuer, audience, now, lifetime)
    return sign(claims, key=key, typ=ACCESS.typ)


def _claims(
    identity: Identity,
    kind: TokenKind,
    issuer: str,
    audience: str,
    now: datetime,
    lifetime: timedelta,
) -> dict[str, object]:
    if not timedelta(seconds=1) <= lifetime <= kind.max_lifetime:
        raise ValueError("no reader accepts a token of this lifetime")
    issued = int(now.timestamp())
    return {
        **claims_of(identity),
        "iss": issuer,
        "aud": kind.audience(audience),
        "iat": issued,
        "exp": issued + int(lifetime.total_seconds()),
        "jti": secrets.token_urlsafe(16),
    }
