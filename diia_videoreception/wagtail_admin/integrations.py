"""«Стан інтеграцій»: whether what the portal has configured can work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.viewsets.base import ViewSet

from diia_videoreception.models import ConferenceTrial
from diia_videoreception.providers import (
    ProviderMisconfigured,
    antivirus_providers,
    conference_providers,
    identity_providers,
    mailbox_providers,
    sms_providers,
)
from diia_videoreception.selectors.accounts.consents import rules_are_published
from diia_videoreception.selectors.booking.conferences import trials_by_alias
from diia_videoreception.selectors.centres.access import operates_portal
from diia_videoreception.selectors.mailboxes import mailbox_counts
from diia_videoreception.services.letters import mailboxes
from diia_videoreception.wagtail_admin.addresses import OurAddresses, shown_to
from diia_videoreception.wagtail_admin.pages import StaffPage
from integrations.common.providers import Provider
from integrations.conference.base import ConferenceProvider
from integrations.identity.base import Flow


@dataclass(frozen=True, slots=True)
class IntegrationGroup:
    """The integrations of one kind; `problem` when none of them could be made."""

    label: str | Promise
    rows: list["IntegrationRow"]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class IntegrationRow:
    """One integration: what is wrong with it, and whether what runs outside was asked.

    Attributes:
        needs_trial: Whether the portal knows it by documents only until somebody has tried it.
        trial: When somebody did.
    """

    alias: str
    label: str
    problems: list[str]
    is_asked: bool
    needs_trial: bool = False
    trial: ConferenceTrial | None = None


class IntegrationsPage(StaffPage):
    """For the operator: the page names settings."""

    template_name = "diia_videoreception/admin/integrations.html"
    page_title = _("Integration status")
    header_icon = "cogs"
    http_method_names = ["get", "head", "post"]

    def is_for(self, user: Any) -> bool:
        return operates_portal(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = [
            _kind(_("Sign-in"), identity_providers),
            _kind(_("Video conferences"), conference_providers, trials_by_alias),
            _kind(_("Official mailboxes"), mailbox_providers),
            _kind(_("Text messages"), sms_providers),
            _kind(_("Virus scanners"), antivirus_providers),
        ]
        return super().get_context_data(
            kinds=kinds,
            mailboxes=mailbox_counts(),
            registration_is_closed=_registration_is_closed(),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Let the mailboxes that could not be made be tried again."""
        count = mailboxes.try_again(now=timezone.now())
        messages.success(
            request,
            ngettext(
                "We will try again to create %(count)d mailbox.",
                "We will try again to create %(count)d mailboxes.",
                count,
            )
            % {"count": count},
        )
        return redirect(request.path)


def _registration_is_closed() -> bool:
    """Return whether people could come who have to register, and there are no rules to agree to (A-13)."""
    try:
        ways = identity_providers().values()
    except ProviderMisconfigured:
        return False
    return any(way.flow is not Flow.HANDOVER for way in ways) and not rules_are_published()


def _kind(
    label: str | Promise,
    providers: Callable[[], Mapping[str, Provider]],
    trials_of: Callable[[], Mapping[str, ConferenceTrial]] = dict,
) -> IntegrationGroup:
    try:
        found, trials = providers(), trials_of()
    except ProviderMisconfigured as error:
        return IntegrationGroup(label, [], str(error))
    return IntegrationGroup(
        label,
        [
            IntegrationRow(
                alias,
                str(provider.label),
                [*provider.faults(), *provider.check(), *provider.outages()],
                type(provider).outages is not Provider.outages,
                needs_trial=isinstance(provider, ConferenceProvider) and provider.needs_trial,
                trial=trials.get(alias),
            )
            for alias, provider in found.items()
        ],
    )


class IntegrationsViewSet(OurAddresses, ViewSet):
    name = "integrations"
    icon = "cogs"
    menu_label = _("Integrations")
    menu_item_class = shown_to(operates_portal)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", IntegrationsPage.as_view(), name="index")]
