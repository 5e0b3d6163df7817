"""What is counted in centres beside their visits; of nobody a row can be told whose it is."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.centres import Centre
from diia_videoreception.models.visits import CentreVisit
from diia_videoreception.rules.kiosk import MAX_RATING


class SelfServiceUse(models.Model):
    """Somebody was at a self-service place of the centre on a day: that alone stays of it."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["centre", "day"], name="self_service_use_centre")]

    def __str__(self) -> str:
        return f"{self.day} {self.pk}"


class VisitRating(models.Model):
    """How somebody has rated their visit (B-69), by the day and the way they were helped; nobody knows who."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    mode = models.CharField(max_length=16, choices=CentreVisit.MODES)
    value = models.PositiveSmallIntegerField(
        _("rating"), validators=[MinValueValidator(1), MaxValueValidator(MAX_RATING)]
    )

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["centre", "day"], name="visit_rating_centre")]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__gte=1, value__lte=MAX_RATING), name="visit_rating_in_range"
            )
        ]

    def __str__(self) -> str:
        return f"{self.value} {self.pk}"
