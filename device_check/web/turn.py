"""Credentials for the TURN servers that end by themselves (coturn's use-auth-secret)."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import TypedDict

from device_check.conf import Turn


class TurnServer(TypedDict):
    """One way to the relay, as RTCPeerConnection takes it, and what is tried by it."""

    urls: list[str]
    username: str
    credential: str
    transport: str


def transport_of(url: str) -> str:
    """udp, tcp or tls, from an address such as "turns:turn.gov.ua:443?transport=tcp"."""
    if url.startswith("turns:"):
        return "tls"
    return "tcp" if url.endswith("transport=tcp") else "udp"


def turn_servers(turn: Turn, *, user: str, now: datetime) -> list[TurnServer]:
    """Every address of the setting with a credential good for `ttl_minutes` from `now`.

    Args:
        turn: The servers and the secret that they share.
        user: Names the run to the relay's log; nothing personal.
        now: The present moment.
    """
    ends = int((now + timedelta(minutes=turn.ttl_minutes)).timestamp())
    username = f"{ends}:{user}"
    # SHA-1 is what the relays speak; a keyed hash stands although its collisions are found.
    digest = hmac.new(turn.secret.encode(), username.encode(), hashlib.sha1).digest()
    credential = base64.b64encode(digest).decode()
    return [
        TurnServer(
            urls=[url], username=username, credential=credential, transport=transport_of(url)
        )
        for url in turn.urls
    ]
