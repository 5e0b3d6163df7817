"""How moments, phones and sizes are written, and the small parts that screens share."""

import math
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy

from diia_videoreception.models import LevelOfAssurance, Occupancy
from diia_videoreception.rules.phones import PhoneError, format_phone
from diia_videoreception.web.icons import ICONS
from diia_videoreception.web.moments import moment_value

register = template.Library()
register.filter(moment_value)

_WEEKDAYS = (
    pgettext_lazy("within a sentence", "Monday"),
    pgettext_lazy("within a sentence", "Tuesday"),
    pgettext_lazy("within a sentence", "Wednesday"),
    pgettext_lazy("within a sentence", "Thursday"),
    pgettext_lazy("within a sentence", "Friday"),
    pgettext_lazy("within a sentence", "Saturday"),
    pgettext_lazy("within a sentence", "Sunday"),
)
_ANNOUNCED_MINUTES = (10, 5, 2, 1)
_KIB, _MIB = 1024, 1024 * 1024


def _local(moment: datetime, zone: str) -> datetime:
    return timezone.localtime(moment, ZoneInfo(zone) if zone else None)


def _weekday(day: date) -> str:
    return str(_WEEKDAYS[day.weekday()])


@register.filter
def day_month(day: date) -> str:
    """«1 грудня»; of a datetime in its own zone."""
    return date_format(day, pgettext("date format", "j F"))


@register.filter
def day_month_year(day: date) -> str:
    """«1 грудня 2026 року»."""
    return date_format(day, pgettext("date format", "j F Y"))


@register.filter
def weekday_day(day: date) -> str:
    """«вівторок, 1 грудня»."""
    return f"{_weekday(day)}, {day_month(day)}"


@register.filter
def clock(moment: datetime, zone: str = "") -> str:
    """«9:30», in the zone named."""
    return date_format(_local(moment, zone), "G:i")


@register.filter
def short_moment(moment: datetime, zone: str = "") -> str:
    """«01.12.2026, 10:30», in the zone named."""
    return date_format(_local(moment, zone), "d.m.Y, G:i")


@register.filter
def day_and_clock(moment: datetime, zone: str = "") -> str:
    """«вівторок, 1 грудня, 10:30», in the zone named."""
    local = _local(moment, zone)
    return f"{weekday_day(local)}, {clock(local, zone)}"


@register.filter
def long_moment(moment: datetime, zone: str = "") -> str:
    """«вівторок, 1 грудня 2026 року, 10:30», in the zone named (such as `agency.time_zone`)."""
    local = _local(moment, zone)
    return f"{_weekday(local)}, {day_month_year(local)}, {clock(local, zone)}"


@register.filter
def long_date(day: date) -> str:
    """«вівторок, 1 грудня 2026 року»."""
    return f"{_weekday(day)}, {day_month_year(day)}"


def minutes_in_words(minutes: int) -> str:
    """«12 хвилин»; less than one is said so."""
    if minutes < 1:
        return gettext("less than a minute")
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


@register.filter
def minutes_left(deadline: datetime, now: datetime) -> str:
    """How long until the deadline, in words, a begun minute counting whole."""
    return minutes_in_words(math.ceil(max(0.0, (deadline - now).total_seconds()) / 60))


@register.filter
def phone(e164: str) -> str:
    """«+380 67 123 45 67»; what is no phone stays as it is."""
    try:
        return format_phone(e164)
    except PhoneError:
        return e164


@register.filter
def file_size(size: int) -> str:
    """«84 КБ», «1,2 МБ»; `size` in bytes."""
    if size < _MIB:
        return gettext("%(size)s KB") % {"size": max(1, round(size / _KIB))}
    return gettext("%(size)s MB") % {"size": number_format(size / _MIB, 1)}


@register.filter
def level_in_words(level: str) -> str:
    """The name of a level of assurance."""
    return str(LevelOfAssurance(level).label)


@register.simple_tag
def icon(name: str) -> str:
    """A drawing that says nothing to a screen reader; the words stand beside it."""
    return format_html(
        '<svg class="vr-icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>',
        SafeString(ICONS[name]),
    )


@register.inclusion_tag("diia_videoreception/includes/timer.html")
def timer(hold: Occupancy, now: datetime) -> dict[str, Any]:
    """The line at the top that says how long the hold lasts (A-37).

    The browser counts from the seconds left, never from its own clock.
    """
    if hold.expires_at is None:
        raise ValueError("only a hold has a deadline")
    left = max(0, math.ceil((hold.expires_at - now).total_seconds()))
    minutes = math.ceil(left / 60)
    return {
        "ends": hold.expires_at,
        "zone": hold.official.agency.time_zone,
        "seconds": left,
        "left": minutes_in_words(minutes),
        "late": left <= 120,
        "texts": {
            "left": [minutes_in_words(count) for count in range(minutes + 1)],
            "announcements": [_announcement(count) for count in range(minutes + 1)],
            "announced_minutes": _ANNOUNCED_MINUTES,
        },
        "choose_url": reverse("diia_videoreception:choose"),
    }


def _announcement(minutes: int) -> str:
    return ngettext(
        "%(count)s minute left. What you have typed will not be lost.",
        "%(count)s minutes left. What you have typed will not be lost.",
        minutes,
    ) % {"count": minutes}
