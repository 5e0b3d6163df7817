"""«Мій день» in the admin: the same day as on the page for a phone."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from diia_videoreception.selectors.access import roles_of
from diia_videoreception.selectors.booking.official_day import day_of, day_of_official
from diia_videoreception.wagtail_admin.addresses import OurAddresses, shown_to
from diia_videoreception.wording import weekday_day


class MyDayPage(WagtailAdminTemplateMixin, TemplateView):
    template_name = "diia_videoreception/admin/my_day.html"
    page_title = _("My day")
    header_icon = "calendar"
    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_official(request.user):
            raise PermissionDenied
        self.now = timezone.now()
        day = day_of(request.GET.get("day", ""))
        self.shown = day_of_official(request.user, day=day, now=self.now)
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            shown=self.shown,
            # Below the title, which a phone cuts off.
            day_in_words=weekday_day(self.shown.day),
            now=self.now,
            day_url=reverse("videoreception_my_day:index"),
            phone_url=reverse("diia_videoreception:official_day"),
            **kwargs,
        )


def is_official(user: Any) -> bool:
    """Return whether somebody receives citizens."""
    return roles_of(user).is_official


class MyDayViewSet(OurAddresses, ViewSet):
    name = "my_day"
    icon = "calendar"
    menu_label = _("My day")
    menu_name = "videoreception_my_day"
    menu_order = 140
    menu_item_class = shown_to(is_official)
    add_to_admin_menu = True

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", MyDayPage.as_view(), name="index")]
