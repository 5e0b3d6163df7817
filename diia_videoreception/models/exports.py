"""That staff took figures or cases out of the portal as a file: who, what, why; never changed."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.agencies import Agency
from diia_videoreception.models.fields import TypedTextField
from diia_videoreception.rules.exports import MAX_REASON

EXPORT = "export_reports"
"""The permission to take reports and lists of an agency out as files, beside the right to moderate it."""


class Export(models.Model):
    """One file that somebody has got; the reason stands here, for the journal has nothing typed.

    Attributes:
        sha256: Of the file, in hex.
    """

    class Kind(models.TextChoices):
        REPORT = "report", _("report")
        LIST = "list", _("list of applications")

    class Format(models.TextChoices):
        CSV = "csv", _("CSV")
        XLSX = "xlsx", _("XLSX")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agencies = models.ManyToManyField(Agency, related_name="exports")
    kind = models.CharField(max_length=16, choices=Kind)
    format = models.CharField(max_length=16, choices=Format)
    first = models.DateField()
    last = models.DateField()
    rows = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    reason = TypedTextField(_("reason"), max_length=MAX_REASON)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        permissions = [(EXPORT, "Can export reports and lists of applications")]
        ordering = ["-made_at", "-pk"]
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="export_has_reason")
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
