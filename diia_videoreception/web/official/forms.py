"""Forms of staff outside of the admin."""

from django import forms
from django.utils.translation import gettext_lazy as _

from diia_videoreception.web.forms import ScreenForm


class AppCodeForm(ScreenForm):
    """The six digits that the app on the phone shows."""

    code = forms.CharField(
        label=_("Code from the app"),
        help_text=_(
            "6 digits. The code changes every 30 seconds; the one before and the next one fit as well."
        ),
        max_length=200,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "class": "vr-input--short",
            }
        ),
        error_messages={"required": _("Enter the code that the app shows.")},
    )


class RecoveryCodeForm(ScreenForm):
    """One of the codes for the day when the phone is not there."""

    code = forms.CharField(
        label=_("Recovery code"),
        help_text=_("10 letters and digits. Each code works once."),
        max_length=200,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "class": "vr-input--short",
            }
        ),
        error_messages={"required": _("Enter one of your recovery codes.")},
    )
