"""What a citizen asks for: to move a confirmed reception, until it is answered or too late to answer."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.applications import Application
from diia_videoreception.models.fields import TypedTextField
from diia_videoreception.rules.proposals import MAX_REASON


class MoveRequestQuerySet(models.QuerySet["MoveRequest"]):
    def open(self, now: datetime) -> Self:
        """Keep those that can be answered now; one past its deadline has ended, whoever has noted it."""
        return self.filter(answer="", deadline__gt=now)


class MoveRequest(models.Model):
    """Why a citizen wishes another time and which; the confirmed one stands, and no other is occupied.

    Attributes:
        start: Of the reception when they asked.
        wished: Beginnings of the wished times, in ISO 8601.
        deadline: From this moment it has ended by itself.
        is_last: Whether it is the newest of its application, which pages read along with that.
        answer: How it ended; empty while it is open, and until somebody has noted that it expired.
        words: Why it was refused.
    """

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        PROPOSED = "proposed", _("another time proposed")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn by the citizen")
        SUPERSEDED = "superseded", _("decided otherwise")
        EXPIRED = "expired", _("not answered in time")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(
        Application,
        on_delete=models.CASCADE,
        related_name="move_requests",
        verbose_name=_("application"),
    )
    start = models.DateTimeField()
    wished = models.JSONField(default=list)
    reason = TypedTextField(_("reason"), max_length=MAX_REASON)
    made_at = models.DateTimeField()
    deadline = models.DateTimeField()
    is_last = models.BooleanField(default=True)
    answer = models.CharField(max_length=16, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True)
    words = TypedTextField(_("reason of the refusal"), blank=True, max_length=MAX_REASON)

    objects = MoveRequestQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        verbose_name = _("request to move a reception")
        verbose_name_plural = _("requests to move a reception")
        indexes = [
            models.Index(fields=["deadline"], name="move_request_open", condition=Q(answer=""))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(answer=""), name="move_request_one_open"
            ),
            models.UniqueConstraint(
                fields=["application"], condition=Q(is_last=True), name="move_request_one_last"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="move_request_has_reason"),
            models.CheckConstraint(
                condition=~Q(answer="refused") | ~Q(words=""), name="move_request_refused_has_words"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="move_request_answered_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def times(self) -> list[datetime]:
        """When the citizen would like to be received, earliest first."""
        return sorted(datetime.fromisoformat(one) for one in self.wished)

    def is_open(self, now: datetime) -> bool:
        """Return whether it can be answered now."""
        return not self.answer and now < self.deadline

    def is_unanswered(self, now: datetime) -> bool:
        """Return whether its deadline has passed without an answer."""
        return self.answer == self.Answer.EXPIRED or (not self.answer and now >= self.deadline)
