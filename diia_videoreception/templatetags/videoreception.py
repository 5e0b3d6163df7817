"""How moments, phones and sizes are written, and the small parts that screens share."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from device_check.models import CheckRun
from device_check.wording import for_staff
from diia_videoreception import wording
from diia_videoreception.models import (
    Application,
    Citizen,
    LevelOfAssurance,
    Occupancy,
    Representation,
)
from diia_videoreception.rules.representation import ends_before
from diia_videoreception.selectors.assistance import typed
from diia_videoreception.selectors.assistance.typed import Said
from diia_videoreception.selectors.booking.availability import Slot, SlotState
from diia_videoreception.services.booking.holds import may_follow
from diia_videoreception.web.icons import ICONS
from diia_videoreception.web.moments import moment_value
from diia_videoreception.wording import minutes_in_words
from integrations.common.levels import Level

register = template.Library()
register.filter(moment_value)
for words in (
    wording.clock,
    wording.clock_and_zone,
    wording.day_and_clock,
    wording.day_month,
    wording.day_month_year,
    wording.file_size,
    wording.long_date,
    wording.long_moment,
    wording.long_moment_and_zone,
    wording.masked_phone,
    wording.short_date,
    wording.short_day,
    wording.represented_in_words,
    wording.seat_in_words,
    wording.short_moment,
    wording.short_moment_and_zone,
    wording.wall_clock,
    wording.weekday,
    wording.weekday_day,
    wording.weekday_name,
    wording.why_not_absent,
):
    register.filter(words)

_LEVELS = {
    Level.LOW: pgettext_lazy("level of assurance", "low"),
    Level.SUBSTANTIAL: pgettext_lazy("level of assurance", "substantial"),
    Level.HIGH: pgettext_lazy("level of assurance", "high"),
}
_ANNOUNCED_MINUTES = (10, 5, 2, 1)


@register.filter
def unbroken(number: str) -> SafeString:
    """Keep a number on one line, at whose hyphens browsers would break it; one longer than a line still breaks."""
    return format_html('<span class="vr-unbroken">{}</span>', number)


@register.filter
def ends_before_reception(one: Representation, application: Application) -> bool:
    """Return whether the document that allows to speak for somebody ends before the day of the reception."""
    zone = ZoneInfo(application.official.agency.time_zone)
    return ends_before(one.until, application.start.astimezone(zone).date())


@register.filter
def minutes_left(deadline: datetime, now: datetime) -> str:
    """Return how long until the deadline, in words, a begun minute counting whole."""
    return minutes_in_words(math.ceil(max(0.0, (deadline - now).total_seconds()) / 60))


@register.filter
def checked_in_words(run: CheckRun, now: datetime) -> str:
    """Return what the check of a citizen's equipment has found, for staff."""
    return for_staff(run, now=now)


@register.filter
def state_at(application: Application, now: datetime) -> str:
    """Return where an application stands now, whoever has noted that a deadline has passed."""
    return application.state_in_words_at(now)


@register.filter
def level_in_words(level: str) -> str:
    """Return the name of a level of assurance."""
    return str(LevelOfAssurance(level).label)


@register.filter
def level_in_short(level: str) -> str:
    """«високий»: the level alone, without the way by which it is usually reached."""
    return str(_LEVELS[Level(level)])


@register.filter
def phone(e164: str) -> str:
    """«+380 67 123 45 67», which no line breaks."""
    return wording.phone(e164).replace(" ", "\u00a0")


@register.filter
def phone_link(number: str) -> str:
    """Return the same as a link that calls; a text that nobody can dial stays a text."""
    dialled = wording.dialled(number)
    if not dialled:
        return phone(number)
    return format_html('<a href="tel:{}">{}</a>', dialled, phone(number))


@register.filter
def said_in(application: Application) -> Sequence[Said]:
    """Return by whom each answer was typed that a centre has typed for the citizen."""
    return typed.said_in(application)


@register.filter
def identifier_in_words(kind: str) -> str:
    """Return the name of a kind of identifier."""
    return str(Citizen.IdentifierKind(kind).label)


@register.filter
def local_day(moment: datetime) -> str:
    """«1 грудня 2026 року», where the portal is."""
    return wording.day_month_year(timezone.localtime(moment, ZoneInfo(settings.TIME_ZONE)))


@register.simple_tag
def icon(name: str) -> str:
    """Return a drawing that says nothing to a screen reader; the words stand beside it."""
    return format_html(
        '<svg class="vr-icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>',
        SafeString(ICONS[name]),
    )


_CHIP = (
    '<label class="vr-chip{kind}"><input type="radio" name="time" value="{value}"{more}{checked}>'
    "<span>{clock}{note}</span></label>"
)


@register.simple_tag
def time_chips(slots: Sequence[Slot], zone: str, selected: Slot | None) -> SafeString:
    """Return the times of a part of a day to choose from: hundreds on a page, so in one go."""
    chosen = selected.start if selected else None
    notes = {
        SlotState.FREE: "",
        SlotState.TAKEN: _hidden_note(pgettext("time", "taken")),
        SlotState.OWN: _hidden_note(pgettext("time", "reserved for you")),
    }
    texts = wording.clocks_and_long_moments((slot.start for slot in slots), zone)
    return SafeString(
        "".join(
            _CHIP.format(
                kind="" if slot.state is SlotState.FREE else f" vr-chip--{slot.state.value}",
                value=moment_value(slot.start),
                more=" disabled"
                if slot.state is SlotState.TAKEN
                else f' data-words="{escape(words)}"',
                checked=" checked" if slot.start == chosen else "",
                clock=clock,
                note=notes[slot.state],
            )
            for slot, (clock, words) in zip(slots, texts, strict=True)
        )
    )


def _hidden_note(text: str) -> str:
    return f'<span class="vr-hidden"> — {escape(text)}</span>'


@register.inclusion_tag("diia_videoreception/includes/zone_note.html")
def zone_note(*, elsewhere: bool = False) -> dict[str, Any]:
    """Return whose clock the page shows; with `elsewhere` only for devices that are in another zone."""
    return {
        "zone": settings.TIME_ZONE,
        "is_kyiv": settings.TIME_ZONE == wording.KYIV,
        "elsewhere": elsewhere,
    }


@register.inclusion_tag("diia_videoreception/includes/timer.html")
def timer(hold: Occupancy, now: datetime) -> dict[str, Any]:
    """Return the line at the top that says how long the hold lasts (A-37).

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
        "may_follow": may_follow(hold),
        "texts": {
            "left": [minutes_in_words(count) for count in range(minutes + 1)],
            "announcements": [_announcement(count) for count in range(minutes + 1)],
            "announced_minutes": _ANNOUNCED_MINUTES,
        },
        "choose_url": reverse("diia_videoreception:choose"),
    }


def _announcement(minutes: int) -> str:
    return ngettext(
        "%(count)s minute left. You will not lose what you wrote.",
        "%(count)s minutes left. You will not lose what you wrote.",
        minutes,
    ) % {"count": minutes}
