"""For whom an application is, where that is not the applicant themselves."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diia_videoreception.models.fields import LineField
from diia_videoreception.personal_data import decrypt, encrypt
from diia_videoreception.rules.representation import OnBehalf

FOR_WHOM = (
    (OnBehalf.SELF.value, pgettext_lazy("for whom", "myself")),
    (OnBehalf.CHILD.value, pgettext_lazy("for whom", "a child")),
    (OnBehalf.WARD.value, pgettext_lazy("for whom", "a ward")),
    (OnBehalf.ATTORNEY.value, pgettext_lazy("for whom", "by a power of attorney")),
    (OnBehalf.ORGANISATION.value, pgettext_lazy("for whom", "an organisation")),
)
MAX_NAME = 200
MAX_DOCUMENT = 120
MAX_NUMBER = 60
MAX_TYPED_DAY = 20


class DraftedRepresentation(models.Model):
    """What a draft says of it, as typed: `rules.representation.ANSWERS` by name."""

    on_behalf = models.CharField(max_length=20, choices=FOR_WHOM, default=OnBehalf.SELF.value)
    represented_name = LineField(max_length=MAX_NAME, blank=True, default="")
    represented_born = LineField(max_length=MAX_TYPED_DAY, blank=True, default="")
    ground_document = LineField(max_length=MAX_DOCUMENT, blank=True, default="")
    ground_number_encrypted = models.TextField(blank=True, default="")
    ground_date = LineField(max_length=MAX_TYPED_DAY, blank=True, default="")
    ground_until = LineField(max_length=MAX_TYPED_DAY, blank=True, default="")

    class Meta:
        abstract = True

    @property
    def ground_number(self) -> str:
        """The number of the document in clear; empty where there is none."""
        return decrypt(self.ground_number_encrypted) if self.ground_number_encrypted else ""

    @ground_number.setter
    def ground_number(self, number: str) -> None:
        if number != self.ground_number:
            self.ground_number_encrypted = encrypt(number) if number else ""


class Representation(models.Model):
    """Who is spoken for in an application, on what ground, and whether staff have looked at that ground.

    Attributes:
        born: year of birth; None of an organisation.
        until: last day of the document; None where it has none.
    """

    application = models.OneToOneField(
        "diia_videoreception.Application", on_delete=models.CASCADE, related_name="representation"
    )
    kind = models.CharField(max_length=20, choices=FOR_WHOM[1:])
    name = LineField(max_length=MAX_NAME)
    born = models.PositiveSmallIntegerField(null=True, blank=True)
    document = LineField(max_length=MAX_DOCUMENT)
    number_encrypted = models.TextField()
    dated = models.DateField()
    until = models.DateField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("representation")
        verbose_name_plural = _("representations")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["child", "ward", "power_of_attorney"], born__isnull=False)
                | Q(kind="organisation", born__isnull=True),
                name="representation_of_a_person_says_born",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(document="") & ~Q(number_encrypted=""),
                name="representation_has_ground",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("dated")),
                name="representation_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | Q(checked_at__isnull=False),
                name="representation_checked_has_moment",
            ),
        ]

    def __str__(self) -> str:
        # The name is of somebody who has no account here.
        return f"{self.pk}"

    @property
    def number(self) -> str:
        """The number of the document in clear."""
        return decrypt(self.number_encrypted)
