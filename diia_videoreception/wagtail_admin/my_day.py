"""«Мій день» in the admin: the same day as on the page for a phone."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from diia_videoreception.selectors.access import roles_of
from diia_videoreception.selectors.booking.official_day import day_of, day_of_official
from diia_videoreception.wording import weekday_day


class MyDayPage(WagtailAdminTemplateMixin, TemplateView):
    template_name = "diia_videoreception/admin/my_day.html"
    header_icon = "calendar"
    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not roles_of(request.user).is_official:
            raise PermissionDenied
        self.now = timezone.now()
        day = day_of(request.GET.get("day", ""))
        self.shown = day_of_official(request.user, day=day, now=self.now)
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return f"{gettext('My day')}: {weekday_day(self.shown.day)}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            shown=self.shown,
            now=self.now,
            day_url=reverse("videoreception_my_day:index"),
            phone_url=reverse("diia_videoreception:official_day"),
            **kwargs,
        )


class OfficialMenuItem(MenuItem):
    """Shown to those who are officials."""

    def is_shown(self, request: HttpRequest) -> bool:
        return roles_of(request.user).is_official


class MyDayViewSet(ViewSet):
    name = "my_day"
    icon = "calendar"
    menu_label = _("My day")
    menu_name = "videoreception_my_day"
    menu_order = 140
    menu_item_class = OfficialMenuItem
    add_to_admin_menu = True

    @cached_property
    def url_prefix(self) -> str:
        return f"videoreception/{self.name}"

    @cached_property
    def url_namespace(self) -> str:
        return f"videoreception_{self.name}"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", MyDayPage.as_view(), name="index")]
