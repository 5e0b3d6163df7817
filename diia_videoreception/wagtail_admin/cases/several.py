"""Several applications of the list at once: taken, handed over or accepted for review.

Each is an act of its own, with its own check and record, by the services that the page of one application calls:
what is refused leaves the others done. Decisions are not among them: each of those has a letter of its own to be seen.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.log_actions import log

from diia_videoreception.errors import ActRefused
from diia_videoreception.models import Application
from diia_videoreception.rules.transitions import Act
from diia_videoreception.selectors.booking import worklist
from diia_videoreception.selectors.booking.assignments import colleagues_in, is_assigned_to
from diia_videoreception.selectors.reference import moderates
from diia_videoreception.services.booking import assignments, moderation
from diia_videoreception.wagtail_admin.cases.assigning import HandOverForm, with_load
from diia_videoreception.wagtail_admin.cases.mentioned import case_url
from diia_videoreception.wagtail_admin.cases.whose import seen_assignment, who_sees_to
from diia_videoreception.wagtail_admin.pages import StaffPage

MAX_CASES = 50
"""As many as a page of the list has."""
LIST = "videoreception_applications:index"


class ColleagueForm(HandOverForm):
    """To whom; who had each application when the page was shown stands beside that application."""

    seen = None  # type: ignore[assignment]


class CaseForm(forms.Form):
    """One application as the page showed it."""

    public_id = forms.UUIDField()
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    seen = forms.IntegerField(min_value=0, max_value=2**63 - 1)


CasesForm = forms.formset_factory(
    CaseForm, extra=0, max_num=MAX_CASES, absolute_max=MAX_CASES, validate_max=True, min_num=1
)


@dataclass(frozen=True)
class Several:
    """What can be done with several applications."""

    label: Any
    title: Any
    button: Any
    log_name: str
    do: Callable[..., object]
    obstacle: Callable[..., str]
    """What stands in the way as the page is shown; the service judges when it is done."""


def _none(*_args: Any, **_how: Any) -> str:
    return ""


def _not_acceptable(application: Application, page: "SeveralCases") -> str:
    if Act.ACCEPT_FOR_REVIEW in worklist.acts_open_to_moderator(application, now=page.now):
        return ""
    state = application.state_in_words_at(page.now)
    return gettext("cannot be accepted for review now (%(state)s)") % {"state": state}


def _is_mine(application: Application, page: "SeveralCases") -> str:
    return gettext("is yours already") if is_assigned_to(application, page.staff) else ""


def _accept(moderator: Any, sent: dict[str, Any], now: Any, **_how: Any) -> object:
    return moderation.accept_for_review(
        moderator=moderator, public_id=sent["public_id"], version=sent["version"], now=now
    )


def _take(moderator: Any, sent: dict[str, Any], now: Any, **_how: Any) -> object:
    return assignments.take(
        moderator=moderator, public_id=sent["public_id"], seen=sent["seen"], now=now
    )


def _hand_over(
    moderator: Any, sent: dict[str, Any], now: Any, *, colleague: int, note: str
) -> object:
    return assignments.hand_over(
        moderator=moderator,
        public_id=sent["public_id"],
        colleague=colleague,
        note=note,
        seen=sent["seen"],
        now=now,
    )


ACTS: dict[str, Several] = {
    "take": Several(_("Take"), _("Take the applications"), _("Take them"), "take", _take, _is_mine),
    "hand_over": Several(
        _("Hand over…"),
        _("Hand the applications over"),
        _("Hand them over"),
        "hand_over",
        _hand_over,
        _none,
    ),
    "accept": Several(
        _("Accept for review…"),
        _("Accept the applications for review"),
        _("Accept and send the letters"),
        "accept_for_review",
        _accept,
        _not_acceptable,
    ),
}


class SeveralCases(StaffPage):
    """What would be done with each of those that were ticked; by POST it is done, and the list says what was."""

    template_name = "diia_videoreception/admin/several.html"
    header_icon = "mail"
    http_method_names = ["get", "head", "post"]
    act: Several
    cases: Sequence[Application]

    def is_for(self, user: Any) -> bool:
        return moderates(user)

    def prepare(self) -> None:
        found = ACTS.get(self.request.GET.get("act", ""))
        ticked = self.request.GET.getlist("case")
        self.cases = _visible(self.request.user, ticked[: MAX_CASES + 1])
        if found is None or (ticked and not self.cases):
            raise Http404
        self.act = found

    def above(self) -> list[dict[str, Any]]:
        return [{"url": self.list_url, "label": gettext("Applications")}]

    def get_page_title(self) -> str:
        return str(self.act.title)

    @cached_property
    def list_url(self) -> str:
        """Return the list as it was left: its filters come along as one value of the address."""
        left = QueryDict(self.request.GET.get("list", "")).urlencode()
        return f"{reverse(LIST)}?{left}" if left else reverse(LIST)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.cases:
            messages.warning(request, gettext("Tick the applications first."))
            return redirect(self.list_url)
        if len(self.cases) > MAX_CASES:
            words = gettext("At most %(count)s applications at once.") % {"count": MAX_CASES}
            messages.warning(request, words)
            return redirect(self.list_url)
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sent = CasesForm(request.POST)
        if not self.cases or not sent.is_valid() or self.has_other_agencies:
            messages.error(
                request, gettext("The page was out of date. Tick the applications again.")
            )
            return redirect(self.list_url)
        how: dict[str, Any] = {}
        if self.form is not None:
            if not self.form.is_valid():
                return self.render_to_response(self.get_context_data(), status=422)
            how = {
                "colleague": int(self.form.cleaned_data["colleague"]),
                "note": self.form.cleaned_data["note"],
            }
        self._do_each([form.cleaned_data for form in sent], how)
        return redirect(self.list_url)

    def _do_each(self, cases: Iterable[dict[str, Any]], how: dict[str, Any]) -> None:
        """Do it with one after the other, and say with how many, and why not with the others."""
        by_key = {one.public_id: one for one in self.cases}
        done, refused = 0, []
        for sent in cases:
            application = by_key.get(sent["public_id"])
            if application is None:
                continue
            try:
                self.act.do(self.staff, sent, self.now, **how)
            except ActRefused as refusal:
                refused.append((application.number, str(refusal)))
                continue
            done += 1
            log(application, f"diia_videoreception.{self.act.log_name}", user=self.request.user)
        if done:
            words = ngettext("Done: %(count)s application.", "Done: %(count)s applications.", done)
            messages.success(self.request, words % {"count": done})
        if refused:
            lines = format_html_join("", "<li>{}: {}</li>", refused)
            told = format_html("{} <ul>{}</ul>", gettext("Not done:"), lines)
            messages.warning(self.request, told)

    @cached_property
    def form(self) -> ColleagueForm | None:
        """Return whom to hand over to; those of one agency see to its applications."""
        if self.act is not ACTS["hand_over"] or self.has_other_agencies:
            return None
        found = colleagues_in(self.cases[0].official.agency, besides=None)
        offered = [(str(one.pk), with_load(one)) for one in found if one.user_id != self.staff.pk]
        ordered = sorted(offered, key=lambda one: one[1].casefold())
        return ColleagueForm(self.request.POST or None, colleagues=ordered)

    @property
    def has_other_agencies(self) -> bool:
        """Return whether there is no colleague who could see to all of what is to be handed over."""
        is_one = len({one.agency_id for one in self.cases}) <= 1
        return self.act is ACTS["hand_over"] and not is_one

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        obstacles = {one.pk: self.act.obstacle(one, self) for one in self.cases}
        rows = [
            {
                "application": one,
                "url": case_url(one),
                "zone": one.official.agency.time_zone,
                "who": who_sees_to(one),
                "obstacle": obstacles[one.pk],
            }
            for one in self.cases
        ]
        initial = [
            {"public_id": one.public_id, "version": one.version, "seen": seen_assignment(one)}
            for one in self.cases
            if not obstacles[one.pk]
        ]
        return super().get_context_data(
            act=self.act,
            rows=rows,
            open_count=len(initial),
            sent=CasesForm(initial=initial),
            form=self.form,
            has_other_agencies=self.has_other_agencies,
            sends_letters=self.act is ACTS["accept"],
            list_url=self.list_url,
            **kwargs,
        )


def _visible(user: Any, texts: Iterable[str]) -> list[Application]:
    """Return the applications of these keys that the user may see, newest first; what is no key is nobody's."""
    keys = set()
    for text in texts:
        try:
            keys.add(uuid.UUID(text))
        except ValueError:
            continue
    rows = worklist.work_list(user).filter(public_id__in=keys).order_by("-submitted_at", "-pk")
    return list(worklist.in_full(rows))
