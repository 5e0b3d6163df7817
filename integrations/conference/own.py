"""The portal's own room: browser to browser, the portal tells them of each other.

Nothing is made outside: the room is rows of the portal, and lives as long as they do. What the
portal cannot do is to connect two browsers behind firewalls without telling either the other's
address; that takes a relay (TURN), which lends both an address of its own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_network
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_noop

from integrations.common.options import Options, list_of
from integrations.common.turn import turn_credential
from integrations.conference.base import (
    Capabilities,
    ConferenceProvider,
    Entry,
    IceServer,
    Joining,
)
from integrations.conference.servers import MIN_SECRET

_NO_TURN: Final = gettext_noop("Without TURN, some citizens will not be able to connect.")
_ADDRESS: Final = re.compile(r"turns?:(?:\[(?P<six>[^\]]+)\]|(?P<four>[\d.]+))(?::\d+)?(?:\?.*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayOptions(Options):
    """The relays of a conference.

    Attributes:
        turn_urls: Addresses of the relays: "turn:turn.gov.ua:3478?transport=udp",
            "turns:turn.gov.ua:443?transport=tcp".
        turn_secret: What the portal and the relays share (coturn: static-auth-secret).
    """

    turn_urls: Sequence[str] = field(
        default=(), metadata=list_of(r"turns?:.*", "addresses that begin with turn: or turns:")
    )
    turn_secret: str = field(default="", repr=False)

    def conflicts(self) -> Iterator[str]:
        """See `Options.conflicts`."""
        if self.turn_urls and len(self.turn_secret) < MIN_SECRET:
            yield f"turn_secret: must have at least {MIN_SECRET} characters"

    def relays_for(self, participant: UUID, *, until: datetime) -> tuple[IceServer, ...]:
        """Give the relays with a credential of one participant; it names nobody."""
        if not self.turn_urls:
            return ()
        given = turn_credential(self.turn_secret, user=participant.hex, until=until)
        return (IceServer(tuple(self.turn_urls), given.username, given.credential),)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRoomOptions(RelayOptions):
    """The relays, and whether they may be left out.

    Attributes:
        relay_addresses: Addresses, or networks, that the relays lend (coturn: relay-ip, external-ip):
            the portal passes on no other. Known by themselves where `turn_urls` name addresses.
        direct: Let browsers connect without a relay and learn each other's addresses: for a
            demonstration, or where all are in one local network.
    """

    name: str = "default"
    label: str = "Own room in the browser"
    relay_addresses: Sequence[str] = field(
        default=(), metadata=list_of(r"[0-9A-Fa-f.:]+(/\d{1,3})?", "addresses or networks")
    )
    direct: bool = False

    def conflicts(self) -> Iterator[str]:
        """See `Options.conflicts`."""
        # A dataclass with slots is another class than the one that `super()` would look for.
        yield from RelayOptions.conflicts(self)
        try:
            [ip_network(one) for one in self.relay_addresses]
        except ValueError as error:
            yield f"relay_addresses: {error}"


class OwnRoom(ConferenceProvider):
    """A reception that needs nothing but a browser on both sides."""

    Options = OwnRoomOptions
    capabilities = Capabilities(in_browser=True, max_people=4)

    def __init__(self, options: OwnRoomOptions) -> None:
        super().__init__(options)
        self._options = options
        self.tells_addresses = options.direct
        self.relays = tuple(ip_network(one) for one in options.relay_addresses or _named(options))

    def prepare(self, *, number: str, start: datetime, end: datetime) -> None:
        """Need no access: who may come in is told by the portal's own sign-in."""

    def join(self, entry: Entry, *, until: datetime) -> Joining:
        """Give the relays; it asks nobody."""
        relays = self._options.relays_for(entry.participant, until=until)
        return Joining(relays, relay_only=not self._options.direct)

    def check(self) -> list[str]:
        return [] if self._options.turn_urls or self._options.direct else [_NO_TURN]


def _named(options: OwnRoomOptions) -> list[str]:
    """Return the addresses that the URLs of the relays name; none where any of them is a name."""
    found = [_ADDRESS.fullmatch(url) for url in options.turn_urls]
    return [one["six"] or one["four"] for one in found if one] if all(found) else []
