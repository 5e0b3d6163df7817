"""Terms that an agency has set itself, and what was extended."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.agencies import Agency
from diia_videoreception.models.applications import Application
from diia_videoreception.models.fields import LineField, TypedTextField
from diia_videoreception.rules.terms import (
    MAX_DAYS,
    MAX_EXTENSION_REASON,
    Beginning,
    Counting,
    Extender,
    TermKind,
)

MAX_GROUND = 1000

_KINDS = {
    TermKind.DECISION: _("decision on the application"),
    TermKind.ANSWER: _("written answer after the reception"),
}
_BEGINNINGS = {
    Beginning.SUBMISSION: _("submission of the application"),
    Beginning.RECEPTION: _("the reception"),
}
_COUNTING = {
    Counting.CALENDAR: _("calendar days"),
    Counting.WORKING: _("working days"),
}
_EXTENDERS = {
    Extender.NOBODY: _("nobody"),
    Extender.MODERATOR: _("moderators and the head of the agency"),
    Extender.HEAD: _("only the head of the agency"),
}
_DAYS = (MinValueValidator(1), MaxValueValidator(MAX_DAYS))


class Term(models.Model):
    """How long an agency takes for something. Without a row, or without days, it is not filled in.

    Attributes:
        version: Counts the savings, so that nobody overwrites what they have not seen.
    """

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="terms")
    kind = models.CharField(
        _("what is to be done"),
        max_length=16,
        choices=[(kind.value, _KINDS[kind]) for kind in TermKind],
    )
    name = LineField(_("name of the term"), max_length=120, blank=True)
    legal_ground = TypedTextField(_("legal ground"), blank=True, max_length=MAX_GROUND)
    days = models.PositiveSmallIntegerField(_("days"), null=True, blank=True, validators=_DAYS)
    counting = models.CharField(
        _("which days count"),
        max_length=16,
        choices=[(one.value, _COUNTING[one]) for one in Counting],
        default=Counting.WORKING.value,
    )
    counts_from = models.CharField(
        _("counts from"),
        max_length=16,
        choices=[(one.value, _BEGINNINGS[one]) for one in Beginning],
        default=Beginning.SUBMISSION.value,
    )
    extended_by = models.CharField(
        _("who may extend it"),
        max_length=16,
        choices=[(one.value, _EXTENDERS[one]) for one in Extender],
        default=Extender.NOBODY.value,
    )
    max_days = models.PositiveSmallIntegerField(
        _("to how many days in all"), null=True, blank=True, validators=_DAYS
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("term of an agency")
        verbose_name_plural = _("terms of agencies")
        constraints = [
            models.UniqueConstraint(fields=["agency", "kind"], name="term_of_agency_once"),
            models.CheckConstraint(
                condition=Q(days__isnull=True) | Q(days__gte=1, days__lte=MAX_DAYS),
                name="term_days",
            ),
            models.CheckConstraint(
                condition=Q(kind="answer") | Q(counts_from="submission"),
                name="term_counts_from",
            ),
            models.CheckConstraint(
                condition=Q(extended_by="nobody", max_days__isnull=True)
                | Q(
                    ~Q(extended_by="nobody"),
                    days__isnull=False,
                    max_days__isnull=False,
                    max_days__gt=F("days"),
                    max_days__lte=MAX_DAYS,
                ),
                name="term_extension_has_limit",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())


class TermExtension(models.Model):
    """One extension of the term of an application; rows are only added.

    Attributes:
        days: Of the whole term from now on.
        max_days: To how many the agency's term could be extended then.
        passes_at: When the extended term passes.
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="term_extensions"
    )
    kind = models.CharField(
        max_length=16, choices=[(kind.value, _KINDS[kind]) for kind in TermKind]
    )
    days = models.PositiveSmallIntegerField()
    max_days = models.PositiveSmallIntegerField()
    passes_at = models.DateTimeField()
    reason = TypedTextField(_("reason"), max_length=MAX_EXTENSION_REASON)
    legal_ground = TypedTextField(blank=True, max_length=MAX_GROUND)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "pk"]
        verbose_name = _("extension of a term")
        verbose_name_plural = _("extensions of terms")
        constraints = [
            models.CheckConstraint(
                condition=Q(days__lte=F("max_days")), name="term_extension_within_limit"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="term_extension_has_reason"),
            # Each one is longer than those before it.
            models.UniqueConstraint(
                fields=["application", "kind", "days"], name="term_extension_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.days}"
