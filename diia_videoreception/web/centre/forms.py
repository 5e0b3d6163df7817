"""Forms of centres, each checked by its service."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models import CentreAccessRequest, CentreMember, CentreWorkplace
from diia_videoreception.models.centres import MAX_REASON
from diia_videoreception.rules.centres import MAX_DAY_TEXT, Period, read_day
from diia_videoreception.web.forms import ScreenForm, validate_address
from diia_videoreception.wording import weekday_name

_SHORT = {"class": "vr-input--short"}
_REQUIRED = {"required": _("Fill this in.")}


def day_field(label: Any, *, required: bool = True) -> forms.DateField:
    """Return a field for a day as people write it: 12.03.2026."""
    return forms.DateField(
        label=label,
        required=required,
        input_formats=["%d.%m.%Y", "%Y-%m-%d"],
        help_text=_("For example: 12.03.2026"),
        widget=forms.DateInput(
            format="%d.%m.%Y", attrs={"inputmode": "numeric", "autocomplete": "off", **_SHORT}
        ),
        error_messages={
            "required": _("Enter a date."),
            "invalid": _("There is no such date. Enter it like 12.03.2026."),
        },
    )


def line_field(label: Any, *, most: int, required: bool = True, **values: Any) -> forms.CharField:
    """Return a field for one line of at most so many characters."""
    attrs = {"autocomplete": values.pop("autocomplete", "off"), **values.pop("attrs", {})}
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        widget=forms.TextInput(attrs=attrs),
        error_messages=_REQUIRED,
        **values,
    )


def address_field(label: Any, **values: Any) -> forms.CharField:
    attrs = {"autocomplete": "off", "inputmode": "email"}
    return line_field(label, most=254, validators=[validate_address], attrs=attrs, **values)


class InviteForm(ScreenForm):
    """Whom the head invites, where and as what."""

    name = line_field(_("Surname and name"), most=160)
    address = address_field(
        _("Work email"),
        help_text=_("We will send the invitation here. It has to be the email of their account."),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=CentreMember.ROLES,
        initial="administrator",
        widget=forms.RadioSelect,
        error_messages=_REQUIRED,
    )


class RoleForm(ScreenForm):
    role = forms.ChoiceField(
        label=_("Role"),
        choices=CentreMember.ROLES,
        widget=forms.RadioSelect,
        error_messages=_REQUIRED,
    )


class BlockForm(ScreenForm):
    """Why somebody is blocked; the person reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The person gets it by letter."),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why.")},
    )


class TrainingForm(ScreenForm):
    valid_from = day_field(_("Day of the training"))
    valid_until = day_field(_("Holds until"))


class DecisionForm(ScreenForm):
    """By which decision a function is on; which function, the form itself tells."""

    function = forms.CharField(widget=forms.HiddenInput)
    number = line_field(_("Number of the decision"), most=60, attrs=_SHORT)
    issued_on = day_field(_("Date of the decision"))


class PlaceForm(ScreenForm):
    """What a new place is, and how it is called."""

    kind = forms.ChoiceField(
        label=_("What kind of place"),
        choices=CentreWorkplace.Kind,
        widget=forms.RadioSelect,
        error_messages=_REQUIRED,
    )
    label = line_field(
        _("Name of the place"), most=60, help_text=_("People see it, for example: Place no. 3")
    )


class RenameForm(ScreenForm):
    label = line_field(_("Name of the place"), most=60)


class HoursForm(ScreenForm):
    """The hours of a week, a line for each day."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday in range(7):
            self.fields[f"day_{weekday}"] = forms.CharField(
                label=weekday_name(weekday),
                required=False,
                max_length=MAX_DAY_TEXT,
                widget=forms.TextInput(attrs={"class": "vr-input", "autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        self.periods: list[Period] = []
        for weekday in range(7):
            name = f"day_{weekday}"
            read = read_day(self.cleaned_data.get(name, ""), weekday)
            if read is None:
                self.add_error(name, _("Enter hours like 9:00–13:00, 14:00–18:00, or nothing."))
            else:
                self.periods += read
        return self.cleaned_data


class PaperForm(ScreenForm):
    """One question: the places of its answers, and nothing that tells the right one."""

    def __init__(self, *, answers: Sequence[str], chosen: int | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["answer"] = forms.ChoiceField(
            label=_("Choose one answer"),
            choices=[(str(place), text) for place, text in enumerate(answers)],
            initial=None if chosen is None else str(chosen),
            widget=forms.RadioSelect,
            error_messages={
                "required": _("Choose an answer."),
                "invalid_choice": _("Choose an answer."),
            },
        )


class SecretForm(ScreenForm):
    """What stands in the letter, filled in from the link or typed."""

    code = forms.CharField(
        label=_("Code from the letter"),
        help_text=_("16 letters and digits. The link in the letter fills it in."),
        max_length=100,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Enter the code from the letter.")},
    )


class AccessForm(ScreenForm):
    """What a centre tells to get access (B-15)."""

    name = line_field(_("Name of the centre"), most=255, autocomplete="organization")
    edrpou = line_field(
        _("EDRPOU"), most=8, required=False, attrs={"inputmode": "numeric", **_SHORT}
    )
    place = line_field(_("Town or village"), most=120)
    katottg = line_field(
        _("KATOTTG code of the place"),
        most=19,
        required=False,
        help_text=_("UA and 17 digits"),
        attrs=_SHORT,
    )
    address = line_field(_("Street and house"), most=255)
    phone = line_field(_("Phone of the centre"), most=40, attrs={"inputmode": "tel"})
    email = address_field(_("Email of the centre"))
    head_name = line_field(_("Surname and name of the head"), most=160, autocomplete="name")
    head_email = address_field(
        _("Work email of the head"),
        help_text=_("Here we will send the decision and, with access, the invitation."),
    )
    self_service_number = line_field(
        _("Decision on self-service workplaces: number"), most=60, required=False, attrs=_SHORT
    )
    self_service_day = day_field(_("Decision on self-service workplaces: date"), required=False)
    intermediation_number = line_field(
        _("Decision on the digital intermediary: number"), most=60, required=False, attrs=_SHORT
    )
    intermediation_day = day_field(_("Decision on the digital intermediary: date"), required=False)
    people = forms.IntegerField(
        label=_("How many people will work with it"),
        min_value=1,
        max_value=500,
        widget=forms.TextInput(attrs={"inputmode": "numeric", **_SHORT}),
        error_messages={**_REQUIRED, "invalid": _("Enter a whole number.")},
    )
    self_service_places = forms.IntegerField(
        label=_("Self-service workplaces"),
        min_value=0,
        max_value=100,
        initial=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", **_SHORT}),
        error_messages={**_REQUIRED, "invalid": _("Enter a whole number.")},
    )
    video_seats = forms.IntegerField(
        label=_("Seats for video receptions"),
        min_value=0,
        max_value=100,
        initial=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", **_SHORT}),
        error_messages={**_REQUIRED, "invalid": _("Enter a whole number.")},
    )

    def clean(self) -> dict[str, Any]:
        """Want number and date of a decision together, or neither."""
        for what in ("self_service", "intermediation"):
            number = self.cleaned_data.get(f"{what}_number")
            day = self.cleaned_data.get(f"{what}_day")
            if number and not day and f"{what}_day" not in self.errors:
                self.add_error(f"{what}_day", _("Enter the date of this decision."))
            if day and not number and f"{what}_number" not in self.errors:
                self.add_error(f"{what}_number", _("Enter the number of this decision."))
        return self.cleaned_data

    def request(self) -> CentreAccessRequest:
        """Return what was told as a row that nobody has saved."""
        return CentreAccessRequest(**self.cleaned_data)


class DayForm(forms.Form):
    """Which day an address names; what is unreadable counts as not said."""

    day = forms.DateField(input_formats=["%Y-%m-%d"], required=False)

    @property
    def wanted(self) -> date | None:
        self.is_valid()
        value = self.cleaned_data.get("day")
        return value if isinstance(value, date) else None
