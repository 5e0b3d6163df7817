"""What a provider of video conferences has to offer."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar
from uuid import UUID

from integrations.common.providers import Provider


@dataclass(frozen=True, slots=True)
class ConferenceAccess:
    """How one person enters one conference (A-55); the password is a secret."""

    login: str
    password: str

    def __repr__(self) -> str:
        return f"ConferenceAccess(login={self.login!r}, password=…)"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a conference can do.

    Attributes:
        in_browser: It is held on the portal's own page; otherwise people enter a program of their
            own with what `prepare` gives.
        max_people: How many may be in it at once.
    """

    in_browser: bool = False
    max_people: int = 2


@dataclass(frozen=True, slots=True)
class IceServer:
    """A server that helps browsers to connect, as RTCPeerConnection takes it."""

    urls: tuple[str, ...]
    username: str = ""
    credential: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Joining:
    """What one participant's page needs to join.

    Attributes:
        ice_servers: The relays, with credentials of this participant.
        relay_only: Whether nobody may learn anybody's network address: all goes through the
            relays, and the portal passes on no other candidates.
    """

    ice_servers: tuple[IceServer, ...] = ()
    relay_only: bool = True


class ConferenceProvider(Provider):
    """Brings the two parties of a reception together.

    Attributes:
        capabilities: What it can do.
        page_sources: Sources by directive of the Content-Security-Policy that its page needs
            besides the portal's own, on the page of the room only.
    """

    capabilities: ClassVar[Capabilities] = Capabilities()
    page_sources: ClassVar[Mapping[str, tuple[str, ...]]] = MappingProxyType({})

    @abstractmethod
    def prepare(self, *, number: str, start: datetime, end: datetime) -> ConferenceAccess | None:
        """Make the access of one reception, valid around its time only; None where none is needed.

        Called before the time is confirmed and outside any transaction, so it may ask a server; what
        it made may stay unused, or be asked for again for the same number.
        """

    def ensure_room(self, *, room: UUID, start: datetime, end: datetime) -> None:
        """Make sure that the room is there; called, outside any transaction, when staff come in.

        May be called again for the same room. Where nothing has to be made outside, nothing is done.
        """

    def join(self, *, participant: UUID, until: datetime) -> Joining | None:
        """Give one participant what the page needs to join, good until a moment.

        None where people enter with what `prepare` gave. Asks nobody: it is called each time that
        somebody comes in.
        """
        return None

    def close(self, *, room: UUID) -> None:
        """End the room for everybody, once the official has ended the reception; as `ensure_room`."""
