"""Which moderator sees to a case, where somebody does."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.agencies import AgencyModerator
from diia_videoreception.models.applications import Application


class CaseAssignment(models.Model):
    """A case that a moderator has taken or was handed; others may still decide it.

    It hangs on the right to moderate: whoever loses that has no cases, and they are free again. Each
    change is a new row, so that its key tells whether anything has changed since it was read.
    """

    application = models.OneToOneField(
        Application, on_delete=models.CASCADE, related_name="assignment"
    )
    right = models.ForeignKey(AgencyModerator, on_delete=models.CASCADE, related_name="assignments")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("case of a moderator")
        verbose_name_plural = _("cases of moderators")

    def __str__(self) -> str:
        return f"{self.pk}"
