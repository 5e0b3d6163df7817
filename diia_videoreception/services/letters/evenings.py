"""The letter to officials the evening before: which receptions the next day has."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from diia_videoreception.conf import app_settings
from diia_videoreception.models import Application, Official
from diia_videoreception.services.letters.queueing import address_of, queue_evening
from diia_videoreception.services.transactions import act

DAY = timedelta(days=1)


def write_evenings(*, now: datetime) -> int:
    """Write the letters that are due; safe to run side by side, each day is told of once.

    Returns:
        How many were written.
    """
    officials = Official.objects.filter(user__is_active=True).select_related("unit__agency")
    due = [(one.pk, day) for one in officials if (day := _day_to_tell(one, now))]
    return sum(_write(official_id, day, now=now) for official_id, day in due)


def _day_to_tell(official: Official, now: datetime) -> date | None:
    """Return the next day, once the evening has come and it is not told of yet."""
    local = now.astimezone(ZoneInfo(official.agency.time_zone))
    tomorrow = local.date() + DAY
    if local.hour < app_settings.evening_hour or official.told_of == tomorrow:
        return None
    return tomorrow


@act
def _write(official_id: int, day: date, *, now: datetime) -> bool:
    official = (
        Official.objects.select_for_update(of=("self",))
        .select_related("unit__agency", "user")
        .get(pk=official_id)
    )
    if official.told_of == day:
        return False
    Official.objects.filter(pk=official.pk).update(told_of=day)
    start = datetime.combine(day, time.min, ZoneInfo(official.agency.time_zone))
    receptions = Application.objects.filter(
        official=official,
        state=Application.State.CONFIRMED,
        start__gte=start,
        start__lt=datetime.combine(day + DAY, time.min, start.tzinfo),
    ).order_by("start", "pk")
    numbers = list(receptions.values_list("number", flat=True))
    if not numbers or not address_of(official):
        return False
    queue_evening(official, day=day, numbers=numbers, now=now)
    return True
