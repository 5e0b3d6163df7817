"""Another time that an agency proposes to a citizen, until it is answered or its deadline has passed."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.agencies import Official
from diia_videoreception.models.applications import Application
from diia_videoreception.models.fields import TypedTextField
from diia_videoreception.rules.proposals import MAX_REASON, MAX_WISHES
from diia_videoreception.rules.slots import Interval


class DayPart(models.TextChoices):
    """When a time would suit a person who has refused another."""

    MORNING = "morning", _("in the morning, 9:00–12:00")
    AFTERNOON = "afternoon", _("in the afternoon, 13:00–16:00")
    EVENING = "evening", _("after 16:00")


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def open(self, now: datetime) -> Self:
        """Keep those that can be answered now; one past its deadline has ended, whoever has noted it."""
        return self.filter(answer="", deadline__gt=now)


class Proposal(models.Model):
    """A proposed time beside the one that an application has; both are occupied until it ends.

    Attributes:
        deadline: From this moment it cannot be answered any more.
        is_last: Whether it is the newest of its application, which pages read along with that.
        official: Who would receive then, where that is somebody else.
        answer: How it ended; empty while it is open, and until somebody has noted that it expired.
        day_parts: When a time would suit the citizen who refused.
    """

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn by the agency")
        SUPERSEDED = "superseded", _("decided otherwise")
        EXPIRED = "expired", _("not answered in time")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(
        Application,
        on_delete=models.CASCADE,
        related_name="proposals",
        verbose_name=_("application"),
    )
    old_start = models.DateTimeField()
    old_end = models.DateTimeField()
    start = models.DateTimeField(_("proposed time"))
    end = models.DateTimeField()
    official = models.ForeignKey(
        Official,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("official"),
    )
    reason = TypedTextField(_("reason"), max_length=MAX_REASON)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    is_last = models.BooleanField(default=True)
    deadline = models.DateTimeField()
    answer = models.CharField(max_length=16, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True)
    day_parts = models.JSONField(default=list)
    wishes = TypedTextField(_("wishes"), blank=True, max_length=MAX_WISHES)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        verbose_name = _("proposed time")
        verbose_name_plural = _("proposed times")
        indexes = [
            models.Index(fields=["deadline"], name="proposal_unanswered", condition=Q(answer=""))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(answer=""), name="proposal_one_open"
            ),
            models.UniqueConstraint(
                fields=["application"], condition=Q(is_last=True), name="proposal_one_last"
            ),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")), name="proposal_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="proposal_has_reason"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="proposal_answered_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def time(self) -> Interval:
        return Interval(self.start, self.end)

    @property
    def day_parts_labels(self) -> list[str]:
        return [str(DayPart(part).label) for part in self.day_parts if part in DayPart.values]

    def is_open(self, now: datetime) -> bool:
        """Return whether it can be answered now."""
        return not self.answer and now < self.deadline

    def is_unanswered(self, now: datetime) -> bool:
        """Return whether its deadline has passed without an answer."""
        return self.answer == self.Answer.EXPIRED or (not self.answer and now >= self.deadline)
