"""«Підтримка»: help by telephone, by two facts that the person tells, without what the application is about."""

import uuid
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.viewsets.base import ViewSet

from device_check.wording import for_staff, steps_in_words
from diia_videoreception.errors import ActRefused, HelpOver, NotFound
from diia_videoreception.models import Application
from diia_videoreception.rules.help_desk import OPEN_FOR, SignInTrouble
from diia_videoreception.selectors.booking.help_desk import (
    helped_case,
    helps_citizens,
    opened,
)
from diia_videoreception.services.assistance import help_desk
from diia_videoreception.services.journal import record_help
from diia_videoreception.wagtail_admin.addresses import OurAddresses, shown_to
from diia_videoreception.wagtail_admin.cases.letters import letters_in_words
from diia_videoreception.wagtail_admin.forms import is_done
from diia_videoreception.wagtail_admin.pages import StaffPage

TROUBLES = (
    (SignInTrouble.CANNOT_SIGN_IN, _("The person cannot sign in")),
    (SignInTrouble.NOT_MY_APPLICATIONS, _("The person sees an account without their applications")),
    (SignInTrouble.SOMEBODY_ELSE, _("The person thinks that somebody else has signed in as them")),
)


class FactsForm(forms.Form):
    """What the person has said; nothing of it is kept or put into an address."""

    about = forms.CharField(
        label=_("Number of the application or contact phone"),
        max_length=40,
        help_text=_("As the person says it, such as ВП-2026-000123-4 or 050 123 45 67."),
    )
    surname = forms.CharField(label=_("Surname"), max_length=120)
    day = forms.DateField(
        label=_("Day of the reception"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"


class SignInTroubleForm(forms.Form):
    trouble = forms.ChoiceField(label=_("What has happened"), choices=TROUBLES)


class HelpPage(StaffPage):
    """A page in Wagtail's frame that the help desk and superusers see; no browser keeps it."""

    header_icon = "help"
    http_method_names = ["get", "head", "post"]

    def is_for(self, user: Any) -> bool:
        return helps_citizens(user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response


class AskFacts(HelpPage):
    """Asks for three answers; a number in the address would tell, so they come by POST alone."""

    template_name = "diia_videoreception/admin/help_desk.html"
    page_title = _("Help desk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        minutes = OPEN_FOR // timedelta(minutes=1)
        return super().get_context_data(**{"form": FactsForm(), "minutes": minutes, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = FactsForm(request.POST)
        found: list[Application] = []

        def act() -> None:
            typed = form.cleaned_data
            found.extend(
                help_desk.open_by_facts(
                    staff=self.staff,
                    typed=typed["about"],
                    surname=typed["surname"],
                    day=typed["day"],
                    now=self.now,
                )
            )

        if not is_done(form, act):
            return self.render_to_response(self.get_context_data(form=form), status=422)
        if len(found) > 1:
            return self.render_to_response(self.get_context_data(form=form, found=found))
        return redirect("videoreception_help_desk:one", found[0].public_id)


class OpenPage(HelpPage):
    """A page of an application that is open to who asks; each look is written down before it is shown."""

    application: Application
    until: datetime

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except HelpOver as over:
            # The same for what is closed again, is not theirs and was never there.
            messages.warning(request, str(over))
            return redirect("videoreception_help_desk:index")

    def prepare(self) -> None:
        found = opened(self.request.user, self.kwargs["public_id"], now=self.now)
        if found is None:
            raise HelpOver
        self.application, self.until = found
        record_help(self.request.user, self.application, now=self.now)

    def above(self) -> list[dict[str, Any]]:
        return [{"url": reverse("videoreception_help_desk:index"), "label": gettext("Help desk")}]


class OneApplication(OpenPage):
    template_name = "diia_videoreception/admin/help_desk_case.html"

    def get_page_title(self) -> str:
        return self.application.number

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = helped_case(self.application, until=self.until, now=self.now)
        return super().get_context_data(
            **{
                "case": case,
                "letters": letters_in_words(self.application, now=self.now),
                "checked": for_staff(case.run, now=self.now) if case.run else "",
                "check_steps": steps_in_words(case.run) if case.run else [],
                "form": SignInTroubleForm(),
                **kwargs,
            }
        )

    def post(self, request: HttpRequest, *, public_id: uuid.UUID) -> HttpResponse:
        act = {"letter": self._send_letter, "sign_in": self._report}.get(
            request.POST.get("act", "")
        )
        if act is None:
            raise Http404
        try:
            return act(public_id)
        except NotFound:
            raise Http404 from None
        except ActRefused as refusal:
            messages.error(request, str(refusal))
        return redirect(request.path)

    def _send_letter(self, public_id: uuid.UUID) -> HttpResponse:
        try:
            letter_id = uuid.UUID(self.request.POST.get("letter", ""))
        except ValueError:
            raise Http404 from None
        if help_desk.send_letter_again(
            staff=self.staff, public_id=public_id, letter_id=letter_id, now=self.now
        ):
            messages.success(
                self.request, gettext("The letter will be sent again within a minute.")
            )
        else:
            messages.info(self.request, gettext("This letter is on its way already."))
        return redirect(self.request.path)

    def _report(self, public_id: uuid.UUID) -> HttpResponse:
        form = SignInTroubleForm(self.request.POST)
        report = partial(
            help_desk.report_sign_in, staff=self.staff, public_id=public_id, now=self.now
        )
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        if report(trouble=SignInTrouble(form.cleaned_data["trouble"])):
            messages.success(self.request, gettext("The sign-in case is open."))
        else:
            messages.info(self.request, gettext("Such a case of this person is open already."))
        return redirect(self.request.path)


class EndHelpedSessions(OpenPage):
    """Asks first, then signs the person out everywhere."""

    template_name = "diia_videoreception/admin/end_sessions.html"
    page_title = _("End the sessions")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            account=self.application.number, back_url=self._case_url(), **kwargs
        )

    def post(self, request: HttpRequest, *, public_id: uuid.UUID) -> HttpResponse:
        try:
            help_desk.end_sessions(staff=self.staff, public_id=public_id, now=self.now)
        except ActRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, gettext("The citizen is signed out on every device."))
        return redirect(self._case_url())

    def _case_url(self) -> str:
        return reverse("videoreception_help_desk:one", args=[self.application.public_id])


class HelpDeskViewSet(OurAddresses, ViewSet):
    name = "help_desk"
    icon = "help"
    menu_label = _("Help desk")
    menu_name = "videoreception_help_desk"
    menu_order = 145
    menu_item_class = shown_to(helps_citizens)
    add_to_admin_menu = True

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", AskFacts.as_view(), name="index"),
            path("<uuid:public_id>/", OneApplication.as_view(), name="one"),
            path(
                "<uuid:public_id>/end-sessions/",
                EndHelpedSessions.as_view(),
                name="help_end_sessions",
            ),
        ]
