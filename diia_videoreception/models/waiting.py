"""Who waits for a free time of an official, and what was offered to them."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.agencies import Official
from diia_videoreception.models.citizens import Citizen
from diia_videoreception.rules.slots import Interval


class WaitingEntry(models.Model):
    """A person's place in the queue for an official; who came first is asked first.

    Attributes:
        weekdays: Digits of ISO 8601, Monday is 1: on which days the person can come.
        comes_soon: Whether a time within 24 hours suits.
        phone: Where offers go by SMS; empty without.
        missed: How many offers were declined or not answered.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SERVED = "served", _("took a time")
        LEFT = "left", _("left the queue")
        MISSED = "missed", _("did not take the times that were offered")
        OVER = "over", _("waited as long as one can")
        CLOSED = "closed", _("the official does not receive any more")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="waiting_entries")
    official = models.ForeignKey(
        Official, on_delete=models.CASCADE, related_name="waiting_entries", db_index=False
    )
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    weekdays = models.CharField(max_length=7)
    comes_soon = models.BooleanField(default=False)
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=10)
    missed = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    lasts_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["official", "created_at", "id"],
                name="waiting_in_turn",
                condition=Q(state="waiting"),
            ),
            models.Index(
                fields=["lasts_until"], name="waiting_lasts", condition=Q(state="waiting")
            ),
            models.Index(fields=["ended_at"], name="waiting_ended"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["citizen", "official"],
                condition=Q(state="waiting"),
                name="waiting_once_for_an_official",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True)
                | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="waiting_ended_has_moment",
            ),
            models.CheckConstraint(condition=~Q(weekdays=""), name="waiting_has_weekdays"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"


class WaitingOfferQuerySet(models.QuerySet["WaitingOffer"]):
    def open(self, now: datetime) -> Self:
        """Keep those that can be answered now; one past its deadline has ended, whoever has noted it."""
        return self.filter(answer="", deadline__gt=now)


class WaitingOffer(models.Model):
    """A free time that one person in the queue is asked about; meanwhile nobody else can have it.

    Attributes:
        token: That of the row of `Occupancy` that keeps the time, and of the hold it becomes.
        answer: How it ended; empty while it is open, and until somebody has noted that it expired.
    """

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("taken")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("not answered in time")
        WITHDRAWN = "withdrawn", _("withdrawn")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(WaitingEntry, on_delete=models.CASCADE, related_name="offers")
    token = models.UUIDField(unique=True)
    start = models.DateTimeField()
    end = models.DateTimeField()
    made_at = models.DateTimeField()
    deadline = models.DateTimeField()
    answer = models.CharField(max_length=16, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True)

    objects = WaitingOfferQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["deadline"], name="waiting_offer_unanswered", condition=Q(answer="")
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(answer=""), name="waiting_one_open_offer"
            ),
            models.UniqueConstraint(fields=["entry", "start"], name="waiting_offered_once"),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")), name="waiting_offer_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="waiting_answered_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer} {self.pk}"

    @property
    def time(self) -> Interval:
        return Interval(self.start, self.end)

    def is_open(self, now: datetime) -> bool:
        """Return whether it can be answered now."""
        return not self.answer and now < self.deadline
