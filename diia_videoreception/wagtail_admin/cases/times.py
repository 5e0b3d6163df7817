"""Another time for an application: proposed to the citizen, or set as agreed with them (A-31)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import (
    OfficialUnavailable,
    SlotTaken,
    WrongState,
)
from diia_videoreception.models import Application, Official
from diia_videoreception.rules.slots import Interval
from diia_videoreception.rules.times import week_of
from diia_videoreception.rules.transitions import Act
from diia_videoreception.selectors.booking import availability, worklist
from diia_videoreception.selectors.booking.free_officials import others_receiving
from diia_videoreception.services.booking import moderation, proposals
from diia_videoreception.services.letters.previews import (
    Preview,
    preview_of_confirmation,
    preview_of_proposal,
)
from diia_videoreception.wagtail_admin.cases.forms import (
    AgreedTimeForm,
    ProposalForm,
    VersionForm,
)
from diia_videoreception.wagtail_admin.cases.previewed import PreviewedAct
from diia_videoreception.wagtail_admin.cases.views import CaseAct

WEEK = timedelta(days=7)
WEEKS_AHEAD = 26


class ChooseTime(PreviewedAct):
    """A free time of the official, what goes with it, the letter, the act.

    Attributes:
        wants: The acts of which one has to be open.
        frees_present: Whether the present time of the application is free for it.
    """

    template_name = "diia_videoreception/admin/other_time.html"
    last_step = "confirm"
    wants: ClassVar[frozenset[str]]
    frees_present: ClassVar[bool]

    def letter_for(self, time: Interval) -> Preview:
        """Return the letter that the act would send."""
        raise NotImplementedError

    def is_open(self) -> bool:
        """See `PreviewedAct.is_open`."""
        return bool(self.acts & self.wants)

    def show_letter(self) -> HttpResponse:
        time = self._free_time(self.form.cleaned_data["start"])
        context = self.get_context_data(
            preview=self.letter_for(time),
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
        if not self.is_open():
            raise WrongState
        official = self.official
        time = availability.scheduled_slot(official, start=start)
        day = time.start.astimezone(ZoneInfo(official.agency.time_zone)).date()
        days = self._free_days(day, day)
        if time.start not in {slot.start for one in days for slot in one.slots}:
            raise SlotTaken
        return time

    @property
    def official(self) -> Official:
        """Whose times are offered."""
        return self.application.official

    def earliest(self) -> datetime | None:
        """Return from when times are offered; None for all that are to come."""
        return None

    def _free_days(
        self, first: date, last: date, *, not_before: datetime | None = None
    ) -> list[availability.Day]:
        return worklist.free_days(
            self.official,
            first=first,
            last=last,
            now=self.now,
            not_before=not_before,
            moving=self.application if self.frees_present else None,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        zone = ZoneInfo(self.application.official.agency.time_zone)
        first, this_week = self._week(zone)
        last = first + timedelta(days=6)
        return super().get_context_data(
            form=self.form,
            days=self._free_days(first, last, not_before=self.earliest()),
            may_choose=self.is_open(),
            first=first,
            last=last,
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


class OtherTime(ChooseTime):
    """«Призначити погоджений час» and, once confirmed, «Перенести за згодою»: the citizen has said yes."""

    form_class = AgreedTimeForm
    wants = frozenset({Act.CONFIRM_OTHER_TIME.value, Act.MOVE.value})
    frees_present = True
    page_title = gettext_lazy("Agreed time")

    def get_page_title(self) -> str:
        if self.application.state == Application.State.CONFIRMED:
            return _("Move to an agreed time")
        return _("Set an agreed time")

    def letter_for(self, time: Interval) -> Preview:
        return preview_of_confirmation(self.application, time, now=self.now)

    def act(self) -> HttpResponse:
        was_confirmed = self.application.state == Application.State.CONFIRMED
        moderation.confirm_other_time(
            moderator=self.staff,
            public_id=self.application.public_id,
            version=self.form.cleaned_data["version"],
            start=self.form.cleaned_data["start"],
            is_agreed=self.form.cleaned_data["is_agreed"],
            now=self.now,
        )
        self.log_act("move" if was_confirmed else "confirm_other_time")
        return self.back_to_case(_("The new time is confirmed. We will send the citizen a letter."))


class ProposeTime(ChooseTime):
    """«Запропонувати інший час»: both times are the citizen's until they answer."""

    wants = frozenset({Act.PROPOSE.value})
    frees_present = False
    page_title = gettext_lazy("Propose another time")
    deadline: datetime | None = None

    def get_page_title(self) -> str:
        return _("Propose another time")

    def new_form(self, sent: QueryDict | None = None) -> ProposalForm:
        latest = proposals.latest_deadline(self.application, now=self.now)
        return ProposalForm(sent, application=self.application, latest=latest, now=self.now)

    @cached_property
    def colleagues(self) -> dict[str, Official]:
        """The other officials of the agency who receive, by key as the page sends it."""
        found = others_receiving(self.application)
        return {str(one.pk): one for one in found}

    @cached_property
    def official(self) -> Official:
        """Another one where the page names one of them."""
        return self.colleagues.get(self._asked, self.application.official)

    @property
    def _asked(self) -> str:
        return self.request.POST.get("official") or self.request.GET.get("official") or ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self._asked and self._asked not in self.colleagues:
            # Nobody else's time is proposed instead.
            self.form = self.new_form(request.POST)
            self.refuse(OfficialUnavailable())
            return self.again(status=OfficialUnavailable.status)
        return super().post(request, *args, **kwargs)

    @property
    def other(self) -> Official | None:
        return self.official if self.official != self.application.official else None

    def _free_days(
        self, first: date, last: date, *, not_before: datetime | None = None
    ) -> list[availability.Day]:
        days = super()._free_days(first, last, not_before=not_before)
        if self.other is None:
            return days
        # The citizen has their present time until they answer: at that time nobody else can have them.
        own = self.application.time
        beside = (
            replace(
                day,
                slots=tuple(
                    slot for slot in day.slots if not own.overlaps(Interval(slot.start, slot.end))
                ),
            )
            for day in days
        )
        return [day for day in beside if day.slots]

    def earliest(self) -> datetime:
        return self.now + timedelta(hours=app_settings.proposal_notice_hours)

    def letter_for(self, time: Interval) -> Preview:
        reason = self.form.cleaned_data["reason"]
        planned = proposals.planned(
            self.application,
            start=time.start,
            reason=reason,
            official=self.other,
            answer_by=self.form.cleaned_data["answer_by"],
            now=self.now,
        )
        self.deadline = planned.deadline
        return preview_of_proposal(planned, now=self.now)

    def act(self) -> HttpResponse:
        proposals.propose(
            moderator=self.staff,
            public_id=self.application.public_id,
            version=self.form.cleaned_data["version"],
            start=self.form.cleaned_data["start"],
            official_id=self.other.pk if self.other is not None else None,
            reason=self.form.cleaned_data["reason"],
            answer_by=self.form.cleaned_data["answer_by"],
            now=self.now,
        )
        self.log_act("propose")
        return self.back_to_case(_("The time is proposed. We will send the citizen a letter."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            proposes=True,
            colleagues=self.colleagues,
            official=self.official,
            other=self.other,
            deadline=self.deadline,
            **kwargs,
        )


class WithdrawProposal(CaseAct):
    """«Відкликати пропозицію»: asks first; then the earlier time stands, and the citizen is told."""

    template_name = "diia_videoreception/admin/withdraw_proposal.html"
    http_method_names = ["get", "head", "post"]
    page_title = gettext_lazy("Withdraw the proposal")
    log_name = "withdraw_proposal"
    wants = Act.WITHDRAW_PROPOSAL
    done = gettext_lazy("The proposal is withdrawn. We will send the citizen a letter.")

    def get_page_title(self) -> str:
        return _("Withdraw the proposal")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(proposal=self.application.last_proposal, **kwargs)

    def act(self) -> bool:
        proposals.withdraw(
            moderator=self.staff,
            public_id=self.application.public_id,
            version=self.posted(VersionForm)["version"],
            now=self.now,
        )
        return True
