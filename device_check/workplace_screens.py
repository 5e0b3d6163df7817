"""«Робочі місця»: what the agents report, who may report, for superusers (B-72)."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from wagtail.admin import messages
from wagtail.admin.menu import AdminOnlyMenuItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from device_check.models import Workplace
from device_check.reports import ReportsNotSetUp, portal_address
from device_check.selectors.workplaces import state_of, workplace_with, workplaces
from device_check.services.workplaces import (
    CODE_LIVES,
    WorkplaceGone,
    create_workplace,
    issue_code,
    revoke,
)
from device_check.superusers import SuperuserView

PER_PAGE = 20
INDEX = "device_check_workplaces:index"
TROUBLED = "troubled"
"""Value of ?show= for those workplaces alone that somebody has to look after."""


class WorkplaceForm(forms.ModelForm[Workplace]):
    class Meta:
        model = Workplace
        fields = ("label", "site_code", "kind")


class SuperuserScreen(SuperuserView):
    """A page about workplaces in Wagtail's frame."""

    header_icon = "desktop"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse(INDEX), "label": _("Workplaces")}
        here = {"url": "", "label": self.get_page_title()}
        return [*self.breadcrumbs_items, *([] if self.is_index else [above]), here]

    @property
    def is_index(self) -> bool:
        return isinstance(self, WorkplacesPage)


class WorkplacesPage(SuperuserScreen):
    """Every workplace: its last report, what is wrong, and since when it is silent."""

    template_name = "device_check/admin/workplaces.html"
    page_title = gettext_lazy("Workplaces")

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        add = reverse("device_check_workplaces:add")
        return [HeaderButton(label=_("Add a workplace"), url=add, icon_name="plus")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        states = [state_of(workplace, now=now) for workplace in workplaces()]
        troubled = [state for state in states if state.is_troubled]
        only_troubled = self.request.GET.get("show") == TROUBLED
        shown = troubled if only_troubled else states
        return super().get_context_data(
            page=Paginator(shown, PER_PAGE).get_page(self.request.GET.get("p")),
            total=len(states),
            troubled=len(troubled),
            only_troubled=only_troubled,
            is_set_up=_is_set_up(),
            portal_zone=settings.TIME_ZONE,
            **kwargs,
        )


class AddWorkplace(SuperuserScreen):
    template_name = "device_check/admin/add.html"
    page_title = gettext_lazy("Add a workplace")
    http_method_names = ["get", "head", "post"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"form": WorkplaceForm(), **kwargs})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = WorkplaceForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        workplace = create_workplace(**form.cleaned_data, now=timezone.now())
        messages.success(request, escape(_("The workplace has been added.")))
        return redirect("device_check_workplaces:code", workplace.public_id)


class OneWorkplace(SuperuserScreen):
    """An act on one workplace: the page asks, the POST acts."""

    http_method_names = ["get", "head", "post"]
    workplace: Workplace

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        # A signed-in person without the right learns nothing, not even what exists.
        if request.user.is_superuser:
            self.find(kwargs["public_id"])

    def find(self, public_id: UUID) -> None:
        found = workplace_with(public_id)
        if found is None:
            raise Http404
        self.workplace = found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(workplace=self.workplace, **kwargs)


class CodePage(OneWorkplace):
    """Issues the one-time code and shows it on the answer to the POST, nowhere else."""

    template_name = "device_check/admin/code.html"
    page_title = gettext_lazy("Enrolment code")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            is_set_up=_is_set_up(), hours=int(CODE_LIVES.total_seconds() // 3600), **kwargs
        )

    @method_decorator(sensitive_variables("code"))
    def post(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        try:
            code = issue_code(public_id=public_id, now=timezone.now())
        except WorkplaceGone:
            raise Http404 from None
        context = self.get_context_data(code=code, enrolment_url=_enrolment_url(request))
        response: HttpResponse = self.render_to_response(context)
        patch_cache_control(response, no_store=True, private=True)
        return response


class RevokePage(OneWorkplace):
    template_name = "device_check/admin/revoke.html"
    page_title = gettext_lazy("Revoke a workplace")

    def post(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        try:
            revoke(public_id=public_id, now=timezone.now())
        except WorkplaceGone as refusal:
            messages.error(request, escape(str(refusal.message)))
        else:
            message = _("%(workplace)s has been revoked. Its reports will be refused from now on.")
            messages.success(request, escape(message % {"workplace": self.workplace.label}))
        return redirect(INDEX)


def _is_set_up() -> bool:
    try:
        portal_address()
    except ReportsNotSetUp:
        return False
    return _enrolment_path() is not None


def _enrolment_path() -> str | None:
    try:
        return reverse("device_check:enrol")
    except NoReverseMatch:
        return None


def _enrolment_url(request: HttpRequest) -> str:
    found = _enrolment_path()
    return request.build_absolute_uri(found) if found else ""


class WorkplacesViewSet(ViewSet):
    name = "device_check_workplaces"
    icon = "desktop"
    menu_label = gettext_lazy("Workplaces")
    menu_item_class = AdminOnlyMenuItem
    add_to_admin_menu = True

    @cached_property
    def url_prefix(self) -> str:
        return "device-check/workplaces"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", WorkplacesPage.as_view(), name="index"),
            path("add/", AddWorkplace.as_view(), name="add"),
            path("<uuid:public_id>/code/", CodePage.as_view(), name="code"),
            path("<uuid:public_id>/revoke/", RevokePage.as_view(), name="revoke"),
        ]
