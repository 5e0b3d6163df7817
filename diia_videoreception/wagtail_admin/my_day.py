"""«Мій день» in the admin: the same day as on the page for a phone."""

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet

from diia_videoreception.selectors.access import roles_of
from diia_videoreception.selectors.booking.official_day import day_of, day_of_official
from diia_videoreception.wagtail_admin.addresses import OurAddresses, shown_to
from diia_videoreception.wagtail_admin.pages import StaffPage
from diia_videoreception.wording import weekday_day


class MyDayPage(StaffPage):
    template_name = "diia_videoreception/admin/my_day.html"
    page_title = _("My day")
    header_icon = "calendar"

    def is_for(self, user: Any) -> bool:
        return is_official(user)

    def prepare(self) -> None:
        day = day_of(self.request.GET.get("day", ""))
        self.shown = day_of_official(self.request.user, day=day, now=self.now)

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
