"""Who sees to a case: taking it, handing it to a colleague, giving it back to all."""

from http import HTTPStatus
from typing import Any, cast

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.utils import get_user_display_name

from diia_videoreception.errors import ActRefused, Incomplete, NotFound
from diia_videoreception.models import AgencyModerator
from diia_videoreception.rules.notes import MAX_NOTE
from diia_videoreception.selectors.booking.assignments import assignment_of, colleagues_in
from diia_videoreception.services.booking import assignments, presence
from diia_videoreception.wagtail_admin.cases.views import CaseAct, CaseScreen, ScopedCase
from diia_videoreception.wagtail_admin.cases.whose import (
    at_work_in_words,
    seen_assignment,
    who_sees_to,
)


class SeenForm(forms.Form):
    """Who had the case when the page was shown, by the key of the assignment."""

    seen = forms.IntegerField(min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)


class Take(CaseAct):
    """«Взяти собі»: from nobody, or from a colleague, who is told."""

    log_name = "take"
    done = _("You see to this application now.")

    def act(self) -> bool:
        assignments.take(
            moderator=self.staff,
            public_id=self.application.public_id,
            seen=self.posted(SeenForm)["seen"],
            now=self.now,
        )
        return True


class Presence(ScopedCase, View):
    """What the page of a case tells every minute: that somebody works on it; and learns who began before."""

    http_method_names = ["post"]
    looks_at = None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        try:
            found = presence.be_at(
                moderator=self.staff, public_id=self.application.public_id, now=self.now
            )
        except NotFound as error:
            # The right may end while the page is open.
            raise Http404 from error
        zone = self.application.official.agency.time_zone
        return JsonResponse({"at_work": at_work_in_words(found, zone)})


class GiveBack(CaseAct):
    """«Повернути всім»: nobody sees to it in particular."""

    log_name = "give_back"
    done = _("The application is open to all moderators again.")

    def act(self) -> bool:
        assignments.give_back(
            moderator=self.staff,
            public_id=self.application.public_id,
            seen=self.posted(SeenForm)["seen"],
            now=self.now,
        )
        return True


class HandOverForm(SeenForm):
    colleague = forms.ChoiceField(
        label=_("Hand over to"), error_messages={"required": _("Choose a colleague.")}
    )
    note = forms.CharField(
        label=_("What is worth knowing"),
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("An internal note. The citizen does not see it."),
    )

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["colleague"])
        field.choices = [("", gettext("Choose a colleague")), *colleagues]


class HandOverCase(CaseScreen):
    """«Передати колезі»: to whom, with what they should know; they get a letter."""

    template_name = "diia_videoreception/admin/hand_over.html"
    page_title = _("Hand over to a colleague")
    form: HandOverForm

    def get_page_title(self) -> str:
        return gettext("Hand over to a colleague")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form = HandOverForm(
            colleagues=self._colleagues(), initial={"seen": seen_assignment(self.application)}
        )
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form = HandOverForm(request.POST, colleagues=self._colleagues())
        if not self.form.is_valid():
            return self.again(status=HTTPStatus.UNPROCESSABLE_ENTITY)
        sent = self.form.cleaned_data
        try:
            assignments.hand_over(
                moderator=self.staff,
                public_id=self.application.public_id,
                colleague=int(sent["colleague"]),
                note=sent["note"],
                seen=sent["seen"],
                now=self.now,
            )
        except Incomplete as refusal:
            for name, text in refusal.fields.items():
                self.form.add_error(name, str(text))
            return self.again(status=HTTPStatus.UNPROCESSABLE_ENTITY)
        except ActRefused as refusal:
            self.refuse(refusal)
            # Whoever has it now is shown: what is sent next is about that.
            sent_again = request.POST.copy()
            sent_again["seen"] = str(seen_assignment(self.application))
            self.form.data = sent_again
            return self.again(status=refusal.status)
        self.log_act("hand_over")
        return self.back_to_case(
            _("The application is handed over. We will send your colleague a letter.")
        )

    def _colleagues(self) -> list[tuple[str, str]]:
        found = colleagues_in(
            self.application.official.agency, besides=assignment_of(self.application)
        )
        own = self.staff.pk
        offered = [(str(one.pk), with_load(one)) for one in found if one.user_id != own]
        return sorted(offered, key=lambda one: one[1].casefold())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(form=self.form, who=who_sees_to(self.application), **kwargs)


def with_load(right: AgencyModerator) -> str:
    """Return the name with the number of open cases, of which a query of `colleagues_in` knows."""
    count: int = getattr(right, "open_cases", 0)
    cases = ngettext("%(count)s open case", "%(count)s open cases", count) % {"count": count}
    return f"{get_user_display_name(right.user)}: {cases}"
