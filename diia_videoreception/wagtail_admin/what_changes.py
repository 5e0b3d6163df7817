"""«Що зміниться»: before a part of a schedule is saved, the applications that it touches, each with a choice (M08)."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.log_actions import log

from diia_videoreception.errors import ActRefused, Incomplete
from diia_videoreception.models import Absence, Holiday
from diia_videoreception.rules.refusals import NextStep
from diia_videoreception.selectors.booking.schedule_changes import (
    MAX_TOUCHED,
    ScheduleChange,
    Touched,
    TouchedChoice,
    sign_of,
    touched_by,
)
from diia_videoreception.services.booking.schedule_changes import apply_change
from diia_videoreception.wagtail_admin.cases.mentioned import case_url, topic_line
from diia_videoreception.wagtail_admin.scoped import ScopedCreate, ScopedDelete, ScopedEdit
from diia_videoreception.wagtail_admin.touched_letters import letters_shown
from diia_videoreception.wording import short_moment

PREFIX = "touched-"
"""Of the fields of this page, which stand beside those of the form that was filled in."""
TEMPLATE = "diia_videoreception/admin/what_changes.html"

WORDS = {
    TouchedChoice.KEEP: _("Keep as it is"),
    TouchedChoice.PROPOSE: _("Propose another time: %(time)s"),
    TouchedChoice.WITHDRAW: _("Withdraw the proposed time; the earlier one stays"),
    TouchedChoice.CANCEL: _("Cancel with a letter"),
}
FOR_ALL = {
    TouchedChoice.KEEP: WORDS[TouchedChoice.KEEP],
    TouchedChoice.PROPOSE: _("Propose the nearest other time"),
    TouchedChoice.WITHDRAW: WORDS[TouchedChoice.WITHDRAW],
    TouchedChoice.CANCEL: WORDS[TouchedChoice.CANCEL],
}


class ShowsWhatChanges:
    """Saves or deletes through `apply_change`, and shows first what that touches.

    `self` is one of our views on Wagtail's, which have no types.
    """

    is_deleting = False

    def form_valid(self: Any, form: Any) -> Any:
        self.form = form
        part = self.object if self.is_deleting else form.instance
        change, step = (
            ScheduleChange(part, is_deleted=self.is_deleting),
            sent_value(self.request, "step"),
        )
        if step == "edit":
            return self.back(form)
        now = timezone.now()
        touched = touched_by(change, now=now)
        if touched and step != "apply":
            return _shown(self, change, touched, step=step)
        kept, title = self.model(pk=part.pk), str(part)
        try:
            apply_change(
                change,
                staff=self.request.user,
                shown=sent_value(self.request, "shown") if step == "apply" else sign_of(touched),
                choices=choices_sent(self.request, touched),
                reason=sent_value(self.request, "why"),
                now=now,
            )
        except ActRefused as refusal:
            fresh = touched_by(change, now=now)
            if fresh:
                return _shown(self, change, fresh, refusal=refusal)
            return self.refused(form, refusal)
        return self.done(kept, title, form)

    def back(self: Any, form: Any) -> HttpResponse:
        """Show the form again as it was filled in."""
        response: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        return response

    def refused(self: Any, form: Any, refusal: ActRefused) -> HttpResponse:
        form.add_error(None, str(refusal))
        self.produced_error_message = self.get_error_message()
        response: HttpResponse = self.form_invalid(form)
        return response

    def done(self: Any, kept: Any, title: str, form: Any) -> HttpResponse:
        self.object = form.instance
        changed = form.has_changed()
        log(self.object, self.log_action, user=self.request.user, content_changed=changed)
        response: HttpResponse = self.save_action()
        return response


class CreateShowing(ShowsWhatChanges, ScopedCreate):
    pass


class EditShowing(ShowsWhatChanges, ScopedEdit):
    pass


class DeleteShowing(ShowsWhatChanges, ScopedDelete):
    is_deleting = True

    def back(self: Any, form: Any) -> HttpResponse:
        return HttpResponseRedirect(self.get_success_url())

    def refused(self: Any, form: Any, refusal: ActRefused) -> HttpResponse:
        messages.error(self.request, str(refusal))
        return HttpResponseRedirect(self.get_success_url())

    def done(self: Any, kept: Any, title: str, form: Any) -> HttpResponse:
        self.object.pk = kept.pk
        success_url, message = self.get_success_url(), self.get_success_message()
        log(kept, "wagtail.delete", user=self.request.user, deleted=True, title=title)
        messages.success(self.request, message)
        return HttpResponseRedirect(success_url)


def sent_value(request: HttpRequest, name: str) -> str:
    return request.POST.get(PREFIX + name, "")


def choices_sent(request: HttpRequest, touched: list[Touched]) -> dict[uuid.UUID, TouchedChoice]:
    """Return what was chosen; what is no choice is left out, and asked for anew."""
    found = {}
    for one in touched:
        public_id = one.application.public_id
        sent = sent_value(request, str(public_id))
        if sent in set(TouchedChoice):
            found[public_id] = TouchedChoice(sent)
    return found


def _shown(
    view: Any,
    change: ScheduleChange,
    touched: list[Touched],
    *,
    step: str = "",
    refusal: ActRefused | None = None,
) -> HttpResponse:
    """Return the page; what was filled in goes along in hidden fields."""
    context = {
        "page_title": gettext("What will change"),
        "header_title": gettext("What will change"),
        "header_icon": "calendar-alt",
        "breadcrumbs_items": [
            *view.breadcrumbs_items,
            {"url": "", "label": gettext("What will change")},
        ],
        "heading": _heading(change),
        "is_deleting": change.is_deleted,
        **context_of(view, touched, step=step, refusal=refusal),
    }
    if not context["is_again"]:
        context["why"] = _usual_reason(change)
    return render(view.request, TEMPLATE, context, status=context["status"])


def context_of(
    view: Any,
    touched: list[Touched],
    *,
    step: str = "",
    next_step: NextStep = NextStep.SAME_AGENCY,
    refusal: ActRefused | None = None,
) -> dict[str, Any]:
    """Return what the table of whom a change touches shows, and what was sent with it already.

    Args:
        step: `all` chooses the same for everybody for whom it is possible, `letters` shows the letters.
        next_step: Where the letter leads who is cancelled.
    """
    request = view.request
    again = refusal is not None or step in {"all", "letters"}
    letters: list[dict[str, Any]] = []
    if step == "letters":
        try:
            letters = _letters(request, touched, next_step)
        except ActRefused as found:
            refusal = found
    for_all = sent_value(request, "all") if step == "all" else ""
    sent: MultiValueDict[str, str] = request.POST
    return {
        "count": _count(len(touched)),
        "is_too_many": len(touched) > MAX_TOUCHED,
        "most": MAX_TOUCHED,
        "rows": [_row(one, request, again=again, for_all=for_all) for one in touched[:MAX_TOUCHED]],
        "choices_for_all": _choices_for_all(touched),
        "letters": letters,
        "are_none_written": step == "letters" and not letters and refusal is None,
        "is_again": again,
        "status": refusal.status if refusal else 200,
        "kept": [
            (name, value)
            for name in sent
            if not name.startswith(PREFIX) and name != "csrfmiddlewaretoken"
            for value in sent.getlist(name)
        ],
        "shown": sign_of(touched),
        "why": sent_value(request, "why"),
        "error": str(refusal) if refusal and not isinstance(refusal, Incomplete) else "",
        "errors": list(refusal.fields.values()) if isinstance(refusal, Incomplete) else [],
        "action": request.path,
    }


def _choices_for_all(touched: list[Touched]) -> list[tuple[str, Any]]:
    """Return what can be chosen for everybody at once; nothing where there is one application alone."""
    offered = {choice for one in touched for choice in one.choices}
    found = [(choice.value, FOR_ALL[choice]) for choice in TouchedChoice if choice in offered]
    return found if len(touched) > 1 else []


def _letters(
    request: HttpRequest, touched: list[Touched], next_step: NextStep
) -> list[dict[str, Any]]:
    """Return the letters that would be sent, each with what it is for."""
    found = letters_shown(
        touched[:MAX_TOUCHED],
        choices_sent(request, touched),
        reason=sent_value(request, "why"),
        next_step=next_step,
        now=timezone.now(),
    )
    return [
        {
            "words": f"{FOR_ALL[one.choice]} ({one.count})",
            "preview": one.preview,
        }
        for one in found
    ]


def _count(number: int) -> str:
    return ngettext("%(count)d application", "%(count)d applications", number) % {"count": number}


def _heading(change: ScheduleChange) -> str:
    part = change.part
    return str(part) if isinstance(part, Holiday) else part.official.full_name


def _usual_reason(change: ScheduleChange) -> str:
    if isinstance(change.part, Absence):
        return gettext("The official cannot receive at this time.")
    if isinstance(change.part, Holiday):
        return gettext("The agency does not receive on this day.")
    return gettext("The hours of reception of the official have changed.")


def _row(one: Touched, request: HttpRequest, *, again: bool, for_all: str) -> dict[str, Any]:
    application = one.application
    zone = application.official.agency.time_zone
    name = f"{PREFIX}{application.public_id}"
    chosen = request.POST.get(name, "") if again else ""
    if for_all in set(one.choices):
        chosen = for_all
    return {
        "name": name,
        "application": application,
        "time": short_moment(application.start, zone),
        "proposed": short_moment(one.proposed.start, zone) if one.proposed else "",
        "is_own": one.is_own,
        "url": case_url(application),
        "topic": topic_line(application),
        "state": application.state_in_words_at(timezone.now()),
        "choices": [
            (choice.value, _words(choice, one, zone), choice.value == chosen)
            for choice in one.choices
        ],
    }


def _words(choice: TouchedChoice, one: Touched, zone: str) -> str:
    text = str(WORDS[choice])
    if choice is TouchedChoice.PROPOSE and one.other is not None:
        return text % {"time": short_moment(one.other.start, zone)}
    return text
