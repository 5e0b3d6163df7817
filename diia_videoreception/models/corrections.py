"""What a citizen corrects of an application that is not decided; what was filed stays beside it."""

import uuid
from dataclasses import dataclass
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.applications import Application, Need


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def sent(self) -> Self:
        """Keep those that the agency can see."""
        return self.filter(made_at__isnull=False)


@dataclass(frozen=True, slots=True)
class Changed:
    """One corrected answer, before and after, as people read it."""

    name: str
    label: str
    was: str
    became: str


class Correction(models.Model):
    """One correction, before and after; an application has one at most that is not sent.

    The application has the answers as they stand now. What was filed, and what was signed, follows
    from it by taking the corrections back, the newest first.

    Attributes:
        typed: What the citizen has typed and not sent yet; nobody else sees it.
        made_at: None until it is sent.
        version: Of the application after it.
        was: The answers that changed, by name, before.
        became: The same after.
        is_after_signature: Whether the application was signed by then, so that the signature does
            not cover it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(
        Application,
        on_delete=models.CASCADE,
        related_name="corrections",
        verbose_name=_("application"),
    )
    typed = models.JSONField(default=dict, blank=True)
    made_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(null=True)
    was = models.JSONField(default=dict, blank=True)
    became = models.JSONField(default=dict, blank=True)
    is_after_signature = models.BooleanField(default=False)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("correction of an application")
        verbose_name_plural = _("corrections of applications")
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(made_at__isnull=True),
                name="correction_one_unsent",
            ),
            models.CheckConstraint(
                condition=Q(made_at__isnull=True, version__isnull=True)
                | Q(made_at__isnull=False, version__isnull=False),
                name="correction_sent_has_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    def __repr__(self) -> str:
        """Keep what people typed out of tracebacks and logs."""
        return f"<Correction: {self.pk}>"

    @property
    def changes(self) -> list[Changed]:
        """The corrected answers, in reading order."""
        return [
            Changed(
                name,
                str(Application._meta.get_field(name).verbose_name),  # type: ignore[union-attr]
                _in_words(name, self.was.get(name)),
                _in_words(name, value),
            )
            for name, value in self.became.items()
        ]


def _in_words(name: str, value: Any) -> str:
    if name == "needs":
        return ", ".join(str(Need(one).label) for one in value or () if one in Need.values)
    return str(value or "")
