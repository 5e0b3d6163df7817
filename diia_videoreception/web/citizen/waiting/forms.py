"""What who waits for a free time says."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diia_videoreception.rules.waiting import WEEKDAYS
from diia_videoreception.services.booking.waiting import Wish
from diia_videoreception.web.forms import ScreenForm
from diia_videoreception.wording import weekday_name

MAX_PHONE = 40
"""As typed, with spaces and brackets."""


class WaitingForm(ScreenForm):
    """On which days the person can come, and how they are told besides the letter."""

    weekdays = forms.MultipleChoiceField(required=False)
    comes_soon = forms.BooleanField(required=False)
    by_sms = forms.BooleanField(required=False)
    phone = forms.CharField(
        label=_("Phone for SMS"),
        required=False,
        max_length=MAX_PHONE,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, *args: Any, days: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["weekdays"] = forms.MultipleChoiceField(
            required=False,
            choices=[(str(day), weekday_name(day - 1)) for day in WEEKDAYS if day in days],
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("by_sms") and not cleaned.get("phone", "").strip():
            self.add_error("phone", _("Enter your phone number, for example 067 123 45 67."))
        return cleaned

    @property
    def wish(self) -> Wish:
        given = self.cleaned_data
        return Wish(
            weekdays=[int(day) for day in given["weekdays"]],
            comes_soon=given["comes_soon"],
            phone=given["phone"] if given["by_sms"] else "",
        )
