"""The TURN servers of a run, as the page takes them."""

from datetime import datetime, timedelta
from typing import TypedDict

from device_check.conf import Turn
from integrations.common.turn import turn_credential


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
    """Return every address of the setting with a credential good for `ttl_minutes` from `now`.

    Args:
        turn: The servers and the secret that they share.
        user: Names the run to the relay's log; nothing personal.
        now: The present moment.
    """
    given = turn_credential(turn.secret, user=user, until=now + timedelta(minutes=turn.ttl_minutes))
    return [
        TurnServer(
            urls=[url],
            username=given.username,
            credential=given.credential,
            transport=transport_of(url),
        )
        for url in turn.urls
    ]
