"""«Доступи на день»: logins and passwords for who opens the agency's meetings in its program."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet

from diia_videoreception.selectors.booking.accesses import accesses_of_day, has_access
from diia_videoreception.selectors.booking.official_day import day_of
from diia_videoreception.selectors.reference import moderates
from diia_videoreception.services.booking.receptions import reveal_passwords_of_day
from diia_videoreception.wagtail_admin.addresses import OurAddresses, shown_to
from diia_videoreception.wagtail_admin.guard import freshly_proven
from diia_videoreception.wagtail_admin.pages import StaffPage
from diia_videoreception.wording import weekday_day


class AccessesPage(StaffPage):
    """Shows the logins; the passwords by POST, each written down."""

    template_name = "diia_videoreception/admin/accesses.html"
    page_title = _("Logins for the day")
    header_icon = "key"
    http_method_names = ["get", "head", "post"]

    def is_for(self, user: Any) -> bool:
        return moderates(user)

    def prepare(self) -> None:
        request = self.request
        self.asked = day_of(request.POST.get("day") or request.GET.get("day", ""))
        self.shown = accesses_of_day(request.user, day=self.asked, now=self.now)
        self.passwords: dict[int, str] = {}

    @method_decorator(freshly_proven)
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.asked != self.shown.day:
            # Of another day than the one that was asked for nobody is shown anything.
            return self.get(request, *args, **kwargs)
        self.passwords = reveal_passwords_of_day(
            moderator=self.staff,
            day=self.shown.day,
            now=self.now,
        )
        response = self.get(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [(one, self.passwords.get(one.pk, "")) for one in self.shown.receptions]
        may_show = not self.passwords and any(
            has_access(one, now=self.now) for one in self.shown.receptions
        )
        return super().get_context_data(
            shown=self.shown,
            # Below the title, which a phone cuts off.
            day_in_words=weekday_day(self.shown.day),
            rows=rows,
            may_show=may_show,
            day_url=reverse("videoreception_accesses:index"),
            **kwargs,
        )


class AccessesViewSet(OurAddresses, ViewSet):
    name = "accesses"
    icon = "key"
    menu_label = _("Logins for the day")
    menu_item_class = shown_to(moderates)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", AccessesPage.as_view(), name="index")]
