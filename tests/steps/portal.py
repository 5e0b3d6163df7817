"""A portal that hands citizens over, as the sign-in screens meet it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from integrations.common.levels import Level
from integrations.identity.base import IdentifierKind, Identity
from integrations.identity.portal_issuer import issue_access, issue_handover
from integrations.identity.signing_keys import SigningKey, generate_key

ISSUER = "https://portal.example.gov.ua"
AUDIENCE = "https://portal.example.gov.ua/videoreception"


class Portal:
    """Signs people in on its side and issues tokens about them."""

    def __init__(self) -> None:
        self.key: SigningKey = generate_key()

    @property
    def settings(self) -> dict[str, Any]:
        """The entry of the setting IDENTITY."""
        return {
            "BACKEND": "integrations.identity.portal_tokens.PortalTokens",
            "OPTIONS": {
                "issuer": ISSUER,
                "audience": AUDIENCE,
                "authorize_url": f"{ISSUER}/identity/",
                "jwks": {"keys": [self.key.public_jwk()]},
                "allow_http_loopback": True,
            },
        }

    def handover(self, *, nonce: str | None, now: datetime, **who: Any) -> str:
        return issue_handover(
            person(now, **who),
            key=self.key,
            issuer=ISSUER,
            audience=AUDIENCE,
            nonce=nonce,
            now=now,
        )

    def access(self, *, now: datetime, **who: Any) -> str:
        return issue_access(
            person(now, **who), key=self.key, issuer=ISSUER, audience=AUDIENCE, now=now
        )


def person(now: datetime, **changes: Any) -> Identity:
    values: dict[str, Any] = {
        "provider": "portal",
        "subject": str(uuid5(NAMESPACE_OID, str(changes.get("identifier", "1759013776")))),
        "identifier_kind": IdentifierKind.RNOKPP,
        "identifier": "1759013776",
        "last_name": "Ґудзь",
        "first_name": "Соломія",
        "patronymic": "Ярославівна",
        "level": Level.HIGH,
        "method": "kep+dstu",
        "auth_time": now - timedelta(minutes=1),
        "email": "solomiia@example.com",
        "phone": "+380501234567",
    }
    return Identity(**values | changes)
