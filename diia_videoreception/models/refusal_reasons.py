"""The reasons for which an agency declines, as its head keeps them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diia_videoreception.models.agencies import Agency
from diia_videoreception.models.fields import TypedTextField
from diia_videoreception.rules.refusals import (
    MAX_GROUND,
    MAX_LISTED_REASON,
    MAX_WHOM_TO_ASK,
    NextStep,
)


class RefusalReason(models.Model):
    """One reason of an agency's list; what was declined for it keeps its words.

    Attributes:
        is_used: Whether something was declined for it: then it is archived, never deleted.
        version: Rises with each change, so that nobody sends words that they have not read.
    """

    class Next(models.TextChoices):
        """Where the button in the letter leads: a `NextStep` in words."""

        SAME_OFFICIAL = NextStep.SAME_OFFICIAL.value, _("to another time of the same official")
        SAME_AGENCY = NextStep.SAME_AGENCY.value, _("to another official of the agency")
        ANY_AGENCY = NextStep.ANY_AGENCY.value, _("to another agency")
        NONE = NextStep.NONE.value, _("nowhere: there is nothing to choose")

    agency = models.ForeignKey(
        Agency,
        on_delete=models.CASCADE,
        related_name="refusal_reasons",
        verbose_name=_("agency"),
    )
    text = TypedTextField(
        pgettext_lazy("of a refusal", "reason"),
        max_length=MAX_LISTED_REASON,
        help_text=_("As the citizen will read it in the letter."),
    )
    legal_ground = TypedTextField(
        _("legal ground"),
        blank=True,
        max_length=MAX_GROUND,
        help_text=_("If this is empty, the agency’s usual one is used."),
    )
    whom_to_ask = TypedTextField(
        _("whom to ask"),
        blank=True,
        max_length=MAX_WHOM_TO_ASK,
        help_text=_("Who deals with such questions, with a telephone or an address."),
    )
    next_step = models.CharField(
        _("where the button in the letter leads"),
        max_length=16,
        choices=Next,
        default=Next.SAME_AGENCY,
    )
    position = models.PositiveSmallIntegerField(
        _("order in the list"),
        default=0,
        help_text=_("The smaller the number, the higher in the list."),
    )
    is_archived = models.BooleanField(_("no longer offered"), default=False)
    is_used = models.BooleanField(_("used"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["agency", "is_archived", "position", "pk"]
        verbose_name = _("reason for refusal")
        verbose_name_plural = _("reasons for refusal")
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="refusal_reason_has_text")
        ]

    def __str__(self) -> str:
        return self.text
