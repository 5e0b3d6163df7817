"""Forms of a visit, each checked by its service."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models import CentreMember, CentreVisit, CentreWorkplace, VisitCall
from diia_videoreception.rules.visits import (
    MAX_AGENCY_NAME,
    MAX_CALL_NOTE,
    MAX_NEED,
    EidAnswer,
    VisitMode,
    VisitReason,
)
from diia_videoreception.services.assistance.visits import StatedNeed
from diia_videoreception.web.centre.forms import line_field
from diia_videoreception.web.forms import ScreenForm

_CHOOSE = {"required": _("Choose one."), "invalid_choice": _("Choose one.")}
OFFERED = (
    VisitMode.SIDE_BY_SIDE,
    VisitMode.SELF_SERVICE,
    VisitMode.ON_BEHALF,
    VisitMode.PAPER,
    VisitMode.CONSULTATION,
)
"""The ways that the page of the decision offers, in its order."""


def _choices(labelled: Any, label: Any, *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=labelled,
        required=required,
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )


def _note(label: Any, hint: Any, most: int, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=most,
        required=False,
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
    )


def _choice(form: ScreenForm, name: str) -> forms.ChoiceField:
    return cast(forms.ChoiceField, form.fields[name])


class GreetingForm(ScreenForm):
    need = _note(
        _("What the person says"),
        _("In a few words, without names. We wipe it after the visit."),
        MAX_NEED,
        3,
    )
    language = _choices(CentreVisit.Language, _("Language of the conversation"))


class NeedForm(ScreenForm):
    """What the person wants, why they need help, and whether they have a signature."""

    purpose = _choices(CentreVisit.Purpose, _("What the person wants"))
    agency_name = line_field(
        _("To which body"), most=MAX_AGENCY_NAME, required=False, help_text=_("If it is known.")
    )
    reason = _choices(CentreVisit.REASONS, _("Why help is needed"), required=False)
    eid = _choices(CentreVisit.EID_ANSWERS, _("Answer"))

    def need(self) -> StatedNeed:
        """Return what was noted as the service wants it."""
        said = self.cleaned_data
        return StatedNeed(
            purpose=CentreVisit.Purpose(said["purpose"]),
            agency_name=said["agency_name"],
            reason=VisitReason(said["reason"]) if said["reason"] else None,
            eid=EidAnswer(said["eid"]),
        )


class WayForm(ScreenForm):
    """How the person is helped, and at which place of the centre if they do it alone there."""

    mode = _choices(
        [pair for pair in CentreVisit.MODES if pair[0] in OFFERED], _("How do we help?")
    )
    workplace = forms.ChoiceField(
        label=_("Which place, for self-service"),
        required=False,
        widget=forms.Select,
        error_messages=_CHOOSE,
    )

    def __init__(
        self,
        *args: Any,
        places: Sequence[CentreWorkplace] = (),
        may_act: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        names = dict(CentreVisit.MODES)
        possible = {VisitMode.SELF_SERVICE: bool(places), VisitMode.ON_BEHALF: may_act}
        offered = [one for one in OFFERED if possible.get(one, True)]
        _choice(self, "mode").choices = [(one.value, names[one.value]) for one in offered]
        _choice(self, "workplace").choices = [
            ("", _("choose")),
            *((str(place.public_id), place.label) for place in places),
        ]


class CallForm(ScreenForm):
    result = _choices(VisitCall.Result, _("Result of the call"))
    note = _note(
        _("Note"),
        _("Without the number and without names. We wipe it after the visit."),
        MAX_CALL_NOTE,
        2,
    )


class EndForm(ScreenForm):
    """What came of the visit, at its last stage."""

    outcome = _choices(CentreVisit.Outcome, _("What came of the visit"))


class StopForm(ScreenForm):
    """Why the visit ends before its last stage."""

    reason = _choices(
        [
            pair
            for pair in CentreVisit.EndReason.choices
            if pair[0] not in (CentreVisit.EndReason.DONE, CentreVisit.EndReason.IDLE)
        ],
        _("Why the visit ends now"),
    )


class TakerForm(ScreenForm):
    """To whom the visits of a member go; whose they are, the form itself tells."""

    holder = forms.CharField(widget=forms.HiddenInput)
    taker = forms.ChoiceField(label=_("To whom"), widget=forms.Select, error_messages=_CHOOSE)

    def __init__(self, *args: Any, takers: Sequence[CentreMember] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choice(self, "taker").choices = [
            ("", _("choose")),
            *(
                (str(one.public_id), one.user.get_full_name() or one.user.get_username())
                for one in takers
            ),
        ]
