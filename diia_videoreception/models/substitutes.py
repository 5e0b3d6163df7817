"""Who receives in the place of an official for some days."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.agencies import Official


class OfficialSubstitute(models.Model):
    """Lets a member of staff hold the receptions of an official that begin within some days."""

    official = models.ForeignKey(
        Official, on_delete=models.CASCADE, related_name="substitutes", verbose_name=_("official")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="substitutions",
        verbose_name=_("substitute"),
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    starts_at = models.DateTimeField(editable=False)
    """The beginning of the first day by the clock of the agency."""
    ends_at = models.DateTimeField(editable=False)
    """The end of the last day."""

    class Meta:
        ordering = ["-first_day", "-pk"]
        verbose_name = _("substitute of an official")
        verbose_name_plural = _("substitutes of officials")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="substitute_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} — {self.official}"
