"""The portal's side in tests: a key of its own, and tokens signed with it."""

from datetime import datetime
from typing import Any, Final

from integrations.identity.base import Identity
from integrations.identity.portal_issuer import issue_access, issue_handover
from integrations.identity.signing_keys import SigningKey

ISSUER: Final = "https://portal.example.gov.ua"
AUDIENCE: Final = "videoreception"

KEY: Final = SigningKey.from_private_jwk(
    {
        "kty": "EC",
        "crv": "P-256",
        "use": "sig",
        "alg": "ES256",
        "kid": "ABgW5BWKn4SBdabDBwVj5Pc9RtUuOHtdordxX_Oe01o",
        "x": "Y6mxlIToobqi31UAkVaUFGJ68QJF9NAmtbp8QjcS9mA",
        "y": "3WwXdzcgnpx4hSgs09AJOqH57LUkMMJRKzwHJmZ5nL4",
        "d": "Uksgh7SxQ-ODFNx-4GpzLb11Is7xdjz7RnM1bYo9CjQ",
    }
)
"""Invented for the tests; it signs nothing elsewhere."""

PROVIDER: Final[dict[str, Any]] = {
    "BACKEND": "integrations.identity.portal_tokens.PortalTokens",
    "OPTIONS": {
        "issuer": ISSUER,
        "audience": AUDIENCE,
        "authorize_url": "http://127.0.0.1/identity/",
        "jwks": {"keys": [KEY.public_jwk()]},
        "allow_http_loopback": True,
    },
}


def handover_token(identity: Identity, *, nonce: str | None, now: datetime) -> str:
    """A hand-over token as the portal makes it for a signed-in person."""
    return issue_handover(identity, key=KEY, issuer=ISSUER, audience=AUDIENCE, nonce=nonce, now=now)


def access_token(identity: Identity, *, now: datetime) -> str:
    """An access token as the portal makes it for a program."""
    return issue_access(identity, key=KEY, issuer=ISSUER, audience=AUDIENCE, now=now)
