"""That somebody of the staff has opened unusually many cases of an agency in a day, and what its head found out."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.agencies import Agency
from diia_videoreception.models.fields import TypedTextField

MAX_WORDS = 1_000


class UnusualLooks(models.Model):
    """One row to agency, person and day; whom it names is a key, as in the looks themselves.

    Attributes:
        day: By the clock of the agency.
        why: What is unusual (`rules.unusual_looks.Unusual`).
        hour, cases, outside: How many different cases there were when it was found.
        usual: How many the person opens in a day otherwise; empty where that is not known.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")
    staff_id = models.CharField(max_length=64)
    day = models.DateField()
    found_at = models.DateTimeField()
    why = models.JSONField(default=list)
    hour = models.PositiveIntegerField()
    cases = models.PositiveIntegerField()
    outside = models.PositiveIntegerField()
    usual = models.PositiveIntegerField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    words = TypedTextField(_("What you have found out"), max_length=MAX_WORDS, blank=True)

    class Meta:
        ordering = ["-found_at", "-pk"]
        verbose_name = _("unusual number of looks")
        verbose_name_plural = _("unusual numbers of looks")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "staff_id", "day"], name="unusual_looks_once_a_day"
            )
        ]
        indexes = [
            models.Index(
                fields=["agency"],
                name="unusual_looks_open",
                condition=Q(reviewed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.day}"
