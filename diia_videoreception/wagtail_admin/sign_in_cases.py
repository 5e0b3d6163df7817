"""«Звернення щодо входу»: sign-ins that only staff can sort out (identity rule C.9).

The list names no one: the ids are those of the journal, the person tells who they are.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, cast

from django.contrib.auth.models import AbstractBaseUser
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.viewsets.base import ViewSet

from diia_videoreception.errors import NotFound
from diia_videoreception.models import JournalRecord
from diia_videoreception.providers import identity_providers
from diia_videoreception.selectors.centres.access import operates_portal
from diia_videoreception.selectors.journal import citizen_of_case, sign_in_cases
from diia_videoreception.services.accounts.sessions import end_by_staff
from diia_videoreception.wagtail_admin.addresses import OurAddresses, shown_to
from diia_videoreception.wagtail_admin.help_desk import TROUBLES
from diia_videoreception.wagtail_admin.pages import StaffPage
from integrations.identity.reasons import SignInRefusal

ON_PAGE = 50
REASONS: dict[str, Promise] = {
    SignInRefusal.CONFLICT: _("The details match several accounts, or match one only partly"),
    SignInRefusal.BOUND_ELSEWHERE: _("The key or bank account belongs to another account"),
    SignInRefusal.CANNOT_COMPARE: _(
        "The key and the account have different document numbers, which cannot be compared"
    ),
    **dict(TROUBLES),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One case: when, what was wrong, by which way, whose accounts (pseudonymous ids)."""

    moment: datetime
    reason: str | Promise
    provider: str
    accounts: list[str]


class OperatorOfAccounts(StaffPage):
    """A page that the operator sees: nobody is named there."""

    header_icon = "key"

    def is_for(self, user: Any) -> bool:
        return operates_portal(user)


class SignInCasesPage(OperatorOfAccounts):
    template_name = "diia_videoreception/admin/sign_in_cases.html"
    page_title = _("Sign-in cases")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(sign_in_cases(), ON_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(page=page, rows=[_row(record) for record in page], **kwargs)


class EndAccountSessions(OperatorOfAccounts):
    """Asks first, then ends the sessions of an account that somebody else may be signed in to."""

    template_name = "diia_videoreception/admin/end_sessions.html"
    page_title = _("End the sessions")
    http_method_names = ["get", "head", "post"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            account=self.kwargs["public_id"],
            back_url=reverse("videoreception_sign_in_cases:index"),
            **kwargs,
        )

    def post(self, request: HttpRequest, *, public_id: uuid.UUID) -> HttpResponse:
        staff = cast(AbstractBaseUser, request.user)
        try:
            end_by_staff(
                staff=staff,
                public_id=public_id,
                now=timezone.now(),
                among=partial(citizen_of_case, public_id=public_id),
            )
        except NotFound:
            raise Http404 from None
        messages.success(request, gettext("The account is signed out on every device."))
        return redirect("videoreception_sign_in_cases:index")


def _row(record: JournalRecord) -> Row:
    details = record.details
    provider = identity_providers().get(details["provider"])
    return Row(
        moment=record.moment,
        reason=REASONS.get(details["reason"], details["reason"]),
        provider=gettext(provider.label)
        if provider
        else details["provider"] or gettext("help desk"),
        accounts=[record.subject_id, *details["others"]],
    )


class SignInCasesViewSet(OurAddresses, ViewSet):
    name = "sign_in_cases"
    icon = "key"
    menu_label = _("Sign-in cases")
    menu_item_class = shown_to(operates_portal)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", SignInCasesPage.as_view(), name="index"),
            path(
                "<uuid:public_id>/end-sessions/", EndAccountSessions.as_view(), name="end_sessions"
            ),
        ]
