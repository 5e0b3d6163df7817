"""Forms of a consent to help, each checked by its service."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diia_videoreception.models import CentreVisit, Mandate, MandateScope
from diia_videoreception.providers import identity_providers, signature_provider
from diia_videoreception.rules.mandates import (
    MAX_SCAN_BYTES,
    ConsentMethod,
    HelpScope,
    IdentitySource,
    MandateTerm,
)
from diia_videoreception.services.accounts.citizens import MAX_NAME
from diia_videoreception.services.assistance.helped import DescribedPerson
from diia_videoreception.services.assistance.mandates import AskedConsent
from diia_videoreception.services.documents.scans import Upload
from diia_videoreception.web.centre.forms import day_field, line_field
from diia_videoreception.web.forms import ScreenForm

_CHOOSE = {"required": _("Choose one."), "invalid_choice": _("Choose one.")}
AT_THE_DESK = (IdentitySource.DOCUMENT_SHOWN, IdentitySource.DECLARED)
OFFERED_METHODS = (
    ConsentMethod.SMS_CODE,
    ConsentMethod.EID_CONFIRMATION,
    ConsentMethod.KEP_SIGNATURE,
    ConsentMethod.PAPER_SCAN,
)
"""The ways that the page offers, in its order."""
OFFERED_TERMS = (MandateTerm.THIS_VISIT, MandateTerm.UNTIL_RECEPTION, MandateTerm.DAYS_30)
_CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "class": "vr-input--code"}


class PersonForm(ScreenForm):
    """Who is helped, as they say it or as the document has it."""

    last_name = line_field(_("Last name"), most=MAX_NAME)
    first_name = line_field(_("First name"), most=MAX_NAME)
    patronymic = line_field(_("Patronymic"), most=MAX_NAME, required=False)
    source = forms.ChoiceField(
        label=_("How we know who it is"),
        choices=[pair for pair in Mandate.SOURCES if pair[0] in AT_THE_DESK],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    document_kind = forms.ChoiceField(
        label=_("Which document was shown"),
        choices=[("", _("choose")), *Mandate.DocumentKind.choices],
        required=False,
        widget=forms.Select,
        error_messages=_CHOOSE,
    )
    document_number = line_field(
        _("Last 4 signs of its number"),
        most=40,
        required=False,
        help_text=_("We make no copy and keep no other signs."),
        attrs={"class": "vr-input--short"},
    )
    rnokpp = line_field(
        pgettext_lazy("number", "RNOKPP"),
        most=40,
        required=False,
        help_text=_(
            "If the person wants to see this consent in their account later. It opens nothing for you."
        ),
        attrs={"class": "vr-input--short", "inputmode": "numeric"},
    )
    phone = line_field(
        _("Phone of the person"),
        most=60,
        required=False,
        help_text=_("For the code from SMS. It has to be their own."),
        attrs={"type": "tel", "inputmode": "tel"},
    )

    def said(self) -> DescribedPerson:
        """Return what was said as the service wants it."""
        typed = self.cleaned_data
        kind = typed["document_kind"]
        return DescribedPerson(
            typed["last_name"],
            typed["first_name"],
            typed["patronymic"],
            source=IdentitySource(typed["source"]),
            document_kind=Mandate.DocumentKind(kind) if kind else None,
            document_number=typed["document_number"],
            rnokpp=typed["rnokpp"],
            phone=typed["phone"],
        )


class ConsentForm(ScreenForm):
    """What the person is asked to agree to, until when, in which language and how they confirm it."""

    language = forms.ChoiceField(
        label=_("Language of the text"), widget=forms.RadioSelect, error_messages=_CHOOSE
    )
    scopes = forms.MultipleChoiceField(
        label=_("What the consent is for"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose what the person agrees to."),
            "invalid_choice": _("This centre may not do that for people."),
        },
    )
    term = forms.ChoiceField(
        label=_("Until when"),
        choices=[pair for pair in Mandate.TERMS if pair[0] in OFFERED_TERMS],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    method = forms.ChoiceField(
        label=_("How the person confirms it"),
        choices=[(one.value, dict(Mandate.METHODS)[one.value]) for one in OFFERED_METHODS],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )

    def __init__(
        self, *args: Any, scopes: Sequence[HelpScope], languages: frozenset[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(MandateScope.SCOPES)
        self.fields["scopes"].choices = [(one.value, labels[one.value]) for one in scopes]  # type: ignore[attr-defined]
        offered = [pair for pair in CentreVisit.Language.choices if pair[0] in languages]
        missing = set() if identity_providers() else {ConsentMethod.EID_CONFIRMATION.value}
        missing |= set() if signature_provider() else {ConsentMethod.KEP_SIGNATURE.value}
        methods = self.fields["method"].choices  # type: ignore[attr-defined]
        kept = [pair for pair in methods if pair[0] not in missing]
        self.fields["method"].choices = kept  # type: ignore[attr-defined]
        self.fields["language"].choices = offered  # type: ignore[attr-defined]

    def asked(self) -> AskedConsent:
        """Return what is asked as the service wants it."""
        chosen = self.cleaned_data
        return AskedConsent(
            [HelpScope(one) for one in chosen["scopes"]],
            MandateTerm(chosen["term"]),
            ConsentMethod(chosen["method"]),
            CentreVisit.Language(chosen["language"]),
        )


class ConsentCodeForm(ScreenForm):
    """What stands in the message on the phone of the person."""

    code = forms.CharField(
        label=_("Code of 6 digits"),
        max_length=200,
        widget=forms.TextInput(attrs=_CODE),
        error_messages={"required": _("Enter the code from the SMS.")},
    )


class ScanForm(ScreenForm):
    """The paper that the person has signed."""

    reference = line_field(
        _("Number of the consent on the paper"),
        most=40,
        help_text=_("Copy it from the signed page, so that no other paper gets here."),
        attrs={"class": "vr-input--short"},
    )
    signed_on = day_field(_("Date of the signature"))
    scan = forms.FileField(
        label=_("Scan of the signed page"),
        allow_empty_file=True,
        help_text=_("PDF, JPEG or PNG, up to 5 MB. Do not scan a passport."),
        error_messages={"required": _("Choose the scan of the signed page.")},
    )

    def upload(self) -> Upload:
        """Return the chosen file; of one that is too large one byte more than may be."""
        file: UploadedFile[bytes] = self.cleaned_data["scan"]
        return Upload(file.name or "", file.read(MAX_SCAN_BYTES + 1))


class SealForm(ScreenForm):
    """The code of the administrator's own app."""

    own_code = forms.CharField(
        label=_("Your code from the app"),
        help_text=_("So it is seen that you took the consent."),
        max_length=200,
        widget=forms.TextInput(attrs=_CODE),
        error_messages={"required": _("Enter the code that the app shows.")},
    )


class RevokeForm(ScreenForm):
    """Which consent is taken back, and how the person has said so."""

    way = forms.ChoiceField(
        label=_("How the person asks for it"),
        choices=[
            ("here", _("is here and has shown a document")),
            ("phone", _("calls by telephone")),
        ],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    reference = line_field(
        _("Number of the consent"),
        most=40,
        help_text=_("It stands on the paper and in the account of the person."),
        attrs={"class": "vr-input--short"},
    )
    last_name = line_field(_("Last name of the person"), most=MAX_NAME)
