"""Moments as staff read them: in the zone of the agency, whatever the reader's own is."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from diia_videoreception.models import Agency


def date_and_time(moment: datetime, agency: Agency) -> str:
    """For example 01.12.2026, 10:30."""
    return date_format(moment.astimezone(ZoneInfo(agency.time_zone)), "d.m.Y, H:i")


def day_and_time(moment: datetime, agency: Agency) -> str:
    """For example «вівторок, 1 грудня 2026, 10:30», for headings."""
    return date_format(moment.astimezone(ZoneInfo(agency.time_zone)), "l, j E Y, H:i")
