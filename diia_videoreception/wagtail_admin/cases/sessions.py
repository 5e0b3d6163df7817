"""Ending a citizen's sessions at their request: a lost phone, a stranger in the cabinet."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from diia_videoreception.errors import ActRefused
from diia_videoreception.services.accounts.sessions import end_by_staff
from diia_videoreception.wagtail_admin.cases.views import CaseScreen


class EndSessions(CaseScreen):
    """«Завершити сеанси»: whoever is signed in as this citizen is so no more."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            end_by_staff(
                staff=self.staff, public_id=self.application.citizen.public_id, now=self.now
            )
        except ActRefused as refusal:
            self.refuse(refusal)
            return redirect(self.case_url)
        self.log_act("end_sessions")
        return self.back_to_case(_("The citizen’s sessions are ended, on every device."))
