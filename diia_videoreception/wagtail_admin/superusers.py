"""Pages of the admin that only superusers see."""

from typing import Any

from wagtail.admin.menu import AdminOnlyMenuItem
from wagtail.admin.viewsets.base import ViewSet

from device_check.superusers import SuperuserView
from diia_videoreception.wagtail_admin.addresses import OurAddresses


class SuperuserPage(SuperuserView):
    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]


class SuperuserViewSet(OurAddresses, ViewSet):
    """The addresses of such a page, in the menu «Відеоприйом»."""

    menu_item_class = AdminOnlyMenuItem
