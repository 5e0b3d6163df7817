"""One application for the moderator: its page and the acts on it (A-30, A-31, A-52 to A-57).

The screens parse, call `services.moderation` and render; what may be done is decided there.
"""

import uuid
from datetime import datetime
from typing import Any, cast

from django.contrib.auth.models import AbstractBaseUser
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import Promise, cached_property
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from device_check.wording import for_staff, steps_in_words
from diia_videoreception.errors import ActRefused, NotFound, WrongState
from diia_videoreception.models import Application, Letter, Look
from diia_videoreception.models.applications import MAX_OUTGOING_NUMBER
from diia_videoreception.printing import has_card
from diia_videoreception.rules.absence import ABSENCES
from diia_videoreception.rules.notes import MAX_NOTE
from diia_videoreception.rules.objections import MAX_OBJECTION
from diia_videoreception.rules.presence import BEAT_SECONDS
from diia_videoreception.rules.terms import last_minute
from diia_videoreception.rules.transitions import OUTCOMES, Act, State
from diia_videoreception.selectors.booking import worklist
from diia_videoreception.selectors.booking.accesses import has_access
from diia_videoreception.selectors.booking.answer_tasks import is_late
from diia_videoreception.selectors.booking.assignments import is_assigned_to
from diia_videoreception.selectors.booking.clarifications import asked_about, open_clarification
from diia_videoreception.selectors.booking.conferences import is_held_in_browser
from diia_videoreception.selectors.booking.corrections import corrections_of
from diia_videoreception.selectors.booking.documents import documents_of
from diia_videoreception.selectors.booking.equipment import equipment_of
from diia_videoreception.selectors.booking.move_requests import is_requested
from diia_videoreception.selectors.booking.objections import objection_to
from diia_videoreception.selectors.booking.presence import colleague_at_work
from diia_videoreception.selectors.booking.proposals import is_proposed
from diia_videoreception.selectors.booking.terms import is_extendable
from diia_videoreception.selectors.rooms.attendance import obstacle_to_noting, stays_in
from diia_videoreception.selectors.rooms.contents import messages_kept
from diia_videoreception.services.booking.answer_reminders import PAUSE
from diia_videoreception.services.booking.receptions import reveal_password_to_moderator
from diia_videoreception.services.booking.signatures import still_matches
from diia_videoreception.services.journal import record_look
from diia_videoreception.services.letters import phone_for_news
from diia_videoreception.wagtail_admin.cases.corrected import tell_of_correction
from diia_videoreception.wagtail_admin.cases.deadlines import deadline
from diia_videoreception.wagtail_admin.cases.history import history_in_words
from diia_videoreception.wagtail_admin.cases.letters import letters_in_words, undelivered
from diia_videoreception.wagtail_admin.cases.whose import (
    at_work_in_words,
    seen_assignment,
    who_sees_to,
)
from diia_videoreception.wagtail_admin.guard import freshly_proven
from diia_videoreception.wording import span_in_words


class Looking(View):
    """Writes down that somebody looks: behind the second factor and permission, before the answer."""

    looks_at: Look.What | None = Look.What.CASE
    """What is written down as seen before anything is shown; None where nothing of the case is, or
    where what is seen has to be found first."""
    application: Application
    now: datetime

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.looks_at is not None:
            record_look(request.user, self.application, what=self.looks_at, now=self.now)
        return super().dispatch(request, *args, **kwargs)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class ScopedCase(PermissionCheckedMixin, Looking):
    """Finds the application among those that the person may see, or answers 404."""

    model = Application
    permission_required = "change"
    request: HttpRequest

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.now = timezone.now()
        self.load(kwargs["public_id"])

    def load(self, public_id: uuid.UUID) -> None:
        found = worklist.case_of(self.request.user, public_id)
        if found is None:
            raise Http404
        self.application = found

    @property
    def staff(self) -> AbstractBaseUser:
        """Wagtail lets nobody in who is not signed in."""
        return cast(AbstractBaseUser, self.request.user)

    @property
    def case_url(self) -> str:
        return reverse("videoreception_applications:inspect", args=[self.application.public_id])

    @cached_property
    def acts(self) -> set[str]:
        """Names of the acts that fit the state now, for the templates."""
        return {act.value for act in self.open_acts}

    @property
    def open_acts(self) -> frozenset[Act]:
        return worklist.acts_open_to_moderator(self.application, now=self.now)


class CaseScreen(ScopedCase, WagtailAdminTemplateMixin, TemplateView):
    """A page about one application in Wagtail's frame."""

    http_method_names = ["get", "head", "post"]
    header_icon = "mail"

    def get_page_subtitle(self) -> str:
        return self.application.number

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("videoreception_applications:index"), "label": _("Applications")}
        here = {"url": self.case_url, "label": self.application.number}
        last = {"url": "", "label": self.get_page_title(), "sublabel": self.application.number}
        return [*self.breadcrumbs_items, above, *([here] if self.page_title else []), last]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        application = self.application
        agency = application.official.agency
        return super().get_context_data(
            application=application,
            agency=agency,
            acts=self.acts,
            case_url=self.case_url,
            zone=agency.time_zone,
            now=self.now,
            **kwargs,
        )

    def log_act(self, action: str) -> None:
        """Wagtail's own history: who did what to which number, nothing else."""
        log(self.application, f"diia_videoreception.{action}", user=self.request.user)

    def refuse(self, refusal: ActRefused) -> None:
        """Tell why an act was refused and look at the application afresh."""
        if isinstance(refusal, NotFound):
            raise Http404
        messages.error(self.request, escape(str(refusal)))
        self.load(self.application.public_id)
        self.__dict__.pop("acts", None)

    def again(self, status: int = 200) -> HttpResponse:
        """Show the page as it stands, after a mistake or a refusal."""
        return self.render_to_response(self.get_context_data(), status=status)

    def back_to_case(self, message: str | Promise) -> HttpResponseRedirectBase:
        messages.success(self.request, escape(str(message)))
        return redirect(self.case_url)


class CaseAct(CaseScreen):
    """One act, by POST only; what has to be asked first allows GET and has a template.

    Attributes:
        log_name: The act in Wagtail's history.
        done: What is said when it is done.
        wants: The act without which there is nothing to ask.
    """

    http_method_names = ["post"]
    log_name: str
    done: str | Promise
    wants: Act | None = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.wants is not None and self.wants not in self.open_acts:
            messages.error(request, WrongState.message)
            return redirect(self.case_url)
        tell_of_correction(request, self.application, self.case_url)
        return self.render_to_response(self.get_context_data())

    def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Lead who comes by a link to the application: the sign-in sends back to where a form went."""
        if request.method in {"GET", "HEAD"}:
            return redirect(self.case_url)
        return super().http_method_not_allowed(request, *args, **kwargs)

    def act(self) -> bool:
        """Do it, and return whether anything has changed; raises ActRefused."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            has_changed = self.act()
        except ActRefused as refusal:
            self.refuse(refusal)
            return self.refused()
        if has_changed:
            self.log_act(self.log_name)
        return self.succeeded()

    def posted(self, form_class: type[Form]) -> dict[str, Any]:
        """Return what the page sent; a form that it did not write is a page of before.

        Raises:
            WrongState
        """
        form = form_class(self.request.POST)
        if not form.is_valid():
            raise WrongState
        return form.cleaned_data

    def refused(self) -> HttpResponse:
        return redirect(self.case_url)

    def succeeded(self) -> HttpResponse:
        return self.back_to_case(self.done)


class CasePage(CaseScreen):
    """Everything a moderator needs for the decision, and the buttons that fit the state."""

    permission_required = "view"
    template_name = "diia_videoreception/admin/case.html"
    password = ""

    def get_page_title(self) -> str:
        return _("Application")

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        history = reverse("videoreception_applications:history", args=[self.application.public_id])
        return [HeaderButton(label=_("History"), url=history, icon_name="history")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        application = self.application
        letters = letters_in_words(application, now=self.now)
        history, notes = history_in_words(application, reader=self.staff)
        written = [line.letter for line in letters]
        return super().get_context_data(
            state_label=application.state_in_words_at(self.now),
            deadline=deadline(application, now=self.now),
            others=worklist.others_of_same_citizen(self.request.user, application),
            history=history,
            notes=notes,
            letters=letters,
            undelivered=undelivered(letters),
            **self._may(),
            **self._filed(),
            **self._signed(),
            **self._other_time(),
            **self._held(),
            **self._checked(written),
            **self._answer_to_come(),
            **self._who_works(),
            **self._reminding(written),
            **kwargs,
        )

    def _may(self) -> dict[str, Any]:
        """Return which acts are offered besides those that the state tells, and how much they take."""
        application = self.application
        return {
            "may_extend": Act.EXTEND_TERM in self.open_acts
            and is_extendable(application, self.request.user, now=self.now),
            "may_end_consideration": Act.END_CONSIDERATION in self.open_acts
            and worklist.is_seen_by_head(self.staff, application),
            "may_note": bool(self.open_acts & OUTCOMES.keys()),
            "not_absent": {
                act.value: obstacle_to_noting(application, act, now=self.now)
                for act in self.open_acts & ABSENCES
            },
            "has_card": has_card(application),
            "max_registration": MAX_OUTGOING_NUMBER,
            "max_objection": MAX_OBJECTION,
            "max_note": MAX_NOTE,
            "note_key": uuid.uuid4(),
        }

    def _filed(self) -> dict[str, Any]:
        """Return what the citizen filed, corrected and was asked about."""
        application, documents = self.application, list(documents_of(self.application))
        corrected = corrections_of(application)
        return {
            "documents": documents,
            "corrections": corrected,
            "is_corrected_since": any(one.is_after_signature for one in corrected),
            "open_question": open_clarification(application, now=self.now),
            "questions": asked_about(application, documents, now=self.now),
        }

    def _signed(self) -> dict[str, Any]:
        """Return what the citizen and the agency have signed, and how a consideration was ended."""
        signature = getattr(self.application, "signature", None)
        return {
            "signature": signature,
            "signature_matches": signature is not None and still_matches(signature),
            "answer_signature": getattr(self.application, "answer_signature", None),
            "closing": getattr(self.application, "closing", None),
        }

    def _held(self) -> dict[str, Any]:
        """Return how the reception is held, who was there, and what the citizen says against the record."""
        application = self.application
        reception = getattr(application, "reception", None)
        # Without a room nobody was there, and nothing was written.
        has_room = hasattr(application, "room")
        return {
            "reception": reception,
            "in_browser": is_held_in_browser(application),
            "stays": stays_in(application, now=self.now) if has_room else [],
            "kept_messages": messages_kept(application) if has_room else [],
            "password": self.password,
            "can_reveal": reception is not None and has_access(application, now=self.now),
            "objection": objection_to(application),
        }

    def _checked(self, written: list[Letter]) -> dict[str, Any]:
        """Return what the citizen's check of the equipment found."""
        equipment = equipment_of(self.application, now=self.now, letters=written)
        return {
            "equipment": equipment,
            "checked": for_staff(equipment.run, now=self.now) if equipment.run else "",
            "check_steps": steps_in_words(equipment.run) if equipment.run else [],
        }

    def _who_works(self) -> dict[str, Any]:
        """Return who sees to the case, and who else has it open."""
        application, zone = self.application, self.application.official.agency.time_zone
        colleague = colleague_at_work(application, self.staff, now=self.now)
        return {
            "who": who_sees_to(application),
            "at_work": at_work_in_words(colleague, zone),
            "beat_seconds": BEAT_SECONDS,
            "has_case": is_assigned_to(application, self.staff),
            "seen": seen_assignment(application),
        }

    def _reminding(self, written: list[Letter]) -> dict[str, Any]:
        """Return whether the citizen can be reminded to answer now, by what, and when they were."""
        waits = is_proposed(self.application, now=self.now) or open_clarification(
            self.application, now=self.now
        )
        if not waits:
            return {}
        moments = [one.created_at for one in written if one.facts.get("reminder")]
        last = max(moments, default=None)
        return {
            "reminded_at": last,
            "may_remind": last is None or last <= self.now - PAUSE,
            "by_sms": bool(phone_for_news(self.application)),
        }

    def _other_time(self) -> dict[str, Any]:
        """Return the times that the citizen wished for and that were proposed to them."""
        wish, proposal = self.application.last_request, self.application.last_proposal
        return {
            "wish": wish,
            "asks_to_move": is_requested(self.application, now=self.now),
            "wish_is_unanswered": wish is not None and wish.is_unanswered(self.now),
            "proposal": proposal,
            "is_proposed": is_proposed(self.application, now=self.now),
            "is_unanswered": proposal is not None and proposal.is_unanswered(self.now),
        }

    def _answer_to_come(self) -> dict[str, Any]:
        """Return the answer in writing that is to come, and whether one may be."""
        task = getattr(self.application, "answer_task", None)
        is_past = task is not None and is_late(task, now=self.now)
        held = self.application.state in {State.CONFIRMED, State.COMPLETED}
        return {
            "task": task,
            "task_due": last_minute(task.due) if task and task.due else None,
            "late": span_in_words(self.now - task.due) if task and is_past else "",
            "may_need_answer": held and not (task and task.is_open),
        }


@method_decorator(freshly_proven, name="dispatch")
class RevealPassword(CaseAct, CasePage):
    """Shows the conference password to the agency, by POST and journaled."""

    permission_required = "change"
    log_name = "reveal_password"

    def act(self) -> bool:
        self.password = reveal_password_to_moderator(
            moderator=self.staff, public_id=self.application.public_id, now=self.now
        )
        return True

    def refused(self) -> HttpResponse:
        return self.succeeded()

    def succeeded(self) -> HttpResponse:
        response = self.render_to_response(self.get_context_data())
        response["Cache-Control"] = "no-store"
        return response
