"""Forms of the operator, each checked by its service."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models import Centre, MandateScope
from diia_videoreception.models.centres import MAX_REASON
from diia_videoreception.rules.centres import CentreFunction
from diia_videoreception.selectors.assistance.mandates import BUILT
from diia_videoreception.services.centres.granting import DETAILS, Decision
from diia_videoreception.wagtail_admin.list_files import ListFileField

_FEW_LINES = forms.Textarea(attrs={"rows": 3})
_DAY = ["%d.%m.%Y", "%Y-%m-%d"]


class CentreCodeForm(forms.Form):
    """Under which code a centre gets access."""

    code = forms.CharField(
        label=_("Code of the centre"),
        max_length=20,
        help_text=_("Latin capitals, digits and hyphens, such as YA-1. It never changes."),
    )


class CentreReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=MAX_REASON, widget=_FEW_LINES)


class CentreHeadForm(forms.Form):
    """Who heads the centre, and where the invitation goes."""

    head_name = forms.CharField(label=_("Surname and name of the head"), max_length=160)
    head_email = forms.EmailField(label=_("Work email of the head"))


class DetailsForm(forms.ModelForm[Centre]):
    class Meta:
        model = Centre
        fields = DETAILS
        labels = {"email": _("Email of the centre"), "phone": _("Phone of the centre")}


class NewCentreForm(CentreHeadForm, DetailsForm, CentreCodeForm):
    """A centre that gets access without a request."""

    self_service_number = forms.CharField(
        label=_("Decision on self-service workplaces: number"), max_length=60, required=False
    )
    self_service_day = forms.DateField(
        label=_("Decision on self-service workplaces: date"), required=False, input_formats=_DAY
    )
    intermediation_number = forms.CharField(
        label=_("Decision on the digital intermediary: number"), max_length=60, required=False
    )
    intermediation_day = forms.DateField(
        label=_("Decision on the digital intermediary: date"), required=False, input_formats=_DAY
    )
    field_order = ["code", *DETAILS, "head_name", "head_email"]

    class Meta:
        model = Centre
        fields = DETAILS

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for what in ("self_service", "intermediation"):
            if cleaned.get(f"{what}_number") and not cleaned.get(f"{what}_day"):
                self.add_error(f"{what}_day", _("Enter the date of this decision."))
            if cleaned.get(f"{what}_day") and not cleaned.get(f"{what}_number"):
                self.add_error(f"{what}_number", _("Enter the number of this decision."))
        return cleaned

    @property
    def decisions(self) -> list[Decision]:
        """The decisions that were filled in."""
        return [
            (
                function,
                self.cleaned_data[f"{function}_number"],
                self.cleaned_data[f"{function}_day"],
            )
            for function in CentreFunction
            if self.cleaned_data.get(f"{function}_day")
        ]


class AllowedHelpForm(forms.Form):
    """What a centre may do for people by their consent."""

    scopes = forms.MultipleChoiceField(
        label=_("What the centre may do for people"),
        required=False,
        choices=[
            (value, label)
            for value, label in MandateScope.SCOPES
            if value in {scope.value for scope in BUILT}
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What you take away stops at once, whatever people have agreed to."),
    )


class ConsentTextForm(forms.Form):
    """A text of consents, and the edition it was written after."""

    body = forms.CharField(
        label=_("Text"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 16})
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ImportForm(forms.Form):
    """A list from a file, of centres or of people."""

    KINDS = (("centres", _("Centres")), ("people", _("People of centres")))

    kind = forms.ChoiceField(label=_("What the file lists"), choices=KINDS)
    file = ListFileField()
