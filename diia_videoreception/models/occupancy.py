"""The one table that makes an official busy, and the seat of a centre where a reception has one."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.rules.slots import Interval


class OccupancyQuerySet(models.QuerySet["Occupancy"]):
    def expired(self, now: datetime) -> Self:
        """Keep holds, proposed and offered times that have ended, whether or not somebody has taken them away."""
        return self.filter(expires_at__lte=now)

    def live(self, now: datetime) -> Self:
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))

    def overlapping(self, official_id: int, time: Interval) -> Self:
        return self.filter(official_id=official_id, start__lt=time.end, end__gt=time.start)


class Occupancy(models.Model):
    """A time of an official that nobody else can have.

    On PostgreSQL the exclusion constraints `occupancy_no_overlap`, of an official,
    `occupancy_no_own_overlap`, of a citizen, and `occupancy_no_seat_overlap`, of a seat, are the last
    line of defence.
    """

    class Kind(models.TextChoices):
        HOLD = "hold", _("reserved")
        APPLICATION = "application", _("application")
        PROPOSAL = "proposal", _("proposed time")
        ABSENCE = "absence", _("absence")
        OFFER = "offer", _("offered to who waits")

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    official = models.ForeignKey(
        "diia_videoreception.Official", on_delete=models.PROTECT, related_name="occupancies"
    )
    kind = models.CharField(max_length=16, choices=Kind)
    start = models.DateTimeField()
    end = models.DateTimeField()
    citizen = models.ForeignKey(
        "diia_videoreception.Citizen",
        on_delete=models.CASCADE,
        null=True,
        related_name="occupancies",
    )
    application = models.ForeignKey(
        "diia_videoreception.Application",
        on_delete=models.CASCADE,
        null=True,
        related_name="occupancies",
    )
    absence = models.ForeignKey(
        "diia_videoreception.Absence",
        on_delete=models.CASCADE,
        null=True,
        related_name="occupancies",
    )
    # The seat of a centre from which the citizen is to speak.
    seat = models.ForeignKey(
        "diia_videoreception.CentreWorkplace",
        on_delete=models.PROTECT,
        null=True,
        related_name="occupancies",
        db_index=False,
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    objects = OccupancyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["official", "start", "end"], name="occupancy_official_time"),
            models.Index(
                fields=["seat", "start", "end"],
                name="occupancy_seat_time",
                condition=Q(seat__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start")), name="occupancy_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["hold", "proposal", "offer"], expires_at__gt=F("created_at"))
                | (~Q(kind__in=["hold", "proposal", "offer"]) & Q(expires_at__isnull=True)),
                name="occupancy_kind_says_if_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="hold",
                    citizen__isnull=False,
                    application__isnull=True,
                    absence__isnull=True,
                )
                | Q(
                    kind__in=["application", "proposal"],
                    application__isnull=False,
                    absence__isnull=True,
                )
                | Q(
                    kind="absence",
                    absence__isnull=False,
                    citizen__isnull=True,
                    application__isnull=True,
                )
                | Q(
                    kind="offer",
                    absence__isnull=True,
                    citizen__isnull=True,
                    application__isnull=True,
                ),
                name="occupancy_kind_says_whose",
            ),
            models.UniqueConstraint(
                fields=["citizen"], condition=Q(kind="hold"), name="occupancy_one_hold_per_citizen"
            ),
            models.UniqueConstraint(
                fields=["application", "kind"],
                condition=Q(kind__in=["application", "proposal"]),
                name="occupancy_one_per_application",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def time(self) -> Interval:
        return Interval(self.start, self.end)


class HoldUse(models.Model):
    """What became of a hold; kept for a day or two, for the limits on holds.

    A hold whose occupancy row is gone or past its end, and that is still "live" here, has expired.
    """

    class Outcome(models.TextChoices):
        LIVE = "live"
        USED = "used"
        RELEASED = "released"

    token = models.UUIDField(unique=True)
    citizen = models.ForeignKey(
        "diia_videoreception.Citizen", on_delete=models.CASCADE, related_name="hold_uses"
    )
    official = models.ForeignKey(
        "diia_videoreception.Official", on_delete=models.CASCADE, related_name="hold_uses"
    )
    start = models.DateTimeField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    outcome = models.CharField(max_length=16, choices=Outcome, default=Outcome.LIVE)
    moved_from = models.JSONField(default=list)
    """The times it was on before: [official, start in ISO 8601], each once."""

    class Meta:
        indexes = [models.Index(fields=["citizen", "created_at"], name="hold_use_citizen_time")]

    def __str__(self) -> str:
        return f"{self.outcome} {self.pk}"
