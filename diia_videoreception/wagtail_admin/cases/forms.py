"""What a moderator sends with an act: the version that was looked at, and what the act needs."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from diia_videoreception.errors import ReasonChanged
from diia_videoreception.models import Agency, Application, RefusalReason
from diia_videoreception.models.answers import MAX_ANSWER
from diia_videoreception.models.applications import MAX_OUTGOING_NUMBER
from diia_videoreception.rules.answer_deadlines import evening_of
from diia_videoreception.rules.clarifications import MAX_QUESTION
from diia_videoreception.rules.proposals import MAX_REASON
from diia_videoreception.rules.refusals import (
    MAX_GROUND,
    MAX_WHOM_TO_ASK,
    ListedReason,
    NextStep,
    Refusal,
)
from diia_videoreception.selectors.booking.refusal_reasons import reasons_offered
from diia_videoreception.services.booking.answer_deadlines import days_offered
from diia_videoreception.wording import long_moment

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

REASONS = (
    (_("The agency does not have the power to deal with this question."), NextStep.ANY_AGENCY),
    (
        _("The question does not need a reception: the agency will answer in writing."),
        NextStep.NONE,
    ),
    (
        _("This official does not deal with this kind of question. Apply to another official."),
        NextStep.SAME_AGENCY,
    ),
    (
        _("The summary does not say what your question is. Apply again and describe it."),
        NextStep.SAME_OFFICIAL,
    ),
    (
        _("The official is not available at this time. Choose another time."),
        NextStep.SAME_OFFICIAL,
    ),
)
"""For agencies without a list: each with where it sends the person; own words alone send to the agency."""


class VersionForm(forms.Form):
    """Which version of the application the moderator was looking at."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class TimeForm(VersionForm):
    """A time that was chosen among the free ones."""

    start = forms.CharField(error_messages={"required": _("Choose a time.")})

    def clean_start(self) -> datetime:
        try:
            start = datetime.fromisoformat(self.cleaned_data["start"])
        except ValueError as error:
            raise forms.ValidationError(_("Choose a time.")) from error
        if start.tzinfo is None:
            raise forms.ValidationError(_("Choose a time."))
        return start


class AgreedTimeForm(TimeForm):
    is_agreed = forms.BooleanField(
        label=_("The citizen has agreed to this time"),
        required=True,
        error_messages={
            "required": _("Agree on the time with the citizen first, or propose it."),
        },
    )


class AnswerDayForm(VersionForm):
    """Until when to wait for the citizen's answer: as long as the agency can, or until the evening of a day."""

    answer_by = forms.TypedChoiceField(
        label=_("We wait for an answer until"),
        coerce=date.fromisoformat,
        empty_value=None,
        required=False,
    )

    def __init__(
        self, *args: Any, application: Application, latest: datetime, now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        agency = application.official.agency
        zone = ZoneInfo(agency.time_zone)
        longest = long_moment(latest, agency.time_zone)
        field = cast(forms.ChoiceField, self.fields["answer_by"])
        field.choices = [
            ("", _("%(moment)s (at the latest)") % {"moment": longest}),
            *(
                (day.isoformat(), long_moment(evening_of(day, zone), agency.time_zone))
                for day in days_offered(agency, latest=latest, now=now)
            ),
        ]
        field.error_messages["invalid_choice"] = _(
            "This day can no longer be chosen. Choose another one."
        )


class ProposalForm(AnswerDayForm, TimeForm):
    reason = forms.CharField(
        label=_("Why the time changes"),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The citizen will read it in the letter."),
        error_messages={"required": _("Write the reason: the citizen will read it.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer_by"].help_text = _(
            "If the time that you propose is near, the answer has to come 2 hours before it."
        )


class QuestionForm(AnswerDayForm):
    question = forms.CharField(
        label=_("What has to be clarified"),
        max_length=MAX_QUESTION,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The citizen can answer and add documents."),
        error_messages={"required": _("Write the question: the citizen will read it.")},
    )


class RefuseMoveForm(VersionForm):
    """Why a reception is not moved as the citizen asks."""

    words = forms.CharField(
        label=_("Why the reception cannot be moved"),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The citizen will read it in the letter."),
        error_messages={"required": _("Write the reason: the citizen will read it.")},
    )


class WrittenAnswerForm(VersionForm):
    """What the agency answers instead of a reception, and under which number it goes out."""

    text = forms.CharField(
        label=_("Answer"),
        max_length=MAX_ANSWER,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("The citizen will read it in the letter."),
        error_messages={"required": _("Write the answer: the citizen will read it.")},
    )
    outgoing_number = forms.CharField(
        label=_("Outgoing number"),
        max_length=MAX_OUTGOING_NUMBER,
        help_text=_("Under which the agency has registered the answer."),
        error_messages={"required": _("Enter the outgoing number of the answer.")},
    )


class DeclineForm(VersionForm):
    """A reason of the agency's list, own words, or both; where the agency keeps none, a usual one.

    The legal ground of a reason stands in for the agency's usual one, and for none; what else is
    typed goes before that of the reason.
    """

    suggestion = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect, required=False)
    words = forms.CharField(
        label=_("In your own words"),
        max_length=MAX_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Explain in plain words why, and what the person can do next."),
    )

    legal_ground = forms.CharField(
        label=_("Legal ground"),
        max_length=MAX_GROUND,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "The article of the law, if the refusal is based on one. The citizen will read it."
        ),
    )
    whom_to_ask = forms.CharField(
        label=_("Whom to ask"),
        max_length=MAX_WHOM_TO_ASK,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Who deals with the question instead, with a telephone or an address. The agency’s own "
            "telephone is in the letter anyway."
        ),
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency = agency
        self.listed = {_name_of(reason): reason for reason in reasons_offered(agency)}
        texts: dict[str, StrOrPromise] = {
            name: reason.text for name, reason in self.listed.items()
        } or {str(number): text for number, (text, _step) in enumerate(REASONS, start=1)}
        field = cast(forms.ChoiceField, self.fields["suggestion"])
        field.choices = [*texts.items(), ("", _("another reason, in your own words"))]
        field.error_messages["invalid_choice"] = ReasonChanged.message

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.reason:
            self.add_error("words", _("Write the reason: the citizen will read it."))
        if picked := self.picked:
            if cleaned["legal_ground"].strip() in ("", self.agency.refusal_ground.strip()):
                cleaned["legal_ground"] = picked.legal_ground or cleaned["legal_ground"]
            cleaned["whom_to_ask"] = cleaned["whom_to_ask"].strip() or picked.whom_to_ask
        return cleaned

    @property
    def picked(self) -> RefusalReason | None:
        """The reason of the agency's list."""
        return self.listed.get(self.cleaned_data.get("suggestion", ""))

    @property
    def reason(self) -> str:
        """What the citizen will read."""
        usual = str(self._usual[0]) if self._usual else ""
        words = self.cleaned_data.get("words", "").strip()
        return "\n".join(part for part in (usual, words) if part)

    @property
    def refusal(self) -> Refusal:
        """Of a valid form."""
        picked = self.picked
        return Refusal(
            reason=self.reason,
            legal_ground=self.cleaned_data["legal_ground"],
            next_step=self._usual[1] if self._usual else NextStep.SAME_AGENCY,
            whom_to_ask=self.cleaned_data["whom_to_ask"],
            listed=ListedReason(picked.pk, picked.version) if picked else None,
        )

    @property
    def _usual(self) -> "tuple[StrOrPromise, NextStep] | None":
        if picked := self.picked:
            return picked.text, NextStep(picked.next_step)
        chosen = self.cleaned_data.get("suggestion")
        return REASONS[int(chosen) - 1] if chosen else None


def _name_of(reason: RefusalReason) -> str:
    """Return how a page names a reason as it is now: one that has changed since goes by another name."""
    return f"listed-{reason.pk}-{reason.version}"
