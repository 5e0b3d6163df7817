"""Why the head of an agency has ended the consideration of an application."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.applications import Application
from diia_videoreception.models.fields import LineField
from diia_videoreception.rules.closing import MAX_EARLIER_NUMBER, ClosingGround

GROUNDS = {
    ClosingGround.REPEATED: _("a repeated application"),
    ClosingGround.NOT_CONSIDERED: _("an application that is not considered by law"),
}


class Closing(models.Model):
    """The end of a consideration; its reason and legal ground stand in the application.

    Attributes:
        earlier_number: Of the case that the application repeats, in the portal or in the agency's books.
    """

    application = models.OneToOneField(
        Application, on_delete=models.CASCADE, related_name="closing"
    )
    ground = models.CharField(
        max_length=16, choices=[(ground.value, GROUNDS[ground]) for ground in ClosingGround]
    )
    earlier_number = LineField(
        _("number of the earlier case"), max_length=MAX_EARLIER_NUMBER, blank=True
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    closed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("end of a consideration")
        verbose_name_plural = _("ends of considerations")
        constraints = [
            models.CheckConstraint(
                condition=~Q(ground="repeated") | ~Q(earlier_number=""),
                name="closing_repeated_names_earlier",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
