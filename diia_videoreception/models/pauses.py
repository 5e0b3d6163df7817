"""A time of a day at which an agency cannot receive: a power cut, an air raid alert, an illness."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.agencies import Agency, Official
from diia_videoreception.models.fields import LineField


class ReceptionPause(models.Model):
    """Keeps officials from receiving until it ends, by an absence of each; nobody is counted absent meanwhile.

    Attributes:
        words: What happened, where none of the causes says it.
        ends_at: When it ends by itself.
        ended_at: When somebody has ended it before.
    """

    class Cause(models.TextChoices):
        AIR_RAID = "air_raid", _("air raid alert")
        POWER = "power", _("no electricity or Internet in the agency")
        ILLNESS = "illness", _("the official has fallen ill")
        CONFERENCE = "conference", _("the video connection does not work")
        OTHER = "other", _("something else")

    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, related_name="pauses", verbose_name=_("agency")
    )
    officials = models.ManyToManyField(Official, related_name="pauses")
    cause = models.CharField(_("cause"), max_length=16, choices=Cause)
    words = LineField(_("in your own words"), max_length=200, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="pause_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.get_cause_display()}"
