"""The calendar that is read by a secret address: numbers, times, agencies and links that ask to sign in."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, date, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone

from diia_videoreception.conf import app_settings
from diia_videoreception.models import Application, CalendarFeed
from diia_videoreception.services.letters.calendars import PRODUCT
from diia_videoreception.services.letters.rendering.context import absolute, application_url

Audience = CalendarFeed.Audience
SUFFIX = ".ics"
REFRESHED_EVERY = timedelta(hours=1)


def calendar_feed(feed: CalendarFeed, receptions: list[Application]) -> tuple[bytes, str]:
    """Write the calendar of a feed, in the language of the portal.

    Returns:
        The file, and its entity tag: the same for as long as nothing changes.
    """
    with translation.override(settings.LANGUAGE_CODE):
        calendar = _calendar(feed, receptions)
    content = bytes(calendar.to_ical())
    return content, f'"{hashlib.sha256(content).hexdigest()}"'


def _calendar(feed: CalendarFeed, receptions: list[Application]) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, _("Video receptions"))
    for name in ("refresh-interval", "x-published-ttl"):
        calendar.add(name, REFRESHED_EVERY, parameters={"VALUE": "DURATION"})
    for reception in receptions:
        calendar.add_component(_event(feed, reception))
    years = [reception.start.year for reception in receptions] or [feed.created_at.year]
    first, last = date(min(years) - 1, 1, 1), date(max(years) + 2, 1, 1)
    if not receptions:
        # A calendar without anything in it is none.
        zone = ZoneInfo(settings.TIME_ZONE)
        calendar.add_component(Timezone.from_tzinfo(zone, first_date=first, last_date=last))
    calendar.add_missing_timezones(first_date=first, last_date=last)
    return calendar


def _event(feed: CalendarFeed, application: Application) -> Event:
    agency = application.agency
    zone = ZoneInfo(agency.time_zone)
    host = urlsplit(app_settings.base_url).hostname or "localhost"
    url = _URLS[Audience(feed.audience)](application)
    event = Event()
    # Not the id of the event in letters: who has both calendars sees each by itself.
    event.add("uid", f"feed-{feed.audience}-{application.public_id}@{host}")
    event.add("sequence", application.reception.calendar_sequence)
    event.add("dtstamp", application.reception.confirmed_at.astimezone(UTC))
    event.add("dtstart", application.start.astimezone(zone))
    event.add("dtend", application.end.astimezone(zone))
    event.add("summary", _("Video reception %(number)s") % {"number": application.number})
    event.add("location", agency.short_name or agency.name)
    event.add("description", _("After signing in: %(url)s") % {"url": url})
    event.add("url", url)
    event.add("status", "CONFIRMED")
    event.add("class", "PRIVATE")
    return event


def _of_official(application: Application) -> str:
    path = reverse("diia_videoreception:official_reception", args=[application.public_id])
    return absolute(path)


def _of_moderator(application: Application) -> str:
    return absolute(reverse("videoreception_applications:inspect", args=[application.public_id]))


_URLS: Mapping[Audience, Callable[[Application], str]] = {
    Audience.CITIZEN: application_url,
    Audience.OFFICIAL: _of_official,
    Audience.MODERATOR: _of_moderator,
}


def feed_url(secret: str) -> str:
    """Return the whole address that a calendar reads."""
    return absolute(reverse("diia_videoreception:calendar_feed", args=[f"{secret}{SUFFIX}"]))
