"""Model fields of our own."""

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


def validate_time_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(_("There is no time zone with this name."), code="time_zone")


class TimeZoneField(models.CharField):
    """The name of an IANA time zone, such as Europe/Kyiv."""

    default_validators = [validate_time_zone]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(*args, **kwargs)


def zone(name: str) -> ZoneInfo:
    """The zone of a stored name (cached by zoneinfo)."""
    return ZoneInfo(name)
