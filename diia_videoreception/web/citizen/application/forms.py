"""What a citizen tells: kept as typed, and checked by the rules of the services."""

from typing import Any

from django import forms
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import (
    Incomplete,
    PriorNumberOtherOfficial,
    PriorNumberUnknown,
)
from diia_videoreception.models import Citizen, Draft, Need
from diia_videoreception.rules.phones import PhoneError, normalise_phone
from diia_videoreception.rules.texts import clean_line, clean_text
from diia_videoreception.services.booking.applications import prior_application, require_complete
from diia_videoreception.services.booking.drafts import DraftAnswers
from diia_videoreception.web.forms import ScreenForm
from diia_videoreception.wording import phone as phone_in_words

OWN_NUMBERS = "own-numbers"
"""Id of the list of the person's earlier applications."""
_WRONG_ADDRESS = _("Enter the address in the form name@example.com.")


class _Asked(forms.CharField):
    """An answer that an application needs; that it is missing is for the service to say."""

    def validate(self, value: Any) -> None:
        return


class _Ticked(forms.MultipleChoiceField):
    """Ticks, of which the service keeps those that it knows."""

    def validate(self, value: Any) -> None:
        return


class ApplicationForm(ScreenForm):
    """Step 2 (A-38 to A-43); documents have a form of their own."""

    topic = _Asked(
        label=_("Summary of the question"),
        help_text=_("Describe it briefly: this helps the official to prepare."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    phone = _Asked(
        label=_("Contact phone"),
        help_text=_(
            "The administrator calls only if something urgent about the reception comes up."
        ),
        widget=forms.TextInput(
            attrs={
                "type": "tel",
                "inputmode": "tel",
                "autocomplete": "tel",
                "class": "vr-input--short",
            }
        ),
    )
    email = forms.CharField(
        label=_("E-mail for letters"),
        help_text=_(
            "We send a code there to be sure that it is yours. "
            "Without an address letters wait in your cabinet, under “Letters”."
        ),
        required=False,
        validators=[EmailValidator(_WRONG_ADDRESS)],
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "email"}),
    )
    needs = _Ticked(
        label=_("What you need during the reception"),
        required=False,
        choices=Need.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    companion = forms.CharField(
        label=_("Who will be with you"), required=False, widget=forms.TextInput
    )
    prior_number = forms.CharField(
        label=_("Number of the previous application"),
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "list": OWN_NUMBERS, "class": "vr-input--short"}
        ),
    )

    def answers(self) -> DraftAnswers:
        """What was typed, without hidden characters; right or wrong."""
        companion = clean_line(self._typed("companion"))
        needs = [str(value) for value in self["needs"].value() or []]
        if companion and Need.COMPANION not in needs:
            # Without a script the field is always there to be filled in.
            needs.append(Need.COMPANION)
        return DraftAnswers(
            topic=clean_text(self._typed("topic")),
            phone=_short_phone(clean_line(self._typed("phone"))),
            email=clean_line(self._typed("email")),
            needs=needs,
            companion=companion,
            prior_number=clean_line(self._typed("prior_number")),
        )

    def _typed(self, name: str) -> str:
        return str(self[name].value() or "")

    def check_answers(self, draft: Draft, *, official_id: int | None) -> bool:
        """Puts what the services find wrong beside the fields; tells whether nothing was.

        Args:
            official_id: of the held time; None while there is none.
        """
        try:
            require_complete(draft)
        except Incomplete as error:
            for name, text in error.fields.items():
                self.add_error(name, str(text))
        try:
            prior_application(draft, official_id=official_id)
        except (PriorNumberUnknown, PriorNumberOtherOfficial) as error:
            self.add_error("prior_number", str(error))
        return self.is_valid()


def _short_phone(typed: str) -> str:
    """A phone typed with many spaces fits the column when written as a number."""
    try:
        return normalise_phone(typed, region=app_settings.default_country) if typed else ""
    except PhoneError:
        return typed


def answers_of(draft: Draft | None, citizen: Citizen) -> dict[str, object]:
    """What the fields show: the draft, or what is known of the person (B-67)."""
    if draft is None:
        return {"phone": phone_in_words(citizen.phone), "email": citizen.email}
    return {
        "topic": draft.topic,
        "phone": phone_in_words(draft.phone),
        "email": draft.email,
        "needs": draft.needs,
        "companion": draft.companion,
        "prior_number": draft.prior_number,
    }


class AddressForm(ScreenForm):
    """Where letters shall go."""

    email = forms.EmailField(
        label=_("E-mail for letters"),
        help_text=_("We shall send a code there, to be sure that the letters reach you."),
        max_length=254,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "email"}),
        error_messages={"required": _WRONG_ADDRESS, "invalid": _WRONG_ADDRESS},
    )


class CodeForm(ScreenForm):
    """The code of the letter."""

    code = forms.CharField(
        label=_("Code from the letter"),
        help_text=_("6 digits. If the letter is not there, look into the spam folder."),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "class": "vr-input--short",
            }
        ),
        error_messages={"required": _("Enter the code from the letter.")},
    )
