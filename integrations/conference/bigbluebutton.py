"""Rooms of BigBlueButton, on its own page in another tab or in a frame.

The portal makes and ends meetings by BigBlueButton's API, whose calls are signed with the secret of the
server, and gives each person an address that lets them in: in their role, under no name, into this
meeting only. Nothing is recorded: meetings are made without, nobody in them can switch it on, and one
that its server records all the same is refused.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final, Literal
from urllib.parse import urlencode
from xml.parsers import expat

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
from integrations.conference.servers import (
    FRAMED_PERMISSIONS,
    ServerOptions,
    abroad,
    ask_server,
    derived,
    framed,
    origin_of,
    short_secrets,
)

_DOWN: Final = gettext_noop("BigBlueButton does not answer.")
_REFUSES: Final = gettext_noop("BigBlueButton does not accept the secret.")
_MAX_DEPTH: Final = 32
_GONE: Final = frozenset({"notFound", "invalidMeetingIdentifier"})
_REFUSED: Final = frozenset({"checksumError"})
_EMPTY_MINUTES, _LEFT_MINUTES = 60, 5
_NO_RECORDING: Final[Mapping[str, str]] = {
    "record": "false",
    "autoStartRecording": "false",
    "allowStartStopRecording": "false",
    "recordFullDurationMedia": "false",
    "meetingKeepEvents": "false",
    "disabledFeatures": "liveTranscription,captions,learningDashboard,breakoutRooms",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BigBlueButtonOptions(ServerOptions):
    """A BigBlueButton and its secret (`bbb-conf --secret`).

    Attributes:
        url: Its address as that command tells it: "https://bbb.example.gov.ua/bigbluebutton/".
        secret: What signs calls.
        checksum: By which hash; a server may take some only.
        embed: Whether it stands in a frame of the page, which its server has to allow; else it opens in
            another tab.
        max_people: How many may be in a meeting at once.
        guest_policy: "admitted" lets in whom the portal has let in; "ask" asks the official once more in
            BigBlueButton for everybody else.
    """

    name: str = "bigbluebutton"
    label: str = "BigBlueButton"
    url: str = field(metadata=HTTPS)
    secret: str = field(repr=False)
    checksum: Literal["sha256", "sha384", "sha512"] = "sha256"
    embed: bool = False
    max_people: int = field(default=12, metadata=whole(2, 100))
    guest_policy: Literal["admitted", "ask"] = "admitted"

    def conflicts(self) -> Iterator[str]:
        """See `Options.conflicts`."""
        yield from short_secrets(self, "secret")


class BigBlueButtonRoom(ConferenceProvider):
    """A reception in a meeting of BigBlueButton."""

    Options = BigBlueButtonOptions
    engine: ClassVar[str] = "frame"
    needs_trial = True

    def __init__(self, options: BigBlueButtonOptions) -> None:
        super().__init__(options)
        self._options = options
        self._api = f"{options.url.rstrip('/').removesuffix('/api')}/api/"
        self.server = origin_of(options.url)
        self.capabilities = Capabilities(
            in_browser=True, max_people=options.max_people, has_server=True
        )
        if options.embed:
            self.page_sources = {"frame-src": (self.server,)}
            self.page_permissions = dict.fromkeys(FRAMED_PERMISSIONS, (self.server,))

    def prepare(self, *, number: str, start: datetime, end: datetime) -> None:
        """Need no access: who may come in is told by the portal's own sign-in."""

    def ensure_room(self, meeting: Meeting) -> None:
        """Make the meeting, and refuse one that its server would record."""
        self._create(meeting)
        found = self._ask("getMeetingInfo", {"meetingID": self._id(meeting)})
        if found.get("recording") == "true":
            raise ConferenceFailed("BigBlueButton: the server records")

    def join(self, entry: Entry, *, until: datetime) -> Joining:
        """Give the address that lets this entry in; it opens no later meeting of the same reception."""
        words = {
            "fullName": entry.shown_as or "?",
            "meetingID": self._id(entry.meeting),
            "role": "MODERATOR" if entry.is_host else "VIEWER",
            "userID": self._made("entry", entry.meeting, entry.participant, entry.session),
            "createTime": self._create(entry.meeting),
            "excludeFromDashboard": "true",
            **({} if entry.is_host else {"guest": "true"}),
        }
        return framed(self._signed("join", words), embed=self._options.embed)

    def dismiss(self, entry: Entry, *, others: Callable[[], Collection[Entry]]) -> None:
        """Do nothing: BigBlueButton is told by nobody but its moderators whom to put out; the page says so."""

    def close(self, meeting: Meeting) -> None:
        """End the meeting for everybody; addresses given for it open nothing any more."""
        self._ask("end", {"meetingID": self._id(meeting)}, may_lack=True)

    def check(self) -> list[str]:
        """See `Provider.check`."""
        return abroad(self._options.country, self.server)

    def outages(self) -> list[str]:
        """Ask for a meeting that nobody has: the answer tells whether the secret is right."""
        try:
            self._ask("isMeetingRunning", {"meetingID": "none"})
        except ConferenceFailed as error:
            return [_REFUSES if error.is_refused else _DOWN]
        return []

    def _create(self, meeting: Meeting) -> str:
        """Make the meeting, or find it as it was made; give the moment that its addresses name."""
        policy = "ALWAYS_ACCEPT" if self._options.guest_policy == "admitted" else "ASK_MODERATOR"
        found = self._ask(
            "create",
            {
                "name": self._options.label,
                "meetingID": self._id(meeting),
                "maxParticipants": str(self._options.max_people),
                "guestPolicy": policy,
                "allowPromoteGuestToModerator": "false",
                "meetingExpireIfNoUserJoinedInMinutes": str(_EMPTY_MINUTES),
                "meetingExpireWhenLastUserLeftInMinutes": str(_LEFT_MINUTES),
                **_NO_RECORDING,
            },
        )
        moment = found.get("createTime", "")
        if not (moment.isascii() and moment.isdecimal()):
            raise ConferenceFailed("BigBlueButton: a meeting without a moment")
        return moment

    def _id(self, meeting: Meeting) -> str:
        return self._made("room", meeting)

    def _made(self, purpose: str, meeting: Meeting, *more: object) -> str:
        return derived(self._options.secret, purpose, meeting, *more)

    def _signed(self, call: str, words: Mapping[str, str]) -> str:
        """Return the address of a call: whoever has it can change nothing of it."""
        query = urlencode(words)
        told = f"{call}{query}{self._options.secret}".encode()
        checksum = hashlib.new(self._options.checksum, told).hexdigest()
        return f"{self._api}{call}?{query}&checksum={checksum}"

    def _ask(
        self, call: str, words: Mapping[str, str], *, may_lack: bool = False
    ) -> dict[str, str]:
        """Call the API.

        Args:
            may_lack: That there is no such meeting means that there is nothing to do.

        Raises:
            ConferenceFailed: it does not do it.
        """
        answer = ask_server("BigBlueButton", "GET", self._signed(call, words))
        found = read_answer(answer.body) if answer.status == 200 else {}
        key = found.get("messageKey", "")
        if found.get("returncode") == "SUCCESS" or (may_lack and key in _GONE):
            return found
        raise ConferenceFailed(
            f"BigBlueButton: {call} failed, status {answer.status}", is_refused=key in _REFUSED
        )


def read_answer(body: bytes) -> dict[str, str]:
    """Read the texts that stand directly below the root of an answer, by name; the first of each counts.

    Entities and anything else that is no plain data are refused.

    Raises:
        ConferenceFailed: it is no answer of BigBlueButton's.
    """
    found: dict[str, list[str]] = {}
    path: list[str] = []

    def begin(name: str, attributes: Mapping[str, str]) -> None:
        path.append(name)
        if len(path) > _MAX_DEPTH or path[0] != "response":
            _refuse()

    def end(name: str) -> None:
        if len(path) == 2:
            closed.add(name)
        path.pop()

    def text(data: str) -> None:
        if len(path) == 2 and path[1] not in closed:
            found.setdefault(path[1], []).append(data)

    closed: set[str] = set()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    parser.ProcessingInstructionHandler = _refuse
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, LookupError, ValueError):
        _refuse()
    return {name: "".join(parts).strip() for name, parts in found.items()}


def _refuse(*_: object) -> None:
    raise ConferenceFailed("BigBlueButton: no answer of its own")
