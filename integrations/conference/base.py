"""What a provider of video conferences has to offer."""

from abc import abstractmethod
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
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


class ConferenceFailed(Exception):
    """The server of a conference does not do what it was asked; the text names no person.

    Attributes:
        is_refused: It answers, but does not know the portal by what the settings say.
    """

    def __init__(self, text: str, *, is_refused: bool = False) -> None:
        super().__init__(text)
        self.is_refused = is_refused


class EventRefused(Exception):
    """Not what the server of a conference has signed just now, or nothing that can be read."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a conference can do.

    Attributes:
        in_browser: It is held on the portal's own page; otherwise people enter a program of their
            own with what `prepare` gives.
        max_people: How many may be in it at once.
        has_server: A server of its own carries it: what opens that one is given to nobody who is
            not admitted.
    """

    in_browser: bool = False
    max_people: int = 2
    has_server: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """Which conference is meant: a room at its time. What opens it is new when the time moves."""

    room: UUID
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One coming-in of one person; what it was given opens nothing once they come in anew.

    Attributes:
        is_host: Whether they come for the agency.
        shown_as: What the others are shown where the server shows names: a role, nobody's name.
    """

    meeting: Meeting
    participant: UUID
    session: int
    is_host: bool = field(default=False, compare=False)
    shown_as: str = field(default="", compare=False)


class EventKind(StrEnum):
    """What the server of a conference tells of a room."""

    JOINED = "joined"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """What has happened in a room that the portal has made.

    Attributes:
        meeting: Which; its end is not known.
        badge: Of whoever has come in.
    """

    kind: EventKind
    meeting: Meeting
    badge: str = ""


@dataclass(frozen=True, slots=True)
class SignedEvent:
    """One call of a server, and by what to know it again until it is too old.

    Attributes:
        event: None where it tells nothing that the portal wants to know.
    """

    event: ServerEvent | None
    signature: str = field(repr=False)
    expires_at: datetime


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
        server: What the page's script of this engine needs besides; it may hold secrets of this
            participant. Nothing while the person waits to be admitted.
    """

    ice_servers: tuple[IceServer, ...] = ()
    relay_only: bool = True
    server: Mapping[str, str] = field(default_factory=dict, repr=False)


class ConferenceProvider(Provider):
    """Brings the parties of a reception together.

    What stands outside is asked outside any transaction, and raises ConferenceFailed where it does
    not answer. `outages` tells whether it is well.

    Attributes:
        engine: Which script of the page connects people: "own" from browser to browser; others are
            loaded when they are needed.
        capabilities: What it can do.
        page_sources: Sources by directive of the Content-Security-Policy that its page needs
            besides the portal's own, on the page of the room only.
        page_permissions: Origins besides the portal's own that may use something of the browser on that
            page, by name of the Permissions-Policy: {"camera": ("https://meet.example.gov.ua",)}.
        tells_addresses: Whether browsers may learn each other's network addresses.
        server: Address of the server that carries it, for a trial of it to be known by; empty where
            there is none.
        needs_trial: Nobody has tried it with a real server yet, so the portal says so until the
            operator confirms to have done it.
        takes_events: Whether its server tells the portal what happens.
        relays: Networks of the addresses that the relays lend; empty where they are not known, then
            the portal passes on whatever a page calls a relay's.
    """

    engine: ClassVar[str] = "own"
    capabilities: Capabilities = Capabilities()
    page_sources: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    page_permissions: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    tells_addresses: bool = False
    server: str = ""
    needs_trial: bool = False
    takes_events: bool = False
    relays: tuple[IPv4Network | IPv6Network, ...] = ()

    @abstractmethod
    def prepare(self, *, number: str, start: datetime, end: datetime) -> ConferenceAccess | None:
        """Make the access of one reception, valid around its time only; None where none is needed.

        Called before the time is confirmed and outside any transaction, so it may ask a server; what
        it made may stay unused, or be asked for again for the same number.
        """

    def ensure_room(self, meeting: Meeting) -> None:
        """Make sure that the room is there; called, outside any transaction, when staff come in.

        May be called again for the same room. Where nothing has to be made outside, nothing is done.

        Raises:
            ConferenceFailed: its server does not make it.
        """

    def join(self, entry: Entry, *, until: datetime) -> Joining | None:
        """Give one participant what the page needs to join, good until a moment.

        None where people enter with what `prepare` gave. Called, outside any transaction, each time
        that somebody comes in who is admitted; where no server stands behind it, also who waits.

        Raises:
            ConferenceFailed: its server does not let them in.
        """
        return None

    def badge(self, entry: Entry) -> str:
        """Return by what the pages of the others recognise this entry at the server of the conference.

        Everybody in the room is told: nobody may be able to come in as somebody else with it.
        """
        return ""

    def dismiss(self, entry: Entry, *, others: Callable[[], Collection[Entry]]) -> None:
        """Put a person out, and let what was given for this entry open nothing any more.

        Args:
            entry: Who has to go.
            others: Tells who may stay, a newer entry of the same person among them; whoever else is
                at the server goes too, for the person may have come in twice. Asked after the server
                has told who is there: who comes in meanwhile is not put out.

        Raises:
            ConferenceFailed: its server does not do it.
        """

    def sweep(self, meeting: Meeting, *, others: Callable[[], Collection[Entry]]) -> None:
        """Put out whoever is at the server and none of `others()`; asked as for `dismiss`.

        Raises:
            ConferenceFailed: its server does not do it.
        """

    def read_events(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> SignedEvent:
        """Read what its server tells the portal, after a look at its signature.

        Raises:
            EventRefused: it tells nothing, or it is not genuine.
        """
        raise EventRefused

    def close(self, meeting: Meeting) -> None:
        """End the room for everybody, once the official has ended the reception; as `ensure_room`."""
