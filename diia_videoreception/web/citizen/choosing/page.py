"""Puts the choosing page together: what is chosen, what is free, and what stands in the way."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from diia_videoreception.conf import app_settings
from diia_videoreception.models import Agency, Occupancy
from diia_videoreception.rules.lead_time import first_bookable_date
from diia_videoreception.rules.no_shows import Pause
from diia_videoreception.selectors.accounts.consents import terms_of
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking.holds import live_hold
from diia_videoreception.selectors.booking.no_shows import pause_of
from diia_videoreception.web.citizen.choosing.choice import BookingChoice, shown_officials
from diia_videoreception.web.citizen.choosing.timetable import Timetable, timetable
from diia_videoreception.web.middleware import signed_in_citizen
from diia_videoreception.web.moments import moment_value
from diia_videoreception.web.pages import render_page
from diia_videoreception.wording import KYIV


class Stage(StrEnum):
    """What a phone, which shows one thing at a time, shows in this state of the choice."""

    AGENCY = "agency"
    OFFICIAL = "official"
    TIME = "time"
    SUMMARY = "summary"


class Obstacle(StrEnum):
    """Why this person cannot reserve with this agency now, known before they try."""

    LEVEL = "level"
    CONSENT = "consent"
    PAUSED = "paused"
    ABSENCE = "absence"


def choosing_page(
    request: HttpRequest,
    choice: BookingChoice,
    *,
    error_summary: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """Render the page in the state of `choice`."""
    now = timezone.now()
    actor = signed_in_citizen(request)
    citizen = actor.citizen if actor else None
    hold = live_hold(citizen, now=now) if citizen else None
    times = (
        timetable(
            choice.official,
            citizen=citizen,
            hold=hold,
            week=choice.week,
            moment=choice.moment,
            now=now,
            seat=choice.seat,
        )
        if choice.official
        else None
    )
    agency = choice.agency or Agency()
    pause = pause_of(actor.citizen, choice.agency, now=now) if actor and choice.agency else None
    stage = _stage(choice, times, hold, [place for place, _text in error_summary])
    return render_page(
        request,
        "citizen/choose.html",
        heading=_("Choose an official and a time"),
        step=1,
        choice=choice,
        agency=choice.agency,
        official=choice.official,
        shown=shown_officials(choice, now=now),
        stage=stage,
        part=_part(stage),
        back_urls=_back_urls(choice),
        times=times,
        zone=agency.time_zone,
        is_kyiv=agency.time_zone == KYIV,
        is_portals_zone=agency.time_zone == settings.TIME_ZONE,
        lead_days=agency.lead_days,
        first_date=_first_date(agency, now),
        hold=hold,
        hold_minutes=app_settings.hold_minutes,
        hold_is_shown=bool(
            hold
            and times
            and times.selected
            and hold.start == times.selected.start
            and hold.seat == choice.seat
        ),
        obstacle=_obstacle(actor, choice.agency, pause),
        pause=pause,
        without_seat_url=f"{choice.url(seat=None)}#times",
        has_seats=getattr(agency, "has_seats", False),
        nearest_url=_nearest_url(choice, times.nearest.start) if times and times.nearest else "",
        here=choice.url(),
        error_summary=list(error_summary),
        errors_at=dict(error_summary),
    )


def _stage(
    choice: BookingChoice, times: Timetable | None, hold: Occupancy | None, faults: Sequence[str]
) -> Stage:
    if choice.agency is None or "agency" in faults:
        return Stage.AGENCY
    if choice.official is None or times is None or "officials" in faults:
        return Stage.OFFICIAL
    is_chosen = choice.moment is not None and times.lost is None
    # Of a time that is held already the page speaks above the times.
    is_held = hold is not None and (hold.start, hold.seat) == (choice.moment, choice.seat)
    return Stage.SUMMARY if is_chosen and not is_held and "times" not in faults else Stage.TIME


def _part(stage: Stage) -> str:
    """Return how far this step is on a phone."""
    if stage is Stage.SUMMARY:
        return pgettext("part of a step", "summary")
    numbers = {"number": list(Stage).index(stage) + 1, "total": len(Stage) - 1}
    return _("question %(number)s of %(total)s") % numbers


def _back_urls(choice: BookingChoice) -> dict[str, str]:
    """Return where each stage is taken up again, with what was chosen before it."""
    nothing = dict.fromkeys(("unit", "official", "week", "time", "q", "free"))
    return {
        "agency": choice.url(**nothing, agency=None),
        "official": choice.url(official=None, week=None, time=None),
        "time": choice.url(time=None),
    }


def _first_date(agency: Agency, now: datetime) -> object:
    return first_bookable_date(
        now, agency.lead_time_policy, agency.lead_days, ZoneInfo(agency.time_zone)
    )


def _nearest_url(choice: BookingChoice, start: datetime) -> str:
    return f"{choice.url(week=None, time=moment_value(start))}#times"


def _obstacle(
    actor: SignedIn | None, agency: Agency | None, pause: Pause | None
) -> Obstacle | None:
    if actor is None or agency is None:
        return None
    if not actor.satisfies(agency.minimum_level):
        return Obstacle.LEVEL
    terms = terms_of(actor.citizen)
    if terms.consent is None:
        return Obstacle.CONSENT
    if terms.service_paused:
        return Obstacle.PAUSED
    return Obstacle.ABSENCE if pause is not None else None
