"""The decisions about one application, each seen as a letter before it is made (A-30, A-31, A-52 to A-57)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from diia_videoreception.errors import ActRefused, SlotTaken, WrongState
from diia_videoreception.models import Application
from diia_videoreception.rules.slots import Interval
from diia_videoreception.rules.times import week_of
from diia_videoreception.rules.transitions import Act
from diia_videoreception.selectors.booking import availability, worklist
from diia_videoreception.services.booking import moderation
from diia_videoreception.services.letters.previews import (
    Preview,
    preview_of_confirmation,
    preview_of_refusal,
)
from diia_videoreception.wagtail_admin.cases.forms import DeclineForm, OtherTimeForm, VersionForm
from diia_videoreception.wagtail_admin.cases.views import CaseAct, CaseScreen

WEEK = timedelta(days=7)
WEEKS_AHEAD = 26
MOVES = frozenset({Act.CONFIRM_OTHER_TIME.value, Act.MOVE.value})


class Confirm(CaseAct):
    """«Підтвердити»: the requested time as it is; GET shows the letter, POST confirms."""

    template_name = "diia_videoreception/admin/confirm.html"
    http_method_names = ["get", "head", "post"]
    page_title = gettext_lazy("Check the letter")
    log_name = "confirm"
    done = gettext_lazy("The time is confirmed. We will send the citizen a letter.")

    def get_page_title(self) -> str:
        return _("Check the letter before it is sent")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if Act.CONFIRM.value not in self.acts:
            messages.error(request, WrongState.message)
            return redirect(self.case_url)
        return self.render_to_response(self.get_context_data())

    def act(self) -> bool:
        moderation.confirm(
            moderator=self.staff,
            public_id=self.application.public_id,
            version=self.posted(VersionForm)["version"],
            now=self.now,
        )
        return True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            preview=preview_of_confirmation(self.application, now=self.now),
            time=self.application.time,
            version=self.application.version,
            **kwargs,
        )


class OtherTime(CaseScreen):
    """«Призначити інший час» and, once confirmed, «Перенести»: a free time, the letter, the act."""

    template_name = "diia_videoreception/admin/other_time.html"
    form: OtherTimeForm

    def get_page_title(self) -> str:
        if self.application.state == Application.State.CONFIRMED:
            return _("Move to another time")
        return _("Set another time")

    page_title = gettext_lazy("Another time")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form = OtherTimeForm()
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form = OtherTimeForm(request.POST)
        if not self.form.is_valid():
            return self.again(status=422)
        steps: dict[str, Callable[[], HttpResponse]] = {"confirm": self._act, "edit": self.again}
        try:
            return steps.get(request.POST.get("step", ""), self._preview)()
        except ActRefused as refusal:
            self.refuse(refusal)
            return self.again(status=refusal.status)

    def _preview(self) -> HttpResponse:
        time = self._free_time(self.form.cleaned_data["start"])
        context = self.get_context_data(
            preview=preview_of_confirmation(self.application, time, now=self.now),
            time=time,
            version=self.form.cleaned_data["version"],
        )
        # The week that was looked at is kept for who goes back to choose again.
        return self.response_class(
            request=self.request,
            template=["diia_videoreception/admin/confirm.html"],
            context=context,
            using=self.template_engine,
        )

    def _free_time(self, start: datetime) -> Interval:
        """Return the time that was chosen; refused before anybody reads a letter that cannot be sent."""
        if not self.acts & MOVES:
            raise WrongState
        official = self.application.official
        time = availability.scheduled_slot(official, start=start)
        day = time.start.astimezone(ZoneInfo(official.agency.time_zone)).date()
        days = worklist.free_days(
            official, first=day, last=day, now=self.now, moving=self.application
        )
        if time.start not in {slot.start for one in days for slot in one.slots}:
            raise SlotTaken
        return time

    def _act(self) -> HttpResponse:
        was_confirmed = self.application.state == Application.State.CONFIRMED
        moderation.confirm_other_time(
            moderator=self.staff,
            public_id=self.application.public_id,
            version=self.form.cleaned_data["version"],
            start=self.form.cleaned_data["start"],
            now=self.now,
        )
        self.log_act("move" if was_confirmed else "confirm_other_time")
        return self.back_to_case(_("The new time is confirmed. We will send the citizen a letter."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        zone = ZoneInfo(self.application.official.agency.time_zone)
        first, this_week = self._week(zone)
        days = worklist.free_days(
            self.application.official,
            first=first,
            last=first + timedelta(days=6),
            now=self.now,
            moving=self.application,
        )
        return super().get_context_data(
            form=self.form,
            days=days,
            may_choose=bool(self.acts & MOVES),
            first=first,
            last=first + timedelta(days=6),
            earlier=first - WEEK if first > this_week else None,
            later=first + WEEK if first < this_week + WEEKS_AHEAD * WEEK else None,
            **kwargs,
        )

    def _week(self, zone: ZoneInfo) -> tuple[date, date]:
        """Return the Monday of the week that was asked for (else of the present time), and this week's."""
        this_week, _sunday = week_of(self.now.astimezone(zone).date())
        asked = self.request.GET.get("week") or self.request.POST.get("week") or ""
        try:
            first, _sunday = week_of(date.fromisoformat(asked))
        except (ValueError, OverflowError):
            first, _sunday = week_of(self.application.start.astimezone(zone).date())
        return min(max(first, this_week), this_week + WEEKS_AHEAD * WEEK), this_week


class Decline(CaseScreen):
    """«Відхилити» and, once confirmed, «Скасувати прийом»: the reason, a preview, the act."""

    template_name = "diia_videoreception/admin/decline.html"
    page_title = gettext_lazy("Decline")
    form: DeclineForm
    is_preview = False

    def get_page_title(self) -> str:
        if self.application.state == Application.State.CONFIRMED:
            return _("Cancel the reception")
        return _("Decline the application")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ground = self.application.official.agency.refusal_ground
        self.form = DeclineForm(initial={"legal_ground": ground})
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form = DeclineForm(request.POST)
        steps: dict[str, Callable[[], HttpResponse]] = {
            "decline": self._decline,
            "edit": self.again,
        }
        if not self.form.is_valid():
            return self.again(status=422)
        return steps.get(request.POST.get("step", ""), self._preview)()

    def _preview(self) -> HttpResponse:
        self.is_preview = True
        return self.again()

    def _letter(self) -> Preview:
        return preview_of_refusal(self.application, self.form.refusal, now=self.now)

    def _decline(self) -> HttpResponse:
        was_confirmed = self.application.state == Application.State.CONFIRMED
        try:
            moderation.decline(
                moderator=self.staff,
                public_id=self.application.public_id,
                version=self.form.cleaned_data["version"],
                refusal=self.form.refusal,
                now=self.now,
            )
        except ActRefused as refusal:
            self.refuse(refusal)
            return self.again(status=refusal.status)
        self.log_act("call_off" if was_confirmed else "decline")
        return self.back_to_case(
            _("The reception is cancelled. We will send the citizen a letter.")
            if was_confirmed
            else _("The application is declined. We will send the citizen a letter.")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            form=self.form,
            preview=self._letter() if self.is_preview else None,
            may_decline=bool(self.acts & {Act.DECLINE.value, Act.CANCEL_BY_AGENCY.value}),
            calls_off=self.application.state == Application.State.CONFIRMED,
            **kwargs,
        )
