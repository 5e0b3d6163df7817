"""«Центри»: the list, one centre with what the operator may do, a new one, requests for access."""

import uuid
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.widgets.button import HeaderButton

from diia_videoreception.models import Centre, CentreAccessRequest, CentreDecision
from diia_videoreception.rules.centres import CentreRole
from diia_videoreception.rules.mandates import HelpScope
from diia_videoreception.selectors.centres.access import (
    access_requests_seen_by,
    centres_operated_by,
)
from diia_videoreception.selectors.searching import having_words
from diia_videoreception.services.centres import granting, invitations
from diia_videoreception.wagtail_admin.centres.base import OperatorPage
from diia_videoreception.wagtail_admin.centres.forms import (
    AllowedHelpForm,
    CentreCodeForm,
    CentreHeadForm,
    CentreReasonForm,
    DetailsForm,
    NewCentreForm,
)
from diia_videoreception.wagtail_admin.forms import is_done
from diia_videoreception.wagtail_admin.guard import freshly_proven

ON_PAGE = 50
MAX_SEARCH = 100


class CentresPage(OperatorPage):
    """All centres, searched by name, code and place."""

    template_name = "diia_videoreception/admin/centres.html"
    page_title = _("Centres")

    def above(self) -> list[dict[str, Any]]:
        return []

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [
            HeaderButton(label=label, url=reverse(f"videoreception_centres:{name}"), icon_name=icon)
            for label, name, icon in (
                (gettext("Add a centre"), "add", "plus"),
                (gettext("Requests for access"), "requests", "mail"),
                (gettext("Lists from files"), "import", "upload"),
                (gettext("Texts of consents"), "texts", "doc-full"),
            )
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("q", "")[:MAX_SEARCH]
        live = Q(members__ended_at__isnull=True, members__isnull=False)
        found = having_words(centres_operated_by(self.request.user), asked, "search_text")
        counted = found.annotate(people=Count("members", filter=live)).order_by("sort_key", "pk")
        waiting = access_requests_seen_by(self.request.user).filter(
            state=CentreAccessRequest.State.SUBMITTED
        )
        return super().get_context_data(
            page=Paginator(counted, ON_PAGE).get_page(self.request.GET.get("p")),
            asked=asked,
            waiting=waiting.count(),
            **kwargs,
        )


class OneCentre(OperatorPage):
    """One centre: who heads it, by which decisions it works; suspending, giving back, inviting a head."""

    template_name = "diia_videoreception/admin/centre.html"
    http_method_names = ["get", "head", "post"]
    FORMS: dict[str, type[forms.Form]] = {
        "suspend": CentreReasonForm,
        "invite": CentreHeadForm,
        "allow": AllowedHelpForm,
    }

    @cached_property
    def centre(self) -> Centre:
        found = centres_operated_by(self.request.user)
        centre = found.filter(public_id=self.kwargs["public_id"]).first()
        if centre is None:
            raise Http404
        return centre

    def get_page_title(self) -> str:
        return self.centre.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        labels = dict(CentreDecision.FUNCTIONS)
        decisions = [
            (labels[decision.function], decision) for decision in self.centre.decisions.live()
        ]
        return super().get_context_data(
            **{
                "centre": self.centre,
                "decisions": decisions,
                "people": self.centre.members.live().select_related("user"),
                "invitations": self.centre.invitations.open(),
                "suspend_form": CentreReasonForm(),
                "invite_form": CentreHeadForm(),
                "allow_form": AllowedHelpForm(initial={"scopes": self.centre.allowed_scopes}),
                **kwargs,
            }
        )

    @method_decorator(freshly_proven)
    def post(self, request: HttpRequest, *, public_id: uuid.UUID) -> HttpResponse:
        name = request.POST.get("act", "")
        now, key = timezone.now(), self.centre.public_id
        if name == "resume":
            granting.resume(key, staff=self.staff, now=now)
            messages.success(request, gettext("The centre works again. Its heads get a letter."))
            return redirect("videoreception_centres:one", key)
        if name not in self.FORMS:
            raise Http404
        form = self.FORMS[name](request.POST)

        def act() -> None:
            typed = form.cleaned_data
            if name == "suspend":
                granting.suspend(key, reason=typed["reason"], staff=self.staff, now=now)
                messages.success(
                    request, gettext("The centre is suspended. Its heads get a letter.")
                )
                return
            if name == "allow":
                scopes = [HelpScope(scope) for scope in typed["scopes"]]
                granting.allow_help(key, scopes, staff=self.staff, now=now)
                messages.success(request, gettext("Saved. It holds from now on."))
                return
            invitations.invite(
                key,
                role=CentreRole.HEAD,
                name=typed["head_name"],
                address=typed["head_email"],
                staff=self.staff,
                now=now,
            )
            messages.success(request, gettext("The invitation is sent."))

        if is_done(form, act):
            return redirect("videoreception_centres:one", key)
        shown = {f"{name}_form": form}
        return self.render_to_response(self.get_context_data(**shown), status=422)


class FormPage(OperatorPage):
    """A page with one form; the POST acts."""

    template_name = "diia_videoreception/admin/centre_form.html"
    http_method_names = ["get", "head", "post"]
    button = _("Save")

    def new_form(self, *args: Any) -> Any:
        """Return the form, filled in by what was sent if anything was."""
        raise NotImplementedError

    def act(self, form: Any) -> str:
        """Do what the valid form asks for and return where to go."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{"form": kwargs.get("form") or self.new_form(), "button": self.button, **kwargs}
        )

    @method_decorator(freshly_proven)
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, there = self.new_form(request.POST), ""

        def act() -> None:
            nonlocal there
            there = self.act(form)

        if is_done(form, act):
            return redirect(there)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class AddCentre(FormPage):
    page_title = _("Add a centre")
    button = _("Give access and invite the head")

    def new_form(self, *args: Any) -> Any:
        return NewCentreForm(*args)

    def act(self, form: Any) -> str:
        centre = form.instance
        centre.code = form.cleaned_data["code"]
        made = granting.add_centre(
            centre,
            head_name=form.cleaned_data["head_name"],
            head_address=form.cleaned_data["head_email"],
            decisions=form.decisions,
            staff=self.staff,
            now=timezone.now(),
        )
        return reverse("videoreception_centres:one", args=[made.public_id])


class EditCentre(FormPage):
    page_title = _("Details of the centre")

    def new_form(self, *args: Any) -> Any:
        found = centres_operated_by(self.request.user)
        centre = found.filter(public_id=self.kwargs["public_id"]).first()
        if centre is None:
            raise Http404
        return DetailsForm(args[0] if args else None, instance=centre)

    def act(self, form: Any) -> str:
        centre = granting.save_centre(form.instance, staff=self.staff, now=timezone.now())
        return reverse("videoreception_centres:one", args=[centre.public_id])


class RequestsPage(OperatorPage):
    """Who asks for access, the earliest first; those that were decided on behind them."""

    template_name = "diia_videoreception/admin/centre_requests.html"
    page_title = _("Requests for access")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = access_requests_seen_by(self.request.user).select_related("centre")
        waiting = found.filter(state=CentreAccessRequest.State.SUBMITTED)
        decided = found.exclude(state=CentreAccessRequest.State.SUBMITTED)
        page = Paginator(decided.order_by("-decided_at", "-pk"), ON_PAGE)
        return super().get_context_data(
            waiting=waiting[:ON_PAGE], page=page.get_page(self.request.GET.get("p")), **kwargs
        )


class OneRequest(OperatorPage):
    """A request with all that was told; the POST gives or refuses access."""

    template_name = "diia_videoreception/admin/centre_request.html"
    http_method_names = ["get", "head", "post"]

    @cached_property
    def access_request(self) -> CentreAccessRequest:
        found = access_requests_seen_by(self.request.user).select_related("centre")
        wanted = found.filter(public_id=self.kwargs["public_id"]).first()
        if wanted is None:
            raise Http404
        return wanted

    def get_page_title(self) -> str:
        return self.access_request.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted, labels = self.access_request, dict(CentreDecision.FUNCTIONS)
        return super().get_context_data(
            **{
                "wanted": wanted,
                "is_waiting": wanted.state == CentreAccessRequest.State.SUBMITTED,
                "decisions": [
                    (labels[name], number, day) for name, number, day in wanted.decisions
                ],
                "code_form": CentreCodeForm(),
                "reason_form": CentreReasonForm(),
                **kwargs,
            }
        )

    @method_decorator(freshly_proven)
    def post(self, request: HttpRequest, *, public_id: uuid.UUID) -> HttpResponse:
        key, now = self.access_request.public_id, timezone.now()
        gives = request.POST.get("act") == "grant"
        form = (CentreCodeForm if gives else CentreReasonForm)(request.POST)

        def act() -> None:
            if gives:
                code = form.cleaned_data["code"]
                granting.grant(key, code=code, staff=self.staff, now=now)
                messages.success(request, gettext("Access is given. The head gets an invitation."))
            else:
                reason = form.cleaned_data["reason"]
                granting.refuse(key, reason=reason, staff=self.staff, now=now)
                messages.success(request, gettext("Access is refused. The head gets the reason."))

        if is_done(form, act):
            return redirect("videoreception_centres:requests")
        shown = {"code_form" if gives else "reason_form": form}
        return self.render_to_response(self.get_context_data(**shown), status=422)
