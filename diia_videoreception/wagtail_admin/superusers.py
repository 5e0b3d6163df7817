"""Pages of the admin that only superusers see."""

from typing import Any

from django.utils.functional import cached_property
from wagtail.admin.menu import AdminOnlyMenuItem
from wagtail.admin.viewsets.base import ViewSet

from device_check.superusers import SuperuserView


class SuperuserPage(SuperuserView):
    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]


class SuperuserViewSet(ViewSet):
    """The addresses of such a page, in the menu «Відеоприйом»."""

    menu_item_class = AdminOnlyMenuItem

    @cached_property
    def url_prefix(self) -> str:
        return f"videoreception/{self.name}"

    @cached_property
    def url_namespace(self) -> str:
        return f"videoreception_{self.name}"
