"""The letter a day for agencies that do not want one for each application."""

from datetime import datetime
from zoneinfo import ZoneInfo

from diia_videoreception.conf import app_settings
from diia_videoreception.models import Agency, AgencyNews
from diia_videoreception.rules.times import last_digest
from diia_videoreception.services.letters.queueing_for_staff import queue_digest
from diia_videoreception.services.transactions import act


def write_digests(*, now: datetime) -> int:
    """Write the digests that are due; safe to run side by side, each news goes into one letter.

    Returns:
        How many were written.
    """
    waiting = AgencyNews.objects.order_by().values_list("agency_id", flat=True).distinct()
    agencies = Agency.objects.filter(pk__in=list(waiting))
    return sum(_write(agency, now=now) for agency in agencies if _is_due(agency, now=now))


def _is_due(agency: Agency, *, now: datetime) -> bool:
    last = last_digest(now, ZoneInfo(agency.time_zone), hour=app_settings.digest_hour)
    return AgencyNews.objects.filter(agency=agency, created_at__lt=last).exists()


@act
def _write(agency: Agency, *, now: datetime) -> bool:
    return queue_digest(agency, now=now) is not None
