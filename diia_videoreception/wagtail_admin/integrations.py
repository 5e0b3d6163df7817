"""«Стан інтеграцій»: whether what the portal has configured can work (architecture decision 6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import AdminOnlyMenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from diia_videoreception.providers import (
    ProviderMisconfigured,
    conference_providers,
    identity_providers,
    mailbox_providers,
)
from diia_videoreception.selectors.mailboxes import mailbox_counts
from diia_videoreception.services import mailboxes


@dataclass(frozen=True, slots=True)
class Kind:
    """The integrations of one kind; `problem` when none of them could be made."""

    label: str | Promise
    rows: list[tuple[str, str, list[str]]]
    problem: str = ""


class IntegrationsPage(WagtailAdminTemplateMixin, TemplateView):
    """For superusers: the page names settings."""

    template_name = "diia_videoreception/admin/integrations.html"
    page_title = _("State of the integrations")
    header_icon = "cogs"
    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = [
            _kind(_("Sign-in"), identity_providers),
            _kind(_("Video conferences"), conference_providers),
            _kind(_("Official mailboxes"), mailbox_providers),
        ]
        return super().get_context_data(kinds=kinds, mailboxes=mailbox_counts(), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lets the mailboxes that could not be made be tried again."""
        count = mailboxes.try_again(now=timezone.now())
        messages.success(
            request,
            ngettext(
                "%(count)d mailbox will be tried again.",
                "%(count)d mailboxes will be tried again.",
                count,
            )
            % {"count": count},
        )
        return redirect(request.path)


def _kind(label: str | Promise, providers: Callable[[], Mapping[str, Any]]) -> Kind:
    try:
        found = providers()
    except ProviderMisconfigured as error:
        return Kind(label, [], str(error))
    return Kind(
        label,
        [(alias, str(provider.label), provider.check()) for alias, provider in found.items()],
    )


class IntegrationsViewSet(ViewSet):
    name = "integrations"
    icon = "cogs"
    menu_label = _("Integrations")
    menu_item_class = AdminOnlyMenuItem

    @cached_property
    def url_prefix(self) -> str:
        return f"videoreception/{self.name}"

    @cached_property
    def url_namespace(self) -> str:
        return f"videoreception_{self.name}"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", IntegrationsPage.as_view(), name="index")]
