"""Rooms of Jitsi Meet: a server of the portal's own, or the service of 8x8 (JaaS), in a frame of the page.

Nobody runs a script of theirs on the page: what people do stands on Jitsi's own page, in a frame or in
another tab, which a signed token opens for one person in one room. Rooms are made by Jitsi when the
first one comes; their names cannot be guessed. The token allows no recording, no broadcast and no
transcript, and the frame offers none.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Final
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.utils.translation import gettext_noop
from jose import jwt

from integrations.common.options import HTTPS, PATH, TEXT, checked, whole
from integrations.conference.base import (
    Capabilities,
    ConferenceFailed,
    ConferenceProvider,
    Entry,
    Joining,
)
from integrations.conference.servers import (
    FRAMED_PERMISSIONS,
    ServerOptions,
    abroad,
    always_abroad,
    ask_server,
    derived,
    framed,
    origin_of,
    short_secrets,
)

_DOWN: Final = gettext_noop("Jitsi does not answer.")
_NO_KEY: Final = gettext_noop("The key of the service cannot be read.")
_MIN_KEY_BITS: Final = 2048
_OFF: Final = (
    "recording", "livestreaming", "transcription", "live-translation", "inbound-call", "outbound-call",
    "sip-inbound-call", "sip-outbound-call",
)  # fmt: skip
"""Features by the names of jitsi-meet (react/features/base/jwt/constants.ts) that would let anything out."""
_BUTTONS: Final = (
    "microphone", "camera", "desktop", "raisehand", "tileview", "fullscreen", "settings", "select-background",
    "toggle-camera", "participants-pane", "videoquality", "closedcaptions",
)  # fmt: skip
_CONFIG: Final[Mapping[str, object]] = MappingProxyType(
    {
        "prejoinConfig.enabled": False,
        "toolbarButtons": _BUTTONS,
        "disableInviteFunctions": True,
        "disableThirdPartyRequests": True,
        "disableDeepLinking": True,
        "doNotStoreRoom": True,
        "localRecording.disable": True,
        "recordingService.enabled": False,
        "liveStreaming.enabled": False,
        "transcription.enabled": False,
        "p2p.enabled": False,
    }
)
"""What Jitsi's page is told besides (config/configWhitelist.ts); from browser to browser would tell addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JitsiOptions(ServerOptions):
    """A Jitsi Meet of the portal's own that lets in people with tokens (prosody: token auth).

    Attributes:
        url: Where it is, as browsers reach it: "https://meet.example.gov.ua".
        app_id: Names the portal to it (app_id).
        app_secret: Signs what people show (app_secret).
        audience: One of its asap_accepted_audiences.
        embed: Whether it stands in a frame of the page; else it opens in another tab.
        max_people: How many may be in a room at once.
    """

    name: str = "jitsi"
    label: str = "Jitsi Meet"
    url: str = field(metadata=HTTPS)
    app_id: str = field(metadata=TEXT)
    app_secret: str = field(repr=False)
    audience: str = field(default="jitsi", metadata=TEXT)
    embed: bool = True
    max_people: int = field(default=12, metadata=whole(2, 100))

    def conflicts(self) -> Iterator[str]:
        """See `Options.conflicts`."""
        yield from short_secrets(self, "app_secret", least=32)


@dataclass(frozen=True, slots=True, kw_only=True)
class JaasOptions(ServerOptions):
    """Jitsi as a Service of 8x8.

    Attributes:
        app_id: "vpaas-magic-cookie-…".
        key_id: Of the key that was uploaded there: what follows the slash.
        key_file: Its private half (PEM, RSA), in a file that the portal alone can read.
        url: Of the service.
        embed, max_people: As for Jitsi.
    """

    name: str = "jaas"
    label: str = "Jitsi as a Service (8x8)"
    app_id: str = field(
        metadata=checked(
            lambda value: isinstance(value, str) and value.startswith("vpaas-magic-cookie-"),
            "an AppID that begins with vpaas-magic-cookie-",
        )
    )
    key_id: str = field(metadata=TEXT)
    key_file: str | Path = field(metadata=PATH)
    url: str = field(default="https://8x8.vc", metadata=HTTPS)
    embed: bool = True
    max_people: int = field(default=12, metadata=whole(2, 100))


class _Rooms(ConferenceProvider):
    """What both have in common."""

    engine: ClassVar[str] = "frame"
    needs_trial = True
    _base: str
    """Under which address rooms are."""
    _alive: str
    """What answers when the server is well."""
    _embed: bool
    _secret: str
    """What names of rooms follow from."""

    def _frame(self, url: str, *, max_people: int, embed: bool) -> None:
        origin = origin_of(url)
        self._embed = embed
        self.server = origin
        self.capabilities = Capabilities(in_browser=True, max_people=max_people, has_server=True)
        self.page_sources = {"frame-src": (origin,)} if embed else {}
        self.page_permissions = dict.fromkeys(FRAMED_PERMISSIONS, (origin,)) if embed else {}

    def prepare(self, *, number: str, start: datetime, end: datetime) -> None:
        """Need no access: who may come in is told by the portal's own sign-in."""

    def join(self, entry: Entry, *, until: datetime) -> Joining:
        """Give the address of Jitsi's page for this entry; it asks nobody.

        The token stands behind `#`: it is in no log of a server.
        """
        room = derived(self._secret, "room", entry.meeting)
        config = {f"config.{name}": value for name, value in _CONFIG.items()}
        told = {"jwt": self._sign(self._claims(entry, room, until)), **config}
        words = "&".join(f"{name}={quote(json.dumps(value))}" for name, value in told.items())
        return framed(f"{self._base}/{room}#{words}", embed=self._embed)

    def dismiss(self, entry: Entry, *, others: Callable[[], Collection[Entry]]) -> None:
        """Do nothing: Jitsi is told by nobody but its moderators whom to put out; the page says so."""

    def outages(self) -> list[str]:
        """Ask whether it answers."""
        try:
            answer = ask_server("Jitsi", "GET", self._alive)
        except ConferenceFailed:
            return [_DOWN]
        return [] if answer.status == 200 else [_DOWN]

    def _claims(self, entry: Entry, room: str, until: datetime) -> dict[str, Any]:
        user = {
            "id": derived(self._secret, "entry", entry.meeting, entry.participant, entry.session),
            "name": entry.shown_as,
            "moderator": entry.is_host,
            "affiliation": "owner" if entry.is_host else "member",
        }
        return {
            "room": room,
            "nbf": int((entry.meeting.start - timedelta(days=1)).timestamp()),
            "exp": int(until.timestamp()),
            "context": {
                "user": user,
                "features": dict.fromkeys(_OFF, False),
                "room": {"regex": False},
            },
        }

    def _sign(self, claims: Mapping[str, Any]) -> str:
        raise NotImplementedError


class JitsiRoom(_Rooms):
    """A reception in a room of the portal's own Jitsi."""

    Options = JitsiOptions

    def __init__(self, options: JitsiOptions) -> None:
        super().__init__(options)
        self._options = options
        self._secret = options.app_secret
        self._base = options.url.rstrip("/")
        self._alive = f"{self._base}/http-bind"
        self._frame(options.url, max_people=options.max_people, embed=options.embed)

    def check(self) -> list[str]:
        """See `Provider.check`."""
        return abroad(self._options.country, self.server)

    def _sign(self, claims: Mapping[str, Any]) -> str:
        own = {
            "iss": self._options.app_id,
            "aud": self._options.audience,
            "sub": urlsplit(self._options.url).hostname,
        }
        signed: str = jwt.encode({**own, **claims}, self._options.app_secret, "HS256")
        return signed


class JaasRoom(_Rooms):
    """A reception in a room of 8x8's service, which always stands abroad."""

    Options = JaasOptions

    def __init__(self, options: JaasOptions) -> None:
        super().__init__(options)
        self._options = options
        self._base = f"{options.url.rstrip('/')}/{options.app_id}"
        self._alive = f"{self._base}/external_api.js"
        self._frame(options.url, max_people=options.max_people, embed=options.embed)
        self._key = _read_key(Path(options.key_file))
        # Without a key nobody gets in: `faults` says so.
        self._secret = self._key or "no key"

    def check(self) -> list[str]:
        """See `Provider.check`."""
        return always_abroad()

    def faults(self) -> list[str]:
        """See `Provider.faults`."""
        return [] if self._key else [_NO_KEY]

    def join(self, entry: Entry, *, until: datetime) -> Joining:
        """See `_Rooms.join`."""
        if not self._key:
            raise ConferenceFailed("JaaS: no key")
        return super().join(entry, until=until)

    def _sign(self, claims: Mapping[str, Any]) -> str:
        own = {"iss": "chat", "aud": "jitsi", "sub": self._options.app_id}
        kid = f"{self._options.app_id}/{self._options.key_id}"
        signed: str = jwt.encode({**own, **claims}, self._key, "RS256", headers={"kid": kid})
        return signed


def _read_key(path: Path) -> str:
    """Return a private RSA key (PEM) as text; empty where the file holds none that is good enough."""
    try:
        data = path.read_bytes()
        key = load_pem_private_key(data, password=None)
    except (OSError, ValueError, TypeError):
        return ""
    is_good = isinstance(key, RSAPrivateKey) and key.key_size >= _MIN_KEY_BITS
    return data.decode("ascii", "replace") if is_good else ""
