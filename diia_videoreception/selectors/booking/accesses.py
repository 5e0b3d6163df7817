"""The day's ways into the agency's conference program, for who opens the meetings there (A-55)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from diia_videoreception.models import Application
from diia_videoreception.selectors.access import (
    StaffUser,
    agencies_moderated_by,
    applications_visible_to,
)
from diia_videoreception.selectors.booking.applications import PASSWORD_SHOWN_AFTER

LONGEST_DAY = timedelta(hours=36)
"""From any clock's midnight to any other's."""
FURTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class DayOfAccesses:
    """The receptions of one day that are held in a program of their own, by the agencies' clocks."""

    day: date
    today: date
    receptions: list[Application]

    @property
    def previous(self) -> date:
        return self.day - timedelta(days=1)

    @property
    def next(self) -> date:
        return self.day + timedelta(days=1)


def has_access(application: Application, *, now: datetime) -> bool:
    """Return whether the agency may still see the password: from the confirmation until shortly after."""
    return (
        application.state == Application.State.CONFIRMED
        and now < application.end + PASSWORD_SHOWN_AFTER
    )


def accesses_of_day(user: StaffUser, *, day: date | None, now: datetime) -> DayOfAccesses:
    """Return the day, of the agencies that the user moderates.

    Without a `day`, or with one too far off, it is the next one that has any, else today.
    """
    agency = agencies_moderated_by(user).order_by("pk").first()
    zone = agency.time_zone if agency else settings.TIME_ZONE
    today = now.astimezone(ZoneInfo(zone)).date()
    rows = _with_login(user)
    if day is None or abs(day - today) > FURTHEST:
        first = rows.filter(end__gt=now - PASSWORD_SHOWN_AFTER).order_by("start", "pk").first()
        day = _day(first) if first else today
    midnight = datetime.combine(day, time.min, ZoneInfo(zone))
    near = rows.filter(start__gte=midnight - LONGEST_DAY, start__lt=midnight + 2 * LONGEST_DAY)
    on_day = [one for one in near.order_by("start", "pk") if _day(one) == day]
    return DayOfAccesses(day, today, on_day)


def _with_login(user: StaffUser) -> QuerySet[Application]:
    return (
        applications_visible_to(user)
        .filter(state=Application.State.CONFIRMED, reception__login__gt="")
        .select_related("reception")
    )


def _day(application: Application) -> date:
    zone = ZoneInfo(application.official.agency.time_zone)
    return application.start.astimezone(zone).date()
