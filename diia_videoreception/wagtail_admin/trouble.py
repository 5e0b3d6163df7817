"""«Тривога»: something has happened today; receptions are paused, whom it touches is seen first (M09)."""

from datetime import datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.viewsets.base import ViewSet

from diia_videoreception.errors import ActRefused, Incomplete, NotFound
from diia_videoreception.models import Agency, Official, ReceptionPause
from diia_videoreception.selectors.access import agencies_moderated_by, officials_visible_to
from diia_videoreception.selectors.booking.pauses import (
    absences_for,
    in_force,
    pauses_visible_to,
    still_standing,
)
from diia_videoreception.selectors.booking.schedule_changes import (
    Touched,
    TouchedChoice,
    touched_by_all,
)
from diia_videoreception.selectors.reference import moderates
from diia_videoreception.services.booking.pauses import (
    NEXT_STEP,
    pause_receptions,
    resume_receptions,
)
from diia_videoreception.wagtail_admin.addresses import OurAddresses, shown_to
from diia_videoreception.wagtail_admin.cases.mentioned import case_url
from diia_videoreception.wagtail_admin.pages import StaffPage
from diia_videoreception.wagtail_admin.what_changes import choices_sent, context_of, sent_value
from diia_videoreception.wording import clock, weekday_day

MAX_AGENCIES = 200
WHY = {
    ReceptionPause.Cause.AIR_RAID: _("The reception is paused because of an air raid alert."),
    ReceptionPause.Cause.POWER: _(
        "The reception is paused: there is no electricity or Internet in the agency."
    ),
    ReceptionPause.Cause.ILLNESS: _("The official has fallen ill and cannot receive today."),
    ReceptionPause.Cause.CONFERENCE: _(
        "The reception is paused: the video connection does not work."
    ),
    ReceptionPause.Cause.OTHER: _("The agency cannot receive at this time."),
}


class TroubleForm(forms.Form):
    """What has happened, whom it concerns, until when."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("Agency"))
    cause = forms.ChoiceField(
        label=_("Cause"),
        choices=ReceptionPause.Cause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what has happened.")},
    )
    words = forms.CharField(
        label=_("In your own words"),
        max_length=200,
        required=False,
        help_text=_(
            "Staff see it in the calendar, and it is offered as the explanation for the letters."
        ),
    )
    officials = forms.ModelMultipleChoiceField(
        Official.objects.none(),
        label=_("Whom it concerns"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("If you tick nobody, it concerns the whole agency."),
    )
    until = forms.TimeField(
        label=_("Until when"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_(
            "Local time of the agency. If this is empty, until the end of the day. You can resume at any time."
        ),
    )

    def __init__(self, *args: Any, agencies: Any, officials: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["agency"]).queryset = agencies
        cast(Any, self.fields["officials"]).queryset = officials

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        agency, chosen = cleaned.get("agency"), cleaned.get("officials")
        if agency and chosen and any(one.unit.agency_id != agency.pk for one in chosen):
            self.add_error("officials", gettext("Choose officials of this agency."))
        return cleaned


class TroublePage(StaffPage):
    """The form, the list of whom it touches, the act."""

    template_name = "diia_videoreception/admin/trouble.html"
    page_title = _("Trouble today")
    header_icon = "warning"
    http_method_names = ["get", "head", "post"]

    def is_for(self, user: Any) -> bool:
        return moderates(user)

    def prepare(self) -> None:
        agencies = list(agencies_moderated_by(self.request.user).distinct()[:MAX_AGENCIES])
        asked = self.request.GET.get("agency", "")
        self.agency = (
            next((one for one in agencies if str(one.pk) == asked), agencies[0])
            if agencies
            else None
        )

    @cached_property
    def form(self) -> TroubleForm:
        return TroubleForm(
            self.request.POST or None,
            agencies=agencies_moderated_by(self.request.user).distinct(),
            officials=officials_visible_to(self.request.user).select_related("unit__agency"),
            initial={"agency": self.agency},
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        step = sent_value(request, "step")
        if not self.form.is_valid():
            if "agency" in self.form.errors:
                raise Http404
            return self.render_to_response(self.get_context_data(), status=422)
        if step == "edit":
            return self.render_to_response(self.get_context_data())
        if self._ends() <= self.now:
            self.form.add_error("until", gettext("Enter a later time of this day."))
            return self.render_to_response(self.get_context_data(), status=422)
        pause, officials = self._pause()
        touched = touched_by_all(absences_for(pause, officials), now=self.now)
        if step != "apply":
            return self._preview(pause, officials, touched, step=step)
        try:
            pause_receptions(
                pause,
                officials,
                staff=cast(AbstractBaseUser, request.user),
                shown=sent_value(request, "shown"),
                choices=choices_sent(request, touched),
                reason=sent_value(request, "why"),
                now=self.now,
            )
        except ActRefused as refusal:
            return self._refused(pause, officials, refusal)
        messages.success(request, gettext("Receptions are paused. We will send the letters."))
        return redirect("videoreception_trouble:index")

    def _refused(
        self, pause: ReceptionPause, officials: list[Official], refusal: ActRefused
    ) -> HttpResponse:
        if isinstance(refusal, Incomplete) and set(refusal.fields) & set(self.form.fields):
            for name, text in refusal.fields.items():
                self.form.add_error(name if name in self.form.fields else None, str(text))
            return self.render_to_response(self.get_context_data(), status=422)
        fresh, _officials = self._pause()
        touched = touched_by_all(absences_for(fresh, officials), now=self.now)
        return self._preview(fresh, officials, touched, refusal=refusal)

    def _pause(self) -> tuple[ReceptionPause, list[Official]]:
        """Return the pause that was asked for, not stored, and whom it concerns."""
        filled = self.form.cleaned_data
        agency = filled["agency"]
        officials = list(filled["officials"]) or list(
            Official.objects.filter(unit__agency=agency).select_related("unit__agency")
        )
        pause = ReceptionPause(
            agency=agency,
            cause=filled["cause"],
            words=filled["words"],
            starts_at=self.now.replace(second=0, microsecond=0),
            ends_at=self._ends(),
        )
        return pause, officials

    def _ends(self) -> datetime:
        """Return when the pause ends: at the time that was filled in, else with the day of the agency."""
        zone = ZoneInfo(self.form.cleaned_data["agency"].time_zone)
        today = self.now.astimezone(zone).date()
        until = self.form.cleaned_data["until"]
        midnight = datetime.combine(today + timedelta(days=1), time.min, zone)
        return datetime.combine(today, until, zone) if until else midnight

    def _preview(
        self,
        pause: ReceptionPause,
        officials: list[Official],
        touched: list[Touched],
        *,
        step: str = "",
        refusal: ActRefused | None = None,
    ) -> HttpResponse:
        """Show whom it touches; the nearest time is chosen already, else that the person chooses one."""
        context = context_of(self, touched, step=step, next_step=NEXT_STEP, refusal=refusal)
        for row in context["rows"]:
            _choose_usual(row)
        if not context["is_again"]:
            context["why"] = pause.words or str(WHY[ReceptionPause.Cause(pause.cause)])
        self.template_name = "diia_videoreception/admin/trouble_preview.html"
        return self.render_to_response(
            super().get_context_data(
                **context | {"count": len(touched)},
                pause=pause,
                is_whole_agency=not self.form.cleaned_data["officials"],
                officials=officials,
                until=_until(pause),
            ),
            status=context["status"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        zone = self.agency.time_zone if self.agency else ""
        pauses = in_force(pauses_visible_to(self.request.user), self.now)
        return super().get_context_data(
            form=self.form,
            now=self.now,
            pauses=[(one, _until(one), _standing(one, self.now)) for one in pauses[:20]],
            day=weekday_day(self.now.astimezone(ZoneInfo(zone)).date()) if zone else "",
            action=reverse("videoreception_trouble:index"),
            **kwargs,
        )


def _choose_usual(row: dict[str, Any]) -> None:
    """Choose for a person what is usual, where nothing was chosen yet."""
    if any(is_chosen for _value, _words, is_chosen in row["choices"]):
        return
    offered = [value for value, *_rest in row["choices"]]
    usual = next((one for one in _USUAL if one.value in offered), None)
    row["choices"] = [(value, words, value == usual) for value, words, _ in row["choices"]]


_USUAL = (TouchedChoice.PROPOSE, TouchedChoice.WITHDRAW, TouchedChoice.CANCEL)


def _until(pause: ReceptionPause) -> str:
    """«17:00», or «кінця дня»."""
    if pause.ends_at.astimezone(ZoneInfo(pause.agency.time_zone)).time() == time.min:
        return gettext("the end of the day")
    return clock(pause.ends_at, pause.agency.time_zone)


def _standing(pause: ReceptionPause, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "url": case_url(one),
            "who": one.citizen.full_name,
            "phone": one.phone,
            "official": one.official.full_name,
            "clock": clock(one.start, one.official.agency.time_zone),
        }
        for one in still_standing(pause, now)[:50]
    ]


class Resume(StaffPage):
    """Ends a pause; nothing is sent to anybody."""

    http_method_names = ["post"]

    def is_for(self, user: Any) -> bool:
        return moderates(user)

    def post(self, request: HttpRequest, *, pk: int) -> HttpResponse:
        try:
            resume_receptions(pk, staff=self.staff, now=self.now)
        except NotFound:
            raise Http404 from None
        except ActRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, gettext("Receptions go on."))
        return redirect("videoreception_trouble:index")


class TroubleViewSet(OurAddresses, ViewSet):
    name = "trouble"
    icon = "warning"
    menu_label = _("Trouble today")
    menu_name = "videoreception_trouble"
    menu_order = 146
    menu_item_class = shown_to(moderates)
    add_to_admin_menu = True

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", TroublePage.as_view(), name="index"),
            path("<int:pk>/resume/", Resume.as_view(), name="resume"),
        ]
