"""What a citizen tells: kept as typed, and checked by the rules of the services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diia_videoreception.errors import AddressMalformed
from diia_videoreception.models import Citizen, Draft, Need
from diia_videoreception.models.representations import (
    FOR_WHOM,
    MAX_DOCUMENT,
    MAX_NAME,
    MAX_NUMBER,
)
from diia_videoreception.rules import representation
from diia_videoreception.rules.answers import Problem
from diia_videoreception.services.booking.completeness import text_of
from diia_videoreception.services.booking.drafts import DraftAnswers
from diia_videoreception.web.forms import ScreenForm, validate_address
from diia_videoreception.wording import phone as phone_in_words

OWN_NUMBERS = "own-numbers"
"""Id of the list of the person's earlier applications."""
_WRONG_ADDRESS = AddressMalformed.message


class _Typed(forms.CharField):
    """An answer as typed; whether it is missing or wrong is for the service to say."""

    def clean(self, value: Any) -> Any:
        return value


class _Ticked(forms.MultipleChoiceField):
    """Ticks, of which the service keeps those that it knows."""

    def validate(self, value: Any) -> None:
        return


_DAY = {"type": "date", "autocomplete": "off", "class": "vr-input--short"}
_LINE = {"autocomplete": "off"}


class AnswersForm(ScreenForm):
    """What an applicant tells for themselves (A-38 to A-43); documents have a form of their own."""

    topic = _Typed(
        label=_("Summary of the question"),
        help_text=_("Describe it briefly. This helps the official prepare."),
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )
    phone = _Typed(
        label=_("Contact phone"),
        help_text=_(
            "For example, 067 123 45 67. The administrator will call only if something "
            "urgent comes up."
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
    email = _Typed(
        label=_("Email for letters"),
        help_text=_(
            "We will send a code to this address to check that it is yours. Without an "
            "address, you can read letters in your account, under “Letters”."
        ),
        required=False,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "email"}),
    )
    needs = _Ticked(
        label=_("What you need during the reception"),
        required=False,
        choices=Need.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    companion = _Typed(
        label=_("Who will be with you"),
        required=False,
        widget=forms.TextInput(attrs={"maxlength": 200, "autocomplete": "off"}),
    )
    claims_priority = forms.BooleanField(
        label=_("I have the right to a priority reception"),
        help_text=_(
            "Do not tell the reason: we store only the tick. You will show the papers at the "
            "reception. The agency’s moderators see the application among the first; the time and "
            "everything else stay the same."
        ),
        required=False,
    )
    prior_number = _Typed(
        label=_("Previous application number"),
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "list": OWN_NUMBERS, "class": "vr-input--short"}
        ),
    )

    def answers(self) -> DraftAnswers:
        """Return what was typed, right or wrong."""
        return DraftAnswers(
            topic=self._typed("topic"),
            phone=self._typed("phone"),
            email=self._typed("email"),
            needs=[str(value) for value in self["needs"].value() or []],
            companion=self._typed("companion"),
            claims_priority=bool(self["claims_priority"].value()),
            prior_number=self._typed("prior_number"),
            **{name: self._typed(name) for name in representation.ANSWERS},
        )

    def _typed(self, name: str) -> str:
        return str(self[name].value() or "") if name in self.fields else ""


class ApplicationForm(AnswersForm):
    """Step 2, with for whom the application is."""

    on_behalf = forms.CharField(
        label=_("For whom you are applying"),
        required=False,
        widget=forms.Select(choices=FOR_WHOM),
    )
    represented_name = _Typed(
        label=_("Full name, or the name of the organisation"),
        widget=forms.TextInput(attrs={**_LINE, "maxlength": MAX_NAME}),
    )
    represented_born = _Typed(
        label=_("Year of birth"),
        widget=forms.TextInput(
            attrs={**_LINE, "inputmode": "numeric", "maxlength": 4, "class": "vr-input--short"}
        ),
    )
    ground_document = _Typed(
        label=_("Document that allows you to speak for them"),
        help_text=_(
            "For example, a birth certificate, a decision on guardianship, a power of attorney, the "
            "charter or an order."
        ),
        widget=forms.TextInput(attrs={**_LINE, "maxlength": MAX_DOCUMENT}),
    )
    ground_number = _Typed(
        label=_("Number of the document"),
        widget=forms.TextInput(
            attrs={**_LINE, "maxlength": MAX_NUMBER, "class": "vr-input--short"}
        ),
    )
    ground_date = _Typed(label=_("Date of the document"), widget=forms.TextInput(attrs=_DAY))
    ground_until = _Typed(
        label=_("Valid until"),
        help_text=_("Leave it empty if the document has no end."),
        required=False,
        widget=forms.TextInput(attrs=_DAY),
    )


class CorrectionForm(AnswersForm):
    """What of a filed application can be corrected; its letters go to an address of the account."""

    email = None  # type: ignore[assignment]
    prior_number = None  # type: ignore[assignment]


def checked_form(
    draft: Draft | None, citizen: Citizen, *, problems: dict[str, Problem]
) -> ApplicationForm:
    """Return the form as the draft has it, with what is wrong beside the fields."""
    answers = answers_of(draft, citizen)
    if not problems:
        return ApplicationForm(initial=answers)
    form = ApplicationForm(answers)
    for name, problem in problems.items():
        form.add_error(name, text_of(problem))
    return form


def answers_of(draft: Draft | None, citizen: Citizen) -> dict[str, object]:
    """Return what the fields show: the draft, or what is known of the person (B-67)."""
    if draft is None:
        return {"phone": phone_in_words(citizen.phone), "email": citizen.email}
    return {
        "topic": draft.topic,
        "phone": phone_in_words(draft.phone),
        "email": draft.email,
        "needs": draft.needs,
        "companion": draft.companion,
        "claims_priority": draft.claims_priority,
        "prior_number": draft.prior_number,
        **{name: getattr(draft, name) for name in representation.ANSWERS},
    }


class AddressForm(ScreenForm):
    """Where letters shall go."""

    email = forms.CharField(
        label=_("Email for letters"),
        help_text=_("We’ll send a code to this address, to make sure that our letters reach you."),
        max_length=254,
        validators=[validate_address],
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "email"}),
        error_messages={"required": _WRONG_ADDRESS, "max_length": _WRONG_ADDRESS},
    )


class CodeForm(ScreenForm):
    """The code of the letter."""

    code = forms.CharField(
        label=_("Code from the letter"),
        help_text=_("6 digits. If you cannot find the letter, check your spam folder."),
        max_length=200,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "class": "vr-input--short",
            }
        ),
        error_messages={"required": _("Enter the code from the letter.")},
    )
