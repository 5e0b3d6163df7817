"""Ending a citizen's sessions at their request: a lost phone, a stranger in the cabinet."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diia_videoreception.errors import ActRefused
from diia_videoreception.services.accounts.sessions import end_by_staff
from diia_videoreception.wagtail_admin.cases.views import CaseScreen


class EndSessions(CaseScreen):
    """«Завершити сеанси»: asks first; then whoever is signed in as this citizen is so no more."""

    template_name = "diia_videoreception/admin/end_sessions.html"
    page_title = gettext_lazy("End the citizen’s sessions")

    def get_page_title(self) -> str:
        return _("End the citizen’s sessions")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(back_url=self.case_url, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            end_by_staff(
                staff=self.staff, public_id=self.application.citizen.public_id, now=self.now
            )
        except ActRefused as refusal:
            self.refuse(refusal)
            return redirect(self.case_url)
        self.log_act("end_sessions")
        return self.back_to_case(_("The citizen is signed out on every device."))
