"""What a moderator sends with an act: the version that was looked at, and what the act needs."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

REASONS = (
    _("The question is not within the powers of the agency."),
    _("The question does not need a meeting: the agency will answer in writing."),
    _("This official does not deal with the question. Please apply to another official."),
    _("The summary does not say what the question is. Please apply again and describe it."),
    _("The official cannot receive at this time. Please choose another time."),
)
MAX_REASON = 2000


class VersionForm(forms.Form):
    """Which version of the application the moderator was looking at."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class OtherTimeForm(VersionForm):
    start = forms.CharField(error_messages={"required": _("Choose a time.")})

    def clean_start(self) -> datetime:
        try:
            start = datetime.fromisoformat(self.cleaned_data["start"])
        except ValueError as error:
            raise forms.ValidationError(_("Choose a time.")) from error
        if start.tzinfo is None:
            raise forms.ValidationError(_("Choose a time."))
        return start


class DeclineForm(VersionForm):
    """A usual reason, own words, or both."""

    suggestion = forms.ChoiceField(
        label=_("Reason"),
        choices=[
            *((str(number), text) for number, text in enumerate(REASONS, start=1)),
            ("", _("another reason, in own words")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    words = forms.CharField(
        label=_("In own words"),
        max_length=MAX_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Say plainly why, and what the person can do now."),
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.reason:
            self.add_error("words", _("Write the reason: the citizen will read it."))
        return cleaned

    @property
    def reason(self) -> str:
        """What the citizen will read."""
        chosen = self.cleaned_data.get("suggestion")
        usual = str(REASONS[int(chosen) - 1]) if chosen else ""
        words = self.cleaned_data.get("words", "").strip()
        return "\n".join(part for part in (usual, words) if part)
