"""Rooms of LiveKit: servers of the portal, or of somebody else, that carry sound and picture.

The portal speaks with its RoomService (Twirp), browsers with its WebSocket by LiveKit's own library,
unmodified, from where the settings say and only if it is the file that they name. Who somebody is stands
in a token that the portal signs. LiveKit takes no token back, so three things keep out who had to go:
each page lets nobody hear but whom the portal names, LiveKit tells the portal who has come in, and
whoever has no seat is put out again. Nothing is recorded: no call asks for it, and no token allows it.
"""

import hashlib
import hmac
import json
import re
from base64 import b64encode
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

from django.utils.translation import gettext_noop
from jose import JWSError, jws, jwt

from integrations.common.fetching import FetchLimits
from integrations.common.options import HTTPS, HTTPS_IF_ANY, checked, whole
from integrations.conference.base import (
    Capabilities,
    ConferenceFailed,
    ConferenceProvider,
    Entry,
    EventKind,
    EventRefused,
    Joining,
    Meeting,
    ServerEvent,
    SignedEvent,
)
from integrations.conference.servers import (
    WEBSOCKET,
    ServerOptions,
    abroad,
    ask_server,
    derived,
    known_texts,
    origin_of,
    read_object,
    short_secrets,
)

LEAST_SECRET: Final = 32
"""Shortest secret of LiveKit, in characters; its server warns of shorter ones."""
_ALGORITHM: Final = "HS256"
_TOKEN_LASTS: Final = timedelta(minutes=1)
_CLOCKS_DIFFER: Final = timedelta(minutes=1)
_EMPTY_SECONDS, _LEFT_SECONDS = 1800, 60
_SCRIPT_LIMITS: Final = FetchLimits(connect=1.0, read=2.0, total=3.0, max_bytes=4 * 1024 * 1024)
_ROOM: Final = re.compile(r"([0-9a-f]{32})-([0-9]{1,12})-([0-9a-f]{40})", re.ASCII)
_INTEGRITY: Final = re.compile(r"(sha256|sha384|sha512)-([A-Za-z0-9+/]{40,90}={0,2})", re.ASCII)
_JSON: Final = {"Content-Type": "application/json"}
_MAX_SECONDS: Final = 10**11

_DOWN: Final = gettext_noop("LiveKit does not answer.")
_REFUSES: Final = gettext_noop("LiveKit does not accept the key and the secret.")
_NO_SCRIPT: Final = gettext_noop("The script of LiveKit cannot be fetched.")
_OTHER_SCRIPT: Final = gettext_noop("The script of LiveKit is not the file that the settings name.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveKitOptions(ServerOptions):
    """Where LiveKit is, and what the portal shares with it.

    Attributes:
        url: Its WebSocket, as browsers reach it: "wss://livekit.example.gov.ua".
        api_url: Its API, as the portal reaches it; the same host when empty.
        api_key: Names the portal to LiveKit (livekit.yaml: keys).
        api_secret: Signs tokens, and what LiveKit tells the portal.
        script_url: Where pages get LiveKit's library: dist/livekit-client.umd.js of its npm package.
        script_integrity: Hash of that file, as in the attribute `integrity` of a script.
        max_people: How many may be in a room at once.
    """

    name: str = "livekit"
    label: str = "LiveKit"
    url: str = field(metadata=WEBSOCKET)
    api_url: str = field(default="", metadata=HTTPS_IF_ANY)
    api_key: str
    api_secret: str = field(repr=False)
    script_url: str = field(metadata=HTTPS)
    script_integrity: str = field(
        metadata=checked(
            lambda value: isinstance(value, str) and _INTEGRITY.fullmatch(value),
            "a hash such as sha384-…",
        )
    )
    max_people: int = field(default=12, metadata=whole(2, 100))

    def conflicts(self) -> Iterator[str]:
        """See `Options.conflicts`."""
        if not self.api_key:
            yield "api_key: must be a text that is not empty"
        yield from short_secrets(self, "api_secret", least=LEAST_SECRET)


class LiveKitRoom(ConferenceProvider):
    """A reception in a room of LiveKit, on the same page as one in the portal's own."""

    Options = LiveKitOptions
    engine: ClassVar[str] = "livekit"
    needs_trial = True
    takes_events = True

    def __init__(self, options: LiveKitOptions) -> None:
        super().__init__(options)
        self._options = options
        self.capabilities = Capabilities(
            in_browser=True, max_people=options.max_people, has_server=True
        )
        socket = origin_of(options.url)
        http = f"http{socket.removeprefix('ws')}"
        self._api = f"{options.api_url or http}".rstrip("/") + "/twirp/livekit.RoomService/"
        self.server = http
        self.page_sources = {
            # The library asks by HTTP why a WebSocket was refused.
            "connect-src": (socket, http),
            "script-src": (origin_of(options.script_url),),
        }

    def prepare(self, *, number: str, start: datetime, end: datetime) -> None:
        """Need no access: who may come in is told by the portal's own sign-in."""

    def ensure_room(self, meeting: Meeting) -> None:
        """Make the room; one that is there stays as it is."""
        self._ask(
            "CreateRoom",
            {
                "name": self._room(meeting),
                "emptyTimeout": _EMPTY_SECONDS,
                "departureTimeout": _LEFT_SECONDS,
                "maxParticipants": self._options.max_people,
            },
            grant={"roomCreate": True},
        )

    def join(self, entry: Entry, *, until: datetime) -> Joining:
        """Let this entry in, in place of any earlier one of the same person."""
        # The server may make no room by itself, so that an old token finds none.
        self.ensure_room(entry.meeting)
        if entry.session > 1:
            earlier = Entry(entry.meeting, entry.participant, entry.session - 1)
            self._remove(entry.meeting, self.badge(earlier))
        server = {
            "url": self._options.url,
            "token": self._ticket(entry, until),
            "script": self._options.script_url,
            "integrity": self._options.script_integrity,
        }
        return Joining(relay_only=False, server=server)

    def badge(self, entry: Entry) -> str:
        """Return what LiveKit calls the entry: it stands in the token, so nobody else can be called so."""
        return derived(
            self._options.api_secret,
            "entry",
            entry.meeting,
            entry.participant.hex,
            entry.session,
        )

    def dismiss(self, entry: Entry, *, others: Callable[[], Collection[Entry]]) -> None:
        """Put the person out, and whoever else is there without a seat."""
        self._remove(entry.meeting, self.badge(entry))
        self.sweep(entry.meeting, others=others)

    def sweep(self, meeting: Meeting, *, others: Callable[[], Collection[Entry]]) -> None:
        """See `ConferenceProvider.sweep`."""
        here = self._people(meeting)
        staying = {self.badge(other) for other in others()}
        for identity in here:
            if identity not in staying:
                self._remove(meeting, identity)

    def close(self, meeting: Meeting) -> None:
        """Take the room down, with everybody in it."""
        room = {"room": self._room(meeting)}
        self._ask("DeleteRoom", room, grant={"roomCreate": True}, may_lack=True)

    def check(self) -> list[str]:
        """See `Provider.check`."""
        return abroad(self._options.country, self.server)

    def outages(self) -> list[str]:
        """Ask LiveKit how it is, and look whether its script is the right one."""
        return [*self._server_outages(), *self._script_outages()]

    def read_events(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> SignedEvent:
        """Read what LiveKit tells the portal: signed, and no older than its signature says."""
        token = headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            claims = read_object("LiveKit", jws.verify(token, self._options.api_secret, _ALGORITHM))
        except (JWSError, ConferenceFailed, RecursionError):
            raise EventRefused from None
        digest = b64encode(hashlib.sha256(body).digest())
        told, expires = claims.get("sha256"), claims.get("exp")
        if not isinstance(told, str) or not hmac.compare_digest(digest, told.encode()):
            raise EventRefused
        if claims.get("iss") != self._options.api_key:
            raise EventRefused
        if type(expires) is not int or not 0 < expires < _MAX_SECONDS:
            raise EventRefused
        expires_at = datetime.fromtimestamp(expires, UTC) + _CLOCKS_DIFFER
        if expires_at < now:
            raise EventRefused
        # Whoever sends the same once more is known by what it says, whatever the token looks like.
        return SignedEvent(self._event_in(body), digest.decode(), expires_at)

    def _event_in(self, body: bytes) -> ServerEvent | None:
        try:
            said = read_object("LiveKit", body)
        except ConferenceFailed:
            raise EventRefused from None
        kind = {"participant_joined": EventKind.JOINED, "room_finished": EventKind.ENDED}.get(
            str(said.get("event"))
        )
        room, person = said.get("room"), said.get("participant")
        name = room.get("name") if isinstance(room, dict) else None
        meeting = self._meeting_of(name) if isinstance(name, str) else None
        identity = person.get("identity", "") if isinstance(person, dict) else ""
        return ServerEvent(kind, meeting, str(identity)) if kind and meeting else None

    # Names that follow from the room and its time.

    def _room(self, meeting: Meeting) -> str:
        start = int(meeting.start.timestamp())
        return f"{meeting.room.hex}-{start}-{derived(self._options.api_secret, 'room', meeting)}"

    def _meeting_of(self, name: str) -> Meeting | None:
        """Return the reception whose room is called so; None for a room that the portal has not made."""
        found = _ROOM.fullmatch(name)
        if found is None or int(found[2]) > _MAX_SECONDS:
            return None
        start = datetime.fromtimestamp(int(found[2]), UTC)
        meeting = Meeting(UUID(found[1]), start, start)
        return meeting if hmac.compare_digest(self._room(meeting), name) else None

    def _ticket(self, entry: Entry, until: datetime) -> str:
        """Sign what lets one entry in: nothing but being there, speaking and hearing."""
        return self._signed(
            {
                "sub": self.badge(entry),
                "nbf": int((entry.meeting.start - timedelta(days=1)).timestamp()),
                "exp": int(until.timestamp()),
                "video": {
                    "room": self._room(entry.meeting),
                    "roomJoin": True,
                    "canPublish": True,
                    "canPublishSources": ["camera", "microphone"],
                    "canSubscribe": True,
                    "canPublishData": True,
                    "canUpdateOwnMetadata": False,
                },
            }
        )

    def _signed(self, claims: Mapping[str, Any]) -> str:
        signed: str = jwt.encode(
            {"iss": self._options.api_key, **claims}, self._options.api_secret, _ALGORITHM
        )
        return signed

    # The RoomService.

    def _people(self, meeting: Meeting) -> list[str]:
        """Return what everybody in the room is called."""
        room = self._room(meeting)
        answer = self._ask("ListParticipants", {"room": room}, grant=_of(room), may_lack=True)
        found = answer.get("participants", [])
        return known_texts(found, "identity") if isinstance(found, list) else []

    def _remove(self, meeting: Meeting, identity: str) -> None:
        room = self._room(meeting)
        asked = {"room": room, "identity": identity}
        self._ask("RemoveParticipant", asked, grant=_of(room), may_lack=True)

    def _ask(
        self,
        method: str,
        asked: Mapping[str, Any],
        *,
        grant: Mapping[str, Any],
        may_lack: bool = False,
    ) -> dict[str, Any]:
        """Ask the RoomService.

        Args:
            grant: What the token of this call allows, and nothing more.
            may_lack: That there is no such room or person means that there is nothing to do.

        Raises:
            ConferenceFailed: it does not do it; `reason` is LiveKit's code for why.
        """
        now = datetime.now(UTC)
        moments = {"nbf": now - _CLOCKS_DIFFER, "exp": now + _TOKEN_LASTS}
        token = self._signed({"video": dict(grant), **moments})
        answer = ask_server(
            "LiveKit",
            "POST",
            self._api + method,
            body=json.dumps(asked).encode(),
            headers=_JSON | {"Authorization": f"Bearer {token}"},
        )
        if answer.status == 200:
            return read_object("LiveKit", answer.body)
        code = ""
        with suppress(ConferenceFailed):
            code = str(read_object("LiveKit", answer.body).get("code"))
        if may_lack and (answer.status, code) == (404, "not_found"):
            return {}
        raise ConferenceFailed(
            f"LiveKit: {method} failed, status {answer.status}",
            is_refused=answer.status in {401, 403},
        )

    # How it is.

    def _server_outages(self) -> list[str]:
        try:
            self._ask("ListRooms", {"names": ["none"]}, grant={"roomList": True})
        except ConferenceFailed as error:
            return [_REFUSES if error.is_refused else _DOWN]
        return []

    def _script_outages(self) -> list[str]:
        try:
            answer = ask_server("script", "GET", self._options.script_url, limits=_SCRIPT_LIMITS)
        except ConferenceFailed:
            return [_NO_SCRIPT]
        if answer.status != 200:
            return [_NO_SCRIPT]
        kind, _, wanted = self._options.script_integrity.partition("-")
        found = b64encode(hashlib.new(kind, answer.body).digest()).decode()
        return [] if found == wanted else [_OTHER_SCRIPT]


def _of(room: str) -> dict[str, Any]:
    """Return the grant for one room's people."""
    return {"roomAdmin": True, "room": room}
