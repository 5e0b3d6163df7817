"""Numbers under which agencies have registered cases in their own books, where none may come twice."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.agencies import Agency
from diia_videoreception.models.applications import MAX_OUTGOING_NUMBER, Application
from diia_videoreception.models.fields import LineField


class RegistrationClaim(models.Model):
    """The number of a case in a year, of an agency that gives none twice; the case shows it itself."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    number = LineField(max_length=MAX_OUTGOING_NUMBER)

    class Meta:
        verbose_name = _("registration number")
        verbose_name_plural = _("registration numbers")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "number"], name="registration_number_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.number}"
