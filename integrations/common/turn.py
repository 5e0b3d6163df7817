"""Credentials for TURN servers that end by themselves (coturn's use-auth-secret)."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TurnCredential:
    """What a relay lets somebody in with; the credential is a secret."""

    username: str
    credential: str = field(repr=False)


def turn_credential(secret: str, *, user: str, until: datetime) -> TurnCredential:
    """Make the credential of one user, good until a moment.

    Args:
        secret: What the relay and the portal share.
        user: Names the user to the relay's log; nothing personal.
        until: When the relay lends nothing more; what it has lent stays.
    """
    username = f"{int(until.timestamp())}:{user}"
    # SHA-1 is what the relays speak; a keyed hash stands although its collisions are found.
    digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return TurnCredential(username, base64.b64encode(digest).decode())
