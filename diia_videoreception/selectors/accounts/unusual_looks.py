"""Who has opened unusually many cases of an agency, for its heads: who, how many, when and which, nothing of their content."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import TruncDate

from diia_videoreception.conf import app_settings
from diia_videoreception.models import Agency, Application, Look, UnusualLooks
from diia_videoreception.rules.unusual_looks import (
    DAY,
    HOUR,
    USUAL_DAYS,
    LookCounts,
    Unusual,
    may_be_unusual,
    usual_of,
    what_is_unusual,
)
from diia_videoreception.selectors.access import StaffUser, agencies_headed_by

AT_ONCE = 100
MAX_CASES = 200
_OUTSIDE = (Look.Ground.SUBSTITUTION, Look.Ground.ADMINISTRATION)


@dataclass(frozen=True, slots=True)
class UnusualFinding:
    """What is unusual about the looks of one person at cases of one agency, by keys."""

    agency_key: int
    staff_id: str
    counts: LookCounts
    usual: int | None
    why: tuple[Unusual, ...]


@dataclass(frozen=True, slots=True)
class SeenCase:
    """One case that was opened: `number` is empty where it is gone."""

    public_id: uuid.UUID
    number: str
    first: datetime
    last: datetime
    times: int


def unusual_now(*, now: datetime) -> Iterator[UnusualFinding]:
    """Yield what is unusual about those who have just looked: whose looks have no seal yet.

    Two statements by indexes, however many looks there are, and one more for each who has opened many.
    """
    looking = Look.objects.filter(sealed_by=None).order_by()
    staff = list(looking.values_list("staff_id", flat=True).distinct()[:AT_ONCE])
    if not staff:
        return
    recent = Look.objects.filter(staff_id__in=staff, moment__gt=now - DAY, moment__lte=now)
    counted = (
        recent.order_by()
        .values_list("agency_key", "staff_id")
        .annotate(
            hour=Count("application_id", filter=Q(moment__gt=now - HOUR), distinct=True),
            day=Count("application_id", distinct=True),
            outside=Count("application_id", filter=Q(ground__in=_OUTSIDE), distinct=True),
        )
    )
    limits = app_settings.look_limits
    for agency_key, staff_id, hour, day, outside in counted:
        counts = LookCounts(hour, day, outside)
        usual = None
        if may_be_unusual(counts, limits):
            usual = _usual(agency_key, staff_id, before=now - DAY)
        why = what_is_unusual(counts, limits, usual=usual)
        if why:
            yield UnusualFinding(agency_key, staff_id, counts, usual, why)


def _usual(agency_key: int, staff_id: str, *, before: datetime) -> int | None:
    since = before - timedelta(days=USUAL_DAYS)
    looks = Look.objects.filter(
        staff_id=staff_id, agency_key=agency_key, moment__gt=since, moment__lte=before
    )
    days = looks.order_by().values_list(TruncDate("moment")).annotate(
        Count("application_id", distinct=True)
    )  # fmt: skip
    return usual_of([count for _day, count in days])


def unusual_looks_seen_by(user: StaffUser) -> QuerySet[UnusualLooks]:
    """Return what was found in the agencies that the user heads, of others than themselves."""
    found = UnusualLooks.objects.filter(agency__in=agencies_headed_by(user))
    return found.exclude(staff_id=str(user.pk)).select_related("agency", "reviewed_by")


def waiting_for_review(user: StaffUser) -> QuerySet[UnusualLooks]:
    return unusual_looks_seen_by(user).filter(reviewed_at=None)


def names_of(found: list[UnusualLooks]) -> dict[str, Any]:
    """Return the users whose looks these are, by the keys that the rows have; who is gone is missing."""
    keys = [int(one.staff_id) for one in found if one.staff_id.isdecimal()]
    return {str(user.pk): user for user in get_user_model()._default_manager.filter(pk__in=keys)}


def cases_seen(found: UnusualLooks) -> list[SeenCase]:
    """Return which cases of the agency the person opened in the 24 hours before it was found and in the hour after.

    The first `MAX_CASES`, by number alone.
    """
    looks = Look.objects.filter(
        staff_id=found.staff_id,
        agency_key=found.agency_id,
        moment__gt=found.found_at - DAY,
        moment__lte=found.found_at + HOUR,
    )
    rows = list(
        looks.order_by()
        .values_list("application_id")
        .annotate(first=Min("moment"), last=Max("moment"), times=Count("pk"))
        .order_by("first", "application_id")[:MAX_CASES]
    )
    numbers = dict(
        Application.objects.filter(agency=found.agency_id, public_id__in=[row[0] for row in rows])
        .order_by()
        .values_list("public_id", "number")
    )
    return [
        SeenCase(key, numbers.get(key, ""), first, last, times) for key, first, last, times in rows
    ]


def agency_of(finding: UnusualFinding) -> Agency | None:
    return Agency.objects.filter(pk=finding.agency_key).first()
