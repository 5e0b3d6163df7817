"""What every page of the operator has: nobody else comes in."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from diia_videoreception.selectors.centres.access import operates_portal
from diia_videoreception.wagtail_admin.pages import StaffPage


class OperatorPage(StaffPage):
    """A page that the operator and superusers see."""

    header_icon = "home"

    def is_for(self, user: Any) -> bool:
        return operates_portal(user)

    def above(self) -> list[dict[str, Any]]:
        return [{"url": reverse("videoreception_centres:index"), "label": _("Centres")}]
