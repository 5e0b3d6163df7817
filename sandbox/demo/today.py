"""One confirmed reception a few minutes ahead, made anew at each start, so that its room can be tried.

Two windows are needed: one signed in as the citizen, one as the official.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import product

from django.db.models import QuerySet

from diia_videoreception.errors import ActRefused
from diia_videoreception.models import Application, Draft, Official, ScheduleException
from diia_videoreception.rules.slots import Interval
from diia_videoreception.services.reference_data import save_reference
from sandbox.demo.applications import (
    Fate,
    Planned,
    Story,
    actor_of,
    admin,
    complete,
    confirm,
    file_application,
)
from sandbox.demo.schedules import DAY, ZONE

WHO = ("taras", "halyna", "nadiia", "olena")
"""The first of them who has room for one more reception comes."""
OFFICIAL = "official"
TOPIC = "Спробувати відеоприйом у двох вікнах браузера"
AHEAD = timedelta(minutes=5)
STEPS = 6
"""How many times of five minutes are tried when the next one is taken."""
FILED = -6 * DAY


def place_reception(*, now: datetime) -> Application | None:
    """Close the receptions of this kind that have begun, and places the next one.

    Returns:
        The reception to come; None when nobody has room for it, as after many starts in one day.
    """
    for begun in _placed().filter(start__lte=now):
        complete(begun, min(now, begun.end))
    ready = upcoming(now=now)
    if ready is not None:
        return ready
    official = Official.objects.filter(user__username=OFFICIAL).first()
    if official is None:
        # A demonstration that was begun before officials signed in.
        return None
    for time, who in product(_times(official, now=now), WHO):
        with suppress(ActRefused):
            return _place(official, who, time, now=now)
    return None


def upcoming(*, now: datetime) -> Application | None:
    """Return the reception to come, if it is placed."""
    return _placed().filter(start__gt=now).order_by("start").first()


def _placed() -> QuerySet[Application]:
    return Application.objects.filter(
        topic=TOPIC, state=Application.State.CONFIRMED
    ).select_related("citizen", "official__unit__agency")


def _times(official: Official, *, now: datetime) -> Iterator[Interval]:
    """Yield the next times that lie within one local day, as hours of a schedule do."""
    length = timedelta(minutes=official.slot_minutes)
    first = now.astimezone(ZONE).replace(second=0, microsecond=0) + AHEAD
    for number in range(STEPS):
        start = first + number * AHEAD
        if (start + length).date() != start.date():
            start = (start + DAY).replace(hour=0, minute=0) + number * AHEAD
        yield Interval(start, start + length)


def _place(official: Official, who: str, time: Interval, *, now: datetime) -> Application:
    """Open the time in the schedule and let the citizen book it, as if they had days ago.

    Raises:
        ActRefused: the official or the citizen is not free then, or has too many receptions.
    """
    _open(official, time, now=now)
    filed = now + FILED
    story = Story(who, official.last_name, TOPIC, Fate.CONFIRMED, FILED, timedelta(0))
    actor = actor_of(who, filed)
    if Draft.objects.filter(citizen=actor.citizen).exists():
        # Somebody is trying the form as this person.
        raise ActRefused
    application = file_application(actor, Planned(story, filed, filed + DAY, time, None))
    confirm(application, filed + DAY)
    application.refresh_from_db()
    return application


def _open(official: Official, time: Interval, *, now: datetime) -> None:
    local = time.start.astimezone(ZONE)
    ours = ScheduleException.objects.filter(official=official, reason=TOPIC)
    exception = ours.first() or ScheduleException(official=official, reason=TOPIC, closed=False)
    exception.date, exception.starts = local.date(), local.time()
    exception.ends = time.end.astimezone(ZONE).time()
    save_reference(exception, staff=admin(), now=now)
