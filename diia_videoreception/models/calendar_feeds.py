"""Secret addresses by which calendars read the times of receptions."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from diia_videoreception.models.citizens import Citizen

UNUSED_LIFETIME = timedelta(days=365)
"""How long an address lives that nobody reads."""


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def live(self, now: datetime) -> Self:
        return self.filter(used_at__gt=now - UNUSED_LIFETIME)


class CalendarFeed(models.Model):
    """The one address of somebody; its secret is known to their calendar alone, here only by a keyed hash.

    `used_at` is the day of the last use, at first of the making.
    """

    class Audience(models.TextChoices):
        """As whom somebody reads it."""

        CITIZEN = "citizen"
        OFFICIAL = "official"
        MODERATOR = "moderator"

    audience = models.CharField(max_length=16, choices=Audience)
    citizen = models.OneToOneField(
        Citizen, on_delete=models.CASCADE, null=True, related_name="calendar_feed"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(db_index=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "audience"], name="calendar_feed_once"),
            models.CheckConstraint(
                condition=Q(audience="citizen", citizen__isnull=False, user__isnull=True)
                | (~Q(audience="citizen") & Q(citizen__isnull=True, user__isnull=False)),
                name="calendar_feed_has_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audience} {self.pk}"
