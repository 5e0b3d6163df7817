"""Receptions as calendar files (RFC 5545, RFC 5546): the same event through moves and cancellation.

In a letter it is a request to who reads it, so that calendars enter, change and remove it by themselves;
nobody else is an attendee, and nobody is asked to answer. A file to be downloaded has no reader yet: it is
published. No access to the conference is in it, as calendars are shared and synchronised.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parseaddr
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from diia_videoreception.conf import app_settings
from diia_videoreception.models import Application, Letter
from diia_videoreception.services.letters.rendering.context import absolute, application_url
from diia_videoreception.services.letters.rendering.for_officials import reception_of_official
from diia_videoreception.wording import seat_in_words

PRODUCT = "-//diia-videoreception//Video receptions//UK"
FILE_NAME = "videopryiom.ics"


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """A calendar file with the label that mail programs and browsers read before they open it."""

    content: bytes
    method: str
    name: str = FILE_NAME

    @property
    def media_type(self) -> str:
        """Without the method mail programs take the file for data, not for a change of the calendar (RFC 6047, 2.4)."""
        return f"text/calendar; charset=utf-8; method={self.method}"


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the file says of the reception; a later `sequence` replaces an earlier one.

    Attributes:
        attendee: Address of who gets it by letter; empty for a download.
    """

    start: datetime
    end: datetime
    sequence: int
    cancelled: bool
    written_at: datetime
    attendee: str = ""
    for_official: bool = False

    @property
    def method(self) -> str:
        if self.cancelled:
            return "CANCEL"
        return "REQUEST" if self.attendee else "PUBLISH"


@dataclass(frozen=True, slots=True)
class _Words:
    """What the event says to whom it is for; `prefix` keeps its id apart."""

    prefix: str
    summary: str
    description: str
    url: str


_FOR_OFFICIALS = frozenset(
    {
        Letter.Kind.OFFICIAL_CONFIRMED,
        Letter.Kind.OFFICIAL_MOVED,
        Letter.Kind.OFFICIAL_SWITCHED,
        Letter.Kind.OFFICIAL_CANCELLED,
    }
)


_WITH_CALENDAR = frozenset({Letter.Kind.CONFIRMATION, Letter.Kind.MOVED, Letter.Kind.SWITCHED})


def calendar_of(application: Application, *, now: datetime) -> CalendarFile:
    """Return the calendar file of a confirmed or called off reception as it stands now.

    Raises:
        Reception.DoesNotExist: it never was confirmed.
    """
    cancelled = application.state != Application.State.CONFIRMED
    entry = _Entry(
        start=application.start,
        end=application.end,
        # Calling off follows the last confirmation, so it counts one further.
        sequence=application.reception.calendar_sequence + cancelled,
        cancelled=cancelled,
        written_at=now,
    )
    return _calendar(application, entry)


def calendar_of_letter(letter: Letter) -> CalendarFile | None:
    """Return the calendar file that goes with a letter, with the time the letter tells; None without one."""
    if letter.kind in _FOR_OFFICIALS:
        return _calendar_of_official(letter)
    application, facts = letter.application, letter.facts
    confirmed = letter.kind in _WITH_CALENDAR or (
        letter.kind == Letter.Kind.REASSIGNED and bool(facts.get("confirmed"))
    )
    called_off = letter.kind == Letter.Kind.CANCELLED and bool(facts.get("calendar"))
    if application is None or not (confirmed or called_off):
        return None
    entry = _Entry(
        start=datetime.fromisoformat(facts["start"]),
        end=datetime.fromisoformat(facts["end"]),
        sequence=int(facts["sequence"]) + called_off,
        cancelled=called_off,
        written_at=letter.created_at,
        attendee=letter.address,
    )
    return _calendar(application, entry)


def _calendar_of_official(letter: Letter) -> CalendarFile:
    """Return another event than the citizen's, so that one who is both keeps both; it names nobody."""
    called_off = letter.kind == Letter.Kind.OFFICIAL_CANCELLED
    entry = _Entry(
        start=datetime.fromisoformat(letter.facts["start"]),
        end=datetime.fromisoformat(letter.facts["end"]),
        sequence=int(letter.facts["sequence"]) + called_off,
        cancelled=called_off,
        written_at=letter.created_at,
        attendee=letter.address,
        for_official=True,
    )
    return _calendar(reception_of_official(letter), entry)


def _calendar(application: Application, entry: _Entry) -> CalendarFile:
    with translation.override(
        settings.LANGUAGE_CODE if entry.for_official else application.language
    ):
        event = _event(application, entry)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", entry.method)
    calendar.add_component(event)
    calendar.add_missing_timezones(
        first_date=date(entry.start.year - 1, 1, 1), last_date=date(entry.end.year + 2, 1, 1)
    )
    return CalendarFile(bytes(calendar.to_ical()), entry.method)


def _event(application: Application, entry: _Entry) -> Event:
    agency = application.official.agency
    zone = ZoneInfo(agency.time_zone)
    words = _for_official(application) if entry.for_official else _for_citizen(application)
    host = urlsplit(app_settings.base_url).hostname or "localhost"
    event = Event()
    event.add("uid", f"{words.prefix}{application.public_id}@{host}")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.written_at.astimezone(UTC))
    event.add("dtstart", entry.start.astimezone(zone))
    event.add("dtend", entry.end.astimezone(zone))
    event.add("summary", words.summary)
    event.add("description", words.description)
    event.add("url", words.url)
    if application.seat is not None and not entry.for_official:
        event.add("location", ", ".join(seat_in_words(application.seat).splitlines()))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    organizer = vCalAddress(f"mailto:{_sender_address()}")
    organizer.params["cn"] = vText(agency.short_name or agency.name)
    event.add("organizer", organizer)
    if entry.attendee:
        event.add("attendee", _attendee(entry.attendee))
    return event


def _attendee(address: str) -> vCalAddress:
    """Return the reader of the letter, with whom the time is agreed: there is nothing to answer."""
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params["role"] = vText("REQ-PARTICIPANT")
    attendee.params["partstat"] = vText("ACCEPTED")
    attendee.params["rsvp"] = vText("FALSE")
    return attendee


def _for_citizen(application: Application) -> _Words:
    official, agency = application.official, application.official.agency
    url = application_url(application)
    return _Words(
        prefix="",
        summary=_("Video reception: %(agency)s") % {"agency": agency.short_name or agency.name},
        description=_("Application No. %(number)s\nOfficial: %(official)s\nHow to connect: %(url)s")
        % {"number": application.number, "official": official.full_name, "url": url},
        url=url,
    )


def _for_official(application: Application) -> _Words:
    url = absolute(reverse("diia_videoreception:official_reception", args=[application.public_id]))
    return _Words(
        prefix="official-",
        summary=_("Video reception No. %(number)s") % {"number": application.number},
        description=_("Who comes and with what question, after signing in: %(url)s") % {"url": url},
        url=url,
    )


def _sender_address() -> str:
    return parseaddr(app_settings.letters_from or settings.DEFAULT_FROM_EMAIL)[1]
