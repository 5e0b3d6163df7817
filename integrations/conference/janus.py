"""A Janus video room (Debian's package `janus`): its server carries sound and picture, for many people.

The portal speaks with its Admin API, browsers with its WebSocket. Rooms are made by the portal, with
names and secrets that nobody can guess and that follow from the room and its time: a Janus that was
started anew gets the same rooms again, a reception that was moved gets others. Who comes in has a
ticket of their own, which is taken back when they are put out. Nothing is recorded: rooms are made
without, and switching it on takes the secret of the room, which no browser gets.
"""

import hashlib
import hmac
import json
import secrets
from base64 import b64encode
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Final

from django.utils.translation import gettext_noop

from integrations.common.options import HTTPS, whole
from integrations.conference.base import (
    Capabilities,
    ConferenceFailed,
    ConferenceProvider,
    Entry,
    Joining,
    Meeting,
)
from integrations.conference.own import RelayOptions
from integrations.conference.servers import (
    COUNTRY,
    WEBSOCKET,
    abroad,
    ask_server,
    derived,
    origin_of,
    read_object,
    short_secrets,
)

PLUGIN: Final = "janus.plugin.videoroom"
_NO_SUCH_ROOM, _ROOM_EXISTS, _NO_SUCH_FEED = 426, 427, 428
_DOWN: Final = gettext_noop("Janus does not answer.")
_OPEN: Final = gettext_noop("Janus lets in people without a token: set token_auth in its settings.")


@dataclass(frozen=True, slots=True, kw_only=True)
class JanusOptions(RelayOptions):
    """Where Janus is, and what the portal shares with it.

    Attributes:
        url: Its WebSocket, as browsers reach it: "wss://media.example.gov.ua/janus".
        admin_url: Its Admin API, as the portal reaches it; on this machine it may be http.
        admin_secret: Opens the Admin API (janus.jcfg: admin_secret).
        admin_key: Lets rooms be made (janus.plugin.videoroom.jcfg: admin_key).
        token_secret: Signs what browsers show (janus.jcfg: token_auth_secret).
        max_people: How many may be in a room at once.
        kbit_per_s: Most that the picture of one person may take.
        country: As for `servers.ServerOptions`.
    """

    name: str = "janus"
    label: str = "Janus video room"
    url: str = field(metadata=WEBSOCKET)
    admin_url: str = field(default="http://127.0.0.1:7088/admin", metadata=HTTPS)
    admin_secret: str = field(repr=False)
    admin_key: str = field(repr=False)
    token_secret: str = field(repr=False)
    max_people: int = field(default=12, metadata=whole(2, 100))
    kbit_per_s: int = field(default=600, metadata=whole(64, 10_000))
    country: str = field(default="", metadata=COUNTRY)
    allow_http_loopback: bool = True

    def conflicts(self) -> Iterator[str]:
        """See `Options.conflicts`."""
        yield from RelayOptions.conflicts(self)
        yield from short_secrets(self, "admin_secret", "admin_key", "token_secret")


class JanusRoom(ConferenceProvider):
    """A reception in a room of Janus, on the same page as one in the portal's own."""

    Options = JanusOptions
    engine: ClassVar[str] = "janus"

    def __init__(self, options: JanusOptions) -> None:
        super().__init__(options)
        self._options = options
        self.capabilities = Capabilities(
            in_browser=True, max_people=options.max_people, has_server=True
        )
        self.page_sources = {"connect-src": (origin_of(options.url),)}

    def prepare(self, *, number: str, start: datetime, end: datetime) -> None:
        """Need no access: who may come in is told by the portal's own sign-in."""

    def ensure_room(self, meeting: Meeting) -> None:
        """Make the room; one that is there stays as it is."""
        self._ask(
            {
                "request": "create",
                "admin_key": self._options.admin_key,
                **self._keys(meeting),
                "pin": self._made("pin", meeting),
                "permanent": False,
                "is_private": True,
                "publishers": self._options.max_people,
                "bitrate": self._options.kbit_per_s * 1000,
                "bitrate_cap": True,
                "audiocodec": "opus",
                "videocodec": "vp8,h264",
                # Only those are let in, and only they listen, whose tickets the portal has named.
                "allowed": [],
                "require_pvtid": True,
                "record": False,
                "lock_record": True,
                # The lock forgets who asks while joining; where no folder is, no file can be.
                "rec_dir": "/dev/null",
            },
            harmless=_ROOM_EXISTS,
        )

    def join(self, entry: Entry, *, until: datetime) -> Joining:
        """Let this entry in, in place of any earlier one of the same person."""
        # Whoever comes first after Janus was started anew makes the room anew.
        self.ensure_room(entry.meeting)
        if entry.session > 1:
            self._take_back(Entry(entry.meeting, entry.participant, entry.session - 1))
        ticket = self._of_entry("ticket", entry)
        self._ask(self._allow(entry.meeting, "add", ticket))
        server = {
            "url": self._options.url,
            "token": self._token(until),
            "room": self._keys(entry.meeting)["room"],
            "pin": self._made("pin", entry.meeting),
            "ticket": ticket,
            "feed": self._feed(entry),
        }
        relays = self._options.relays_for(entry.participant, until=until)
        return Joining(relays, relay_only=False, server=server)

    def badge(self, entry: Entry) -> str:
        """Return the hash of what the entry calls itself: others check it, and cannot say it first."""
        return hashlib.sha256(self._feed(entry).encode()).hexdigest()

    def dismiss(self, entry: Entry, *, others: Callable[[], Collection[Entry]]) -> None:
        """Take the ticket back, then put out whoever came by it under any name."""
        self._take_back(entry)
        here = self._feeds(entry.meeting)
        staying = {self._feed(other) for other in others()}
        for feed in here:
            if feed not in staying:
                self._kick(entry.meeting, feed)

    def close(self, meeting: Meeting) -> None:
        """Take the room down, with everybody in it."""
        self._ask({"request": "destroy", **self._keys(meeting)}, harmless=_NO_SUCH_ROOM)

    def check(self) -> list[str]:
        """See `Provider.check`."""
        return abroad(self._options.country, self._options.url)

    def outages(self) -> list[str]:
        """Ask Janus how it is."""
        with suppress(ConferenceFailed):
            status = self._admin({"janus": "get_status"}).get("status", {})
            self._ask({"request": "list"})
            return [] if status.get("token_auth") is True else [_OPEN]
        return [_DOWN]

    def _take_back(self, entry: Entry) -> None:
        """Let the ticket open nothing more, then put out who came by it: in this order nobody slips back in."""
        ticket = self._of_entry("ticket", entry)
        self._ask(self._allow(entry.meeting, "remove", ticket), harmless=_NO_SUCH_ROOM)
        self._kick(entry.meeting, self._feed(entry))

    def _kick(self, meeting: Meeting, feed: str) -> None:
        request = {"request": "kick", **self._keys(meeting), "id": feed}
        self._ask(request, harmless=(_NO_SUCH_ROOM, _NO_SUCH_FEED))

    def _feeds(self, meeting: Meeting) -> list[str]:
        """Return by which names people are in the room, whoever they say to be."""
        request = {"request": "listparticipants", **self._keys(meeting)}
        found = self._ask(request, harmless=_NO_SUCH_ROOM).get("participants", [])
        return [str(one["id"]) for one in found]

    # What follows from the room and its time, for whoever knows the secret of the portal.

    def _made(self, purpose: str, meeting: Meeting, *more: object) -> str:
        return derived(self._options.token_secret, purpose, meeting, *more)

    def _of_entry(self, purpose: str, entry: Entry) -> str:
        return self._made(purpose, entry.meeting, entry.participant.hex, entry.session)

    def _keys(self, meeting: Meeting) -> dict[str, str]:
        return {"room": self._made("room", meeting), "secret": self._made("secret", meeting)}

    def _feed(self, entry: Entry) -> str:
        return self._of_entry("feed", entry)

    def _allow(self, meeting: Meeting, action: str, ticket: str) -> dict[str, Any]:
        return {
            "request": "allowed",
            **self._keys(meeting),
            "action": action,
            "allowed": [ticket],
        }

    def _token(self, until: datetime) -> str:
        """Sign what the WebSocket of Janus asks of every message (its auth.c)."""
        ticket = f"{int(until.timestamp())},janus,{PLUGIN}"
        digest = hmac.new(
            self._options.token_secret.encode(), ticket.encode(), hashlib.sha1
        ).digest()
        return f"{ticket}:{b64encode(digest).decode()}"

    # The Admin API.

    def _ask(
        self, request: Mapping[str, Any], *, harmless: int | tuple[int, ...] = ()
    ) -> dict[str, Any]:
        """Ask the video rooms.

        Args:
            request: What is asked.
            harmless: Codes of errors that mean that there is nothing to do.
        """
        answer = self._admin({"janus": "message_plugin", "plugin": PLUGIN, "request": request})
        response = answer.get("response")
        if not isinstance(response, dict):
            raise ConferenceFailed("Janus: an answer without a response")
        code = response.get("error_code")
        known = harmless if isinstance(harmless, tuple) else (harmless,)
        if code is not None and code not in known:
            raise ConferenceFailed(f"Janus: {request['request']} failed, {code}")
        return response

    def _admin(self, question: Mapping[str, Any]) -> dict[str, Any]:
        body = {
            **question,
            "admin_secret": self._options.admin_secret,
            "transaction": secrets.token_hex(8),
        }
        answer = ask_server(
            "Janus",
            "POST",
            self._options.admin_url,
            body=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        reply = read_object("Janus", answer.body)
        if answer.status != 200 or reply.get("janus") != "success":
            raise ConferenceFailed(f"Janus: refused, status {answer.status}")
        return reply
