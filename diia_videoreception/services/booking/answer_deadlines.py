"""Choosing until when an agency waits for a citizen's answer: a day within its term, or the whole term."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from diia_videoreception.errors import Incomplete
from diia_videoreception.models import Agency
from diia_videoreception.rules import answer_deadlines as rules
from diia_videoreception.selectors.booking.terms import workdays_of


def days_offered(agency: Agency, *, latest: datetime, now: datetime) -> list[date]:
    """Return the days until whose evening an answer may be waited for, besides `latest` itself."""
    zone = ZoneInfo(agency.time_zone)
    return rules.days_to_choose(now, latest=latest, zone=zone, workdays=workdays_of(agency))


def chosen(day: date | None, agency: Agency, *, latest: datetime, now: datetime) -> datetime:
    """Return until when an answer is waited for.

    Args:
        day: Whose evening it is; without it as long as the agency can.
        latest: As long as the agency can.

    Raises:
        Incomplete: it is none of `days_offered`.
    """
    if day is None:
        return latest
    if day not in days_offered(agency, latest=latest, now=now):
        text = _(
            "This day cannot be chosen: it is not a working day, or its evening is later than the agency "
            "can wait. Choose another one."
        )
        raise Incomplete(fields={"answer_by": text})
    return rules.evening_of(day, ZoneInfo(agency.time_zone))
