"""What a person tells about their account: as whom they use the portal, where letters go."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from diia_videoreception.errors import AddressMalformed
from diia_videoreception.models import Citizen
from diia_videoreception.web.forms import ScreenForm, validate_address

UserType = Citizen.UserType
_MAX_KEY = 2**63 - 1
_MAX_ADDRESS = 254
_NO_TYPE = _("Choose who you are.")


class UserTypeForm(ScreenForm):
    """«Хто Ви?» (A-14); only who is known by a certificate of an organisation represents one."""

    user_type = forms.ChoiceField(
        label=_("Who are you?"),
        widget=forms.RadioSelect,
        error_messages={"required": _NO_TYPE, "invalid_choice": _NO_TYPE},
    )

    def __init__(self, *args: Any, represents: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["user_type"])
        field.choices = [
            (value, label)
            for value, label in UserType.choices
            if represents or value != UserType.REPRESENTATIVE
        ]


class RemindersForm(ScreenForm):
    """How and when the person is reminded; all of it may be left out."""

    by_email = forms.BooleanField(required=False)
    by_sms = forms.BooleanField(
        required=False, widget=forms.CheckboxInput(attrs={"aria-describedby": "by_sms_hint"})
    )
    day_before = forms.BooleanField(label=_("24 hours before the reception"), required=False)
    hour_before = forms.BooleanField(label=_("1 hour before the reception"), required=False)


class RegistrationForm(UserTypeForm):
    """The registration of a person whom a provider has verified (A-12 to A-14)."""

    email = forms.CharField(
        label=_("Email for letters"),
        help_text=_("We’ll send a code to this address, to make sure that our letters reach you."),
        required=False,
        max_length=_MAX_ADDRESS,
        validators=[validate_address],
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "email"}),
        error_messages={"max_length": AddressMalformed.message},
    )
    edition = forms.IntegerField(
        min_value=1, max_value=_MAX_KEY, required=False, widget=forms.HiddenInput
    )
    agree = forms.BooleanField(
        error_messages={"required": _("Tick that you agree to the rules of the system.")}
    )
