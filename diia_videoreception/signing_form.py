"""How an answer is signed, as staff say it on any of their pages."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import Incomplete
from diia_videoreception.models import AnswerSignature
from diia_videoreception.models.answer_signatures import MAX_SIGNER
from diia_videoreception.providers import signature_provider
from diia_videoreception.services.booking.answer_signing import OnPaper, Signing, WithKep
from diia_videoreception.services.documents.scans import Upload


class SigningForm(forms.Form):
    """With КЕП over the text that the page gives, or on paper; a file is chosen again after a refusal."""

    signing = forms.ChoiceField(
        label=_("How the answer is signed"),
        choices=AnswerSignature.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how the answer is signed.")},
    )
    signature = forms.FileField(
        label=_("File with the signature"),
        required=False,
        allow_empty_file=True,
        help_text=_(
            "Download the text, sign it in any program and choose the p7s file or the ASiC-S container."
        ),
    )
    is_entitled = forms.BooleanField(
        label=_("Somebody else than the official has signed, who may sign for the agency"),
        required=False,
    )
    signer = forms.CharField(
        label=_("Who has signed on paper"), max_length=MAX_SIGNER, required=False
    )
    signed_on = forms.DateField(
        label=_("Date on the paper"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages={"invalid": _("Write the date on the answer.")},
    )
    scan = forms.FileField(
        label=_("Scan of the signed answer"),
        required=False,
        allow_empty_file=True,
        help_text=_("You may add a photo or a PDF: the citizen will be able to download it."),
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        if self.cleaned_data.get(
            "signing"
        ) == AnswerSignature.Kind.KEP and not self.cleaned_data.get("signature"):
            self.add_error("signature", _("Choose the file with the signature."))
        return cleaned

    @property
    def chosen(self) -> Signing:
        """What a valid form says."""
        typed = self.cleaned_data
        if typed["signing"] == AnswerSignature.Kind.PAPER:
            return OnPaper(typed["signer"], typed["signed_on"], scan=_upload(typed["scan"]))
        provider = signature_provider()
        limit = provider.max_upload_bytes if provider else 0
        return WithKep(typed["signature"].read(limit + 1), is_entitled=typed["is_entitled"])

    def take(self, refusal: Incomplete) -> bool:
        """Show the refusal where it belongs, and return whether all of it is about the signature."""
        if not refusal.fields.keys() <= self.fields.keys():
            return False
        for name, text in refusal.fields.items():
            self.add_error(name, str(text))
        return True


def _upload(file: UploadedFile[bytes] | None) -> Upload | None:
    """Read a chosen file; of one that is too large one byte more than may be."""
    if not file:
        return None
    return Upload(file.name or "", file.read(app_settings.upload_limits.bytes + 1))
