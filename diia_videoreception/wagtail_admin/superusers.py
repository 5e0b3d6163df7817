"""Pages of the admin that only superusers see."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin.menu import AdminOnlyMenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet


class SuperuserPage(WagtailAdminTemplateMixin, TemplateView):
    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

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
