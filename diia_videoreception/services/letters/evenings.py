"""The letter to officials the evening before: which receptions the next day has."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from diia_videoreception.conf import app_settings
from diia_videoreception.models import Agency, Application, Official, OfficialSubstitute
from diia_videoreception.services.letters.queueing_for_staff import queue_evening
from diia_videoreception.services.transactions import act

DAY = timedelta(days=1)


def write_evenings(*, now: datetime) -> int:
    """Write the letters that are due; safe to run side by side, each day is told of once.

    Returns:
        How many were written.
    """
    written = 0
    for zone in Agency.objects.order_by().values_list("time_zone", flat=True).distinct():
        local = now.astimezone(ZoneInfo(zone))
        if local.hour >= app_settings.evening_hour:
            tomorrow = local.date() + DAY
            unnotified = _unnotified(zone, tomorrow).order_by("pk").values_list("pk", flat=True)
            written += sum(
                _write(official_id, tomorrow, now=now) for official_id in list(unnotified)
            )
    return written


def _unnotified(zone: str, day: date) -> QuerySet[Official]:
    """Return the officials of agencies in this zone for whom somebody signs in, and who do not know of the day yet."""
    noon = datetime.combine(day, time(12), ZoneInfo(zone))
    substituted = OfficialSubstitute.objects.filter(
        starts_at__lte=noon, ends_at__gt=noon, user__is_active=True
    ).values("official")
    someone = Q(user__is_active=True) | Q(pk__in=substituted)
    return Official.objects.filter(someone, unit__agency__time_zone=zone).exclude(notified_day=day)


@act
def _write(official_id: int, day: date, *, now: datetime) -> bool:
    official = (
        Official.objects.select_for_update(of=("self",))
        .select_related("unit__agency", "user")
        .get(pk=official_id)
    )
    if official.notified_day == day:
        return False
    Official.objects.filter(pk=official.pk).update(notified_day=day)
    start = datetime.combine(day, time.min, ZoneInfo(official.agency.time_zone))
    receptions = Application.objects.filter(
        official=official,
        state=Application.State.CONFIRMED,
        start__gte=start,
        start__lt=datetime.combine(day + DAY, time.min, start.tzinfo),
    ).order_by("start", "pk")
    numbers = list(receptions.values_list("number", flat=True))
    return bool(numbers) and queue_evening(official, day=day, numbers=numbers, now=now) > 0
