"""What the browser's session remembers for us, key by key, with types.

A session outlives the code that wrote it, and other apps write to it as well. What cannot be read
as today's code writes it counts as absent, so that an old session costs a fresh start and no error.
"""

import math
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from django.http import HttpRequest

from diia_videoreception.models import Purpose
from diia_videoreception.rules.training import as_data, read_practice, read_visit
from diia_videoreception.web.forms import MAX_KEY
from integrations.common.local_urls import local_url

T = TypeVar("T")

END_OF_TIME = 32_503_680_000
"""The year 3000 in seconds since 1970: what `datetime` can hold with room for any lifetime."""


class Kept(Generic[T]):
    """One key of the session.

    Args:
        key: Name in the session.
        read: Makes a value of what JSON gave back; raises ValueError or TypeError if it is none.
        write: Makes what JSON can hold.
    """

    def __init__(
        self, key: str, *, read: Callable[[object], T], write: Callable[[T], object]
    ) -> None:
        self.key = key
        self._read = read
        self._write = write

    def load(self, request: HttpRequest) -> T | None:
        """Return what is kept; None for nothing and for what cannot be read."""
        try:
            return self._read(request.session[self.key])
        except (KeyError, TypeError, ValueError):
            return None

    def save(self, request: HttpRequest, value: T) -> None:
        request.session[self.key] = self._write(value)

    def take(self, request: HttpRequest) -> T | None:
        """Return what is kept, once."""
        value = self.load(request)
        self.drop(request)
        return value

    def drop(self, request: HttpRequest) -> None:
        request.session.pop(self.key, None)

    def is_in(self, request: HttpRequest) -> bool:
        """Return whether anything is kept, readable or not."""
        return self.key in request.session


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in begun in this browser.

    Attributes:
        nonce: Random, known to this session alone; travels along as `nonce` or `state`.
        next: Local URL to go on to, or empty.
        alias: The provider.
        button: Which of its ways.
        choice: What was chosen before leaving, for example a bank.
        purpose: What the sign-in is for.
        at: When it began, in seconds since 1970.
    """

    LIFETIME = timedelta(minutes=10)

    nonce: str
    next: str = ""
    alias: str = ""
    button: str = ""
    choice: str = ""
    purpose: Purpose = Purpose.SIGN_IN
    at: float = 0

    def is_live(self, now: datetime) -> bool:
        return 0 <= now.timestamp() - self.at <= self.LIFETIME.total_seconds()


@dataclass(frozen=True, slots=True)
class PendingRegistration:
    """A person who has been identified here and has to register first.

    Attributes:
        key: Of the row that waits.
        next_url: Where the person wanted to go, a local URL or empty.
    """

    key: uuid.UUID
    next_url: str = ""


@dataclass(frozen=True, slots=True)
class TickedConsent:
    """The terms that a guest has ticked, until the sign-in says who it was (A-22).

    Attributes:
        text_id: The version that was shown.
        at: When, in seconds since 1970.
    """

    # Not longer: the next person at a shared computer has ticked nothing.
    LIFETIME = timedelta(minutes=30)

    text_id: int
    at: float

    def is_live(self, now: datetime) -> bool:
        return 0 <= now.timestamp() - self.at <= self.LIFETIME.total_seconds()


@dataclass(frozen=True, slots=True)
class KeptSlip:
    """What this browser may show for a while of an application that was made in a centre.

    Attributes:
        code: Of the slip, encrypted; empty where the status alone is shown.
        until: In seconds since 1970.
    """

    LIFETIME = timedelta(minutes=5)

    application: uuid.UUID
    code: str
    until: float

    def is_live(self, now: datetime) -> bool:
        return now.timestamp() < self.until


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise TypeError("not a text")
    return raw


def _seconds(raw: object) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise TypeError("not a number")
    if not (math.isfinite(raw) and 0 <= raw < END_OF_TIME):
        raise ValueError("not a moment")
    return raw


def _key(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise TypeError("not a key")
    if not 0 < raw <= MAX_KEY:
        raise ValueError("not a key")
    return raw


def _read_attempt(raw: object) -> Attempt:
    match raw:
        case {
            "nonce": str(nonce),
            "next": str(next_url),
            "alias": str(alias),
            "button": str(button),
            "choice": str(choice),
            "purpose": str(purpose),
            "at": at,
        }:
            return Attempt(
                nonce, local_url(next_url), alias, button, choice, Purpose(purpose), _seconds(at)
            )
    raise ValueError("not an attempt")


def _read_attempts(raw: object) -> list[Attempt]:
    if not isinstance(raw, list):
        raise TypeError("not a list")
    return [_read_attempt(one) for one in raw]


def _read_registration(raw: object) -> PendingRegistration:
    match raw:
        case [str(key), str(next_url)]:
            return PendingRegistration(uuid.UUID(key), local_url(next_url))
    raise ValueError("not a registration")


def _read_consent(raw: object) -> TickedConsent:
    match raw:
        case [int(text_id), at] if 0 < text_id <= MAX_KEY and not isinstance(text_id, bool):
            return TickedConsent(text_id, _seconds(at))
    raise ValueError("not a consent")


def _read_feed_secret(raw: object) -> tuple[int, str]:
    match raw:
        case [int(key), str(secret)]:
            return _key(key), secret
    raise ValueError("not a secret of a feed")


def _read_pairing_code(raw: object) -> tuple[str, str, float]:
    match raw:
        case [str(place), str(code), until]:
            return place, code, _seconds(until)
    raise ValueError("not a code of a place")


def _read_told(raw: object) -> tuple[str, float]:
    match raw:
        case [str(told), until]:
            return told, _seconds(until)
    raise ValueError("not what was told")


def _read_place_phone(raw: object) -> tuple[str, str]:
    match raw:
        case [str(sign_in), str(key)]:
            return str(uuid.UUID(sign_in)), key
    raise ValueError("not a phone of a place")


def _read_slip(raw: object) -> KeptSlip:
    match raw:
        case [str(application), str(code), until]:
            return KeptSlip(uuid.UUID(application), code, _seconds(until))
    raise ValueError("not a slip")


CITIZEN = Kept("diia_videoreception", read=lambda raw: uuid.UUID(_text(raw)), write=str)
"""The key of the row `CitizenSession`, the only thing that names a citizen there."""

ATTEMPTS = Kept(
    "diia_videoreception_attempts",
    read=_read_attempts,
    write=lambda attempts: [asdict(attempt) for attempt in attempts],
)
"""Sign-ins begun here; several, because a person may begin in two tabs."""

REGISTRATION = Kept(
    "diia_videoreception_registration",
    read=_read_registration,
    write=lambda pending: [str(pending.key), local_url(pending.next_url)],
)

CONSENT = Kept(
    "diia_videoreception_consent",
    read=_read_consent,
    write=lambda ticked: [ticked.text_id, ticked.at],
)

SIGNING = Kept("diia_videoreception_challenges", read=_text, write=str)
"""The random value that ties challenges to sign to this browser's session."""

NOTICE = Kept("diia_videoreception_notice", read=_text, write=str)
"""What has just been done, by its name in `notices.TEXTS`."""

CENTRE_SEEN = Kept("diia_videoreception_centre_seen", read=_seconds, write=float)
"""When a person last asked for a page of a centre, in seconds since 1970."""

TRAINING = Kept("diia_videoreception_training", read=read_visit, write=as_data)
"""The exercise that somebody of a centre is in, with what they have typed there of nobody real."""

PRACTICE = Kept("diia_videoreception_practice", read=read_practice, write=asdict)
"""What a visitor of a self-service place who tries it out has answered; it goes with the visit."""

CENTRE_INVITATION = Kept(
    "diia_videoreception_centre_invitation", read=lambda raw: uuid.UUID(_text(raw)), write=str
)
"""The invitation whose secret was given in this browser, until who is signed in takes it up."""

PAIRING_CODE = Kept("diia_videoreception_pairing", read=_read_pairing_code, write=list)
"""The code for the browser of a self-service place that was made last here: place, code, encrypted, and until when it works."""

SEAT_CODE = Kept("diia_videoreception_seat_code", read=_read_pairing_code, write=list)
"""The code for the browser of a seat that was made last here: reception, code, encrypted, and until when it works."""

PLACE_PHONE = Kept("diia_videoreception_place_phone", read=_read_place_phone, write=list)
"""The sign-in at a self-service place whose code this phone had first, and the key by which it is known."""

PERSON_VIEW = Kept("diia_videoreception_person_view", read=_read_place_phone, write=list)
"""The page of a visit whose code this browser had first, and the key by which it is known."""

SLIP = Kept(
    "diia_videoreception_slip",
    read=_read_slip,
    write=lambda kept: [str(kept.application), kept.code, kept.until],
)
"""The slip that was made last in this browser, to be printed."""

SLIP_STATUS = Kept(
    "diia_videoreception_slip_status",
    read=_read_slip,
    write=lambda kept: [str(kept.application), kept.code, kept.until],
)
"""The application whose number and code were given last in this browser."""

PENDING_PHONE = Kept("diia_videoreception_pending_phone", read=_key, write=int)
"""The device of the second factor that this session has begun to set up; no other may see its secret."""

RECOVERY_CODES = Kept("diia_videoreception_recovery_codes", read=_text, write=str)
"""New recovery codes of a member of staff, encrypted, until they say that they are kept."""

FEED_SECRET = Kept("diia_videoreception_feed", read=_read_feed_secret, write=list)
"""The key of the calendar feed that was made last in this browser and its secret, encrypted: nobody else can show it."""

TOLD = Kept("diia_videoreception_told", read=_read_told, write=list)
"""What somebody told last to find whom to ask, encrypted, and until when this browser shows it."""
