"""Forms of a training visit; where a real one has the same, that form is taken."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models import CentreVisit, Mandate
from diia_videoreception.rules.mandates import ConsentMethod
from diia_videoreception.rules.training import MAX_TEXT, SMS_CODE
from diia_videoreception.rules.visits import NEED_REASON
from diia_videoreception.web.centre.visit_forms import OFFERED
from diia_videoreception.web.forms import ScreenForm
from diia_videoreception.wording import day_month_year

_CHOOSE = {"required": _("Choose one."), "invalid_choice": _("Choose one.")}
_METHODS = (ConsentMethod.SMS_CODE.value, ConsentMethod.PAPER_SCAN.value)


class TrainingWayForm(ScreenForm):
    """How the invented person is helped: every way, for nothing comes of it."""

    mode = forms.ChoiceField(
        label=_("How do we help?"), widget=forms.RadioSelect, error_messages=_CHOOSE
    )

    def __init__(self, *args: Any, reason: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(CentreVisit.MODES)
        choice: Any = self.fields["mode"]
        choice.choices = [(one.value, names[one.value]) for one in OFFERED]
        self.reason = reason

    def clean_mode(self) -> str:
        mode: str = self.cleaned_data["mode"]
        if mode in {one.value for one in NEED_REASON} and not self.reason:
            raise forms.ValidationError(
                _("Go back to the need and note why the person needs help.")
            )
        return mode


class TrainingConsentForm(ScreenForm):
    """How the person agrees, and the code that their phone would show."""

    method = forms.ChoiceField(
        label=_("How does the person agree?"),
        choices=[pair for pair in Mandate.METHODS if pair[0] in _METHODS],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    code = forms.CharField(
        label=_("Code that the person reads to you"),
        max_length=6,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        by_sms = said.get("method") == ConsentMethod.SMS_CODE
        if by_sms and said.get("code", "").strip() != SMS_CODE:
            self.add_error("code", _("This is not the code that the phone shows."))
        return said


class TrainingTopicForm(ScreenForm):
    topic = forms.CharField(
        label=_("What the person wants to talk about"),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={"required": _("Fill this in.")},
    )


class TrainingTimeForm(ScreenForm):
    """One of the times of the invented official."""

    time = forms.ChoiceField(
        label=_("Time of the reception"), widget=forms.RadioSelect, error_messages=_CHOOSE
    )

    def __init__(self, *args: Any, times: Sequence[datetime], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["time"]
        choice.choices = [
            (str(number), f"{day_month_year(moment.date())}, {moment:%H:%M}")
            for number, moment in enumerate(times)
        ]
