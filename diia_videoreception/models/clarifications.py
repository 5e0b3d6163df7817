"""What an agency asks about an application, and what the citizen answers."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.fields import TypedTextField
from diia_videoreception.rules.clarifications import MAX_QUESTION, MAX_REPLY


class Clarification(models.Model):
    """A question of the agency; the one that `Application.clarification` names waits for its answer.

    Attributes:
        deadline: From this moment it cannot be answered any more.
        outcome: How it ended; empty while it is open, and until somebody has noted that it expired.
        typed: What the citizen has typed and not sent yet; nobody else sees it.
    """

    class Outcome(models.TextChoices):
        ANSWERED = "answered", _("answered")
        WITHDRAWN = "withdrawn", _("withdrawn by the agency")
        SUPERSEDED = "superseded", _("no longer needed")
        EXPIRED = "expired", _("not answered in time")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(
        "diia_videoreception.Application",
        on_delete=models.CASCADE,
        related_name="clarifications",
        verbose_name=_("application"),
    )
    question = TypedTextField(_("question"), max_length=MAX_QUESTION)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    deadline = models.DateTimeField()
    typed = models.TextField(blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    ended_at = models.DateTimeField(null=True)
    answer = TypedTextField(_("answer"), blank=True, max_length=MAX_REPLY)

    class Meta:
        ordering = ["asked_at", "pk"]
        verbose_name = _("question to a citizen")
        verbose_name_plural = _("questions to citizens")
        indexes = [
            models.Index(
                fields=["deadline"], name="clarification_unanswered", condition=Q(outcome="")
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(outcome=""), name="clarification_one_open"
            ),
            models.CheckConstraint(condition=~Q(question=""), name="clarification_has_question"),
            models.CheckConstraint(
                condition=Q(outcome="answered") & ~Q(answer="")
                | ~Q(outcome="answered") & Q(answer=""),
                name="clarification_answered_has_answer",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at__isnull=True)
                | (~Q(outcome="") & Q(ended_at__isnull=False)),
                name="clarification_ended_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    def is_open(self, now: datetime) -> bool:
        """Return whether it can be answered now."""
        return not self.outcome and now < self.deadline

    def outcome_at(self, now: datetime) -> str:
        """Return how it ended, whoever has noted that its deadline passed; empty while it is open."""
        if not self.outcome and now >= self.deadline:
            return self.Outcome.EXPIRED
        return self.outcome
