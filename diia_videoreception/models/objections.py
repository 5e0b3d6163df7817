"""What a citizen says against what was noted of a reception, and what the agency answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.applications import Application
from diia_videoreception.models.fields import TypedTextField
from diia_videoreception.rules.objections import MAX_OBJECTION


class Objection(models.Model):
    """An objection to the outcome of a reception; one for each, and answered once.

    Attributes:
        outcome: What was noted when the citizen objected.
        due: The day by which the agency answers.
    """

    application = models.OneToOneField(
        Application, on_delete=models.CASCADE, related_name="objection"
    )
    outcome = models.CharField(max_length=16)
    text = TypedTextField(_("objection"), max_length=MAX_OBJECTION)
    created_at = models.DateTimeField()
    due = models.DateField()
    answer = TypedTextField(_("answer of the agency"), blank=True, max_length=MAX_OBJECTION)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("objection of a citizen")
        verbose_name_plural = _("objections of citizens")
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | ~Q(answer=""),
                name="objection_answered_has_text",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_upheld(self) -> bool:
        """Whether the agency has changed what the citizen objected to."""
        return self.answered_at is not None and self.application.state != self.outcome
