"""Forms of the reference data: choices reach no further than the agencies of who fills them in."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import ActRefused, Incomplete, NobodySuitable, NotFound
from diia_videoreception.models.schedules import validate_recurrence
from diia_videoreception.providers import ProviderMisconfigured, conference_providers
from diia_videoreception.rules.schedule import MAX_INTERVAL
from diia_videoreception.rules.times import NoSuchTimeError, from_wall_clock
from diia_videoreception.selectors.access import agencies_headed_by
from diia_videoreception.selectors.centres.access import operates_portal
from diia_videoreception.selectors.reference import SELECTORS
from diia_videoreception.services.reference_data import OF_PORTAL
from diia_videoreception.wagtail_admin.recurrence import (
    PLACE_CHOICES,
    WEEKDAY_CHOICES,
    Choices,
    Frequency,
    from_rrule,
    to_rrule,
)

YEARS = range(2000, 3000)
"""Of which a date and time can be: whatever zone's clock it is, all others show that moment too."""


class ScopedForm(WagtailAdminModelForm):
    """Offers and accepts only related rows that `for_user` may see."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            related = getattr(getattr(field, "queryset", None), "model", None)
            if related in SELECTORS:
                field.queryset = SELECTORS[related](self.for_user)


class AgencyForm(ScopedForm):
    """Which conference an agency uses is an alias of the portal's settings."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not operates_portal(self.for_user):
            for name in OF_PORTAL:
                self.fields.pop(name, None)
        if "conference" in self.fields:
            self.fields["conference"] = forms.ChoiceField(
                label=self.fields["conference"].label,
                choices=_conference_choices(self.instance.conference),
            )
        if "spare_conference" in self.fields:
            known = self.fields["spare_conference"]
            self.fields["spare_conference"] = forms.ChoiceField(
                label=known.label,
                help_text=known.help_text,
                required=False,
                choices=[
                    ("", gettext("none")),
                    *_conference_choices(self.instance.spare_conference),
                ],
            )
        if "notices" in self.fields:
            self.fields["notices"].help_text = gettext(
                "We send the daily letter at %(hour)s:00, the agency’s local time."
            ) % {"hour": app_settings.digest_hour}


def _conference_choices(present: str) -> list[tuple[str, str]]:
    try:
        aliases = {alias: provider.label for alias, provider in conference_providers().items()}
    except ProviderMisconfigured:
        # The page «Integrations» tells what is wrong; here the present value must survive.
        aliases = {}
    if present:
        aliases.setdefault(present, present)
    return [(alias, f"{gettext(label)} ({alias})") for alias, label in aliases.items()]


def _explain_order(form: ScopedForm) -> None:
    form.fields["position"].help_text = _(
        "The smaller the number, the higher in the list. Equal numbers are in alphabetical order."
    )


class UnitForm(ScopedForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _explain_order(self)
        self.fields["parent"].queryset = (
            self.fields["parent"].queryset.exclude(pk=self.instance.pk).select_related("agency")
        )
        self.fields["parent"].label_from_instance = lambda unit: f"{unit.agency}: {unit.name}"


def user_called(typed: str) -> Any:
    """Return the user of this name.

    Raises:
        ValidationError: there is none, in the words in which services refuse one who does not suit.
    """
    try:
        return get_user_model()._default_manager.get_by_natural_key(typed)
    except ObjectDoesNotExist:
        raise ValidationError(NobodySuitable.text) from None


class OfficialForm(ScopedForm):
    """Heads of agencies also say who signs in as the official."""

    user_name = forms.CharField(
        label=_("User name of the official"),
        required=False,
        max_length=150,
        help_text=_(
            "The name by which the official signs in here as a member of staff. Then they see their "
            "own receptions, with the questions and the names of the people."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.user is not None:
            self.initial["user_name"] = self.instance.user.get_username()
        if not self._may_connect():
            del self.fields["user_name"]
        _explain_order(self)
        self.fields["unit"].queryset = self.fields["unit"].queryset.select_related("agency")
        self.fields["unit"].label_from_instance = lambda unit: f"{unit.agency}: {unit.name}"

    def _may_connect(self) -> bool:
        headed = agencies_headed_by(self.for_user)
        if self.instance.pk is None:
            return headed.exists()
        return headed.filter(pk=self.instance.agency.pk).exists()

    def clean_user_name(self) -> str:
        typed = str(self.cleaned_data["user_name"]).strip()
        self.instance.user = user_called(typed) if typed else None
        return typed


class ScheduleRuleForm(ScopedForm):
    """Asks for frequency and weekdays; the row keeps an RRULE."""

    frequency = forms.ChoiceField(
        label=_("How often"), choices=Frequency.choices, widget=forms.RadioSelect
    )
    weekdays = forms.MultipleChoiceField(
        label=_("Weekdays"),
        choices=WEEKDAY_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    weeks = forms.IntegerField(
        label=_("Number of weeks between"),
        min_value=2,
        max_value=MAX_INTERVAL["WEEKLY"],
        initial=2,
        required=False,
        help_text=_("Counted from the week of the “valid from” date."),
    )
    places = forms.MultipleChoiceField(
        label=_("Which in the month"),
        choices=PLACE_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    rrule = forms.CharField(
        label=_("Rule (RRULE)"),
        max_length=120,
        required=False,
        help_text=_("For example FREQ=MONTHLY;BYDAY=2MO,-1FR."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.recurrence:
            choices = from_rrule(self.instance.recurrence)
            for name in ("frequency", "weekdays", "weeks", "places", "rrule"):
                self.initial[name] = getattr(choices, name)
        else:
            self.initial.setdefault("frequency", Frequency.WEEKLY)
        if not self.for_user.is_superuser and self.initial["frequency"] != Frequency.OTHER:
            # A rule in the notation of calendars is for who keeps the portal; one that is there stays.
            self.fields["frequency"].choices = [
                choice for choice in Frequency.choices if choice[0] != Frequency.OTHER
            ]
            del self.fields["rrule"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self.errors:
            return cleaned
        _require_parts(self, cleaned)
        if cleaned["starts"] >= cleaned["ends"]:
            self.add_error("ends", _("The end must be later than the start."))
        until = cleaned["valid_until"]
        if until and until < cleaned["valid_from"]:
            self.add_error("valid_until", _("The last day must not be before the first day."))
        if not self.errors:
            self.instance.recurrence = to_rrule(
                Choices(
                    cleaned["frequency"],
                    cleaned["weekdays"],
                    cleaned["weeks"] or 2,
                    cleaned["places"],
                    cleaned.get("rrule", ""),
                )
            )
        return cleaned


def _require_parts(form: ScheduleRuleForm, cleaned: dict[str, Any]) -> None:
    frequency = cleaned["frequency"]
    if frequency == Frequency.OTHER:
        try:
            validate_recurrence(cleaned["rrule"].strip())
        except ValidationError as error:
            form.add_error("rrule", error)
    elif not cleaned["weekdays"]:
        form.add_error("weekdays", _("Tick at least one weekday."))
    if frequency == Frequency.EVERY_N_WEEKS and not cleaned["weeks"]:
        form.add_error("weeks", _("Enter the number of weeks between."))
    if frequency == Frequency.MONTHLY and not cleaned["places"]:
        form.add_error("places", _("Tick which of these weekdays of the month."))


class ScheduleExceptionForm(ScopedForm):
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self.errors:
            return cleaned
        if cleaned["closed"]:
            # Hours that stand in the form while «closed» is ticked mean nothing.
            cleaned["starts"] = cleaned["ends"] = None
        elif not (cleaned["starts"] and cleaned["ends"]):
            self.add_error("starts", _("Enter the hours, or tick “closed all day”."))
        elif cleaned["starts"] >= cleaned["ends"]:
            self.add_error("ends", _("The end must be later than the start."))
        return cleaned


class WallClockField(forms.DateTimeField):
    """A date and time as it is typed, without a zone: whose clock it is, the form knows."""

    default_error_messages = {
        "invalid": _("Enter the date and time like this: 2026-12-10 09:00."),
        "far": _("Enter a date from the year 2000 to 2999."),
    }

    def to_python(self, value: Any) -> datetime | None:
        # Django would read it by the clock of the person who types, and refuse hours that the
        # zone of that person skips or repeats.
        with timezone.override(UTC):
            moment = super().to_python(value)
        if isinstance(value, str) and moment is not None and _names_offset(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if moment is not None and moment.year not in YEARS:
            # At the edges of the calendar other zones have no such moment.
            raise ValidationError(self.error_messages["far"], code="far")
        return moment.replace(tzinfo=None) if moment is not None else None


def _names_offset(text: str) -> bool:
    parsed = parse_datetime(text.strip())
    return parsed is not None and parsed.tzinfo is not None


class AbsenceForm(ScopedForm):
    """Times are those of the agency, wherever the person who types them is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "Only the agency’s moderators can see this, not citizens."
        )
        for name in ("start", "end"):
            field = self.fields[name]
            self.fields[name] = WallClockField(
                label=field.label,
                widget=field.widget,
                help_text=_("Local time of the agency, for example 2026-12-10 09:00."),
            )
            if self.instance.pk:
                zone = ZoneInfo(self.instance.official.agency.time_zone)
                self.initial[name] = timezone.make_naive(getattr(self.instance, name), zone)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        official = cleaned.get("official")
        for name in ("start", "end"):
            typed = cleaned.pop(name, None)
            if official is not None and typed is not None:
                self._read(cleaned, name, typed, ZoneInfo(official.agency.time_zone))
        if not self.errors and cleaned["start"] >= cleaned["end"]:
            self.add_error("end", _("The end must be later than the start."))
        return cleaned

    def _read(self, cleaned: dict[str, Any], name: str, typed: datetime, zone: ZoneInfo) -> None:
        try:
            cleaned[name] = from_wall_clock(typed, zone, is_end=name == "end")
        except NoSuchTimeError as error:
            self.add_error(
                name,
                _("This time does not exist: the clocks go forward to %(time)s. Enter %(time)s.")
                % {"time": f"{error.next_time:%H:%M}"},
            )


def is_done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Return whether a service has done what a valid form asks for; else the form says why not.

    Raises:
        Http404: what it is about is not theirs, or there no more.
    """
    if not form.is_valid():
        return False
    try:
        act()
    except NotFound:
        raise Http404 from None
    except Incomplete as refusal:
        for name, text in refusal.fields.items():
            form.add_error(name if name in form.fields else None, str(text))
        return False
    except ActRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
