"""Ending a citizen's sessions at their request: a lost phone, a stranger in the cabinet."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from diia_videoreception.services.accounts.sessions import end_by_staff
from diia_videoreception.wagtail_admin.cases.views import CaseAct


class EndSessions(CaseAct):
    """«Завершити сеанси»: asks first; then whoever is signed in as this citizen is so no more."""

    template_name = "diia_videoreception/admin/end_sessions.html"
    http_method_names = ["get", "head", "post"]
    page_title = _("End the citizen’s sessions")
    log_name = "end_sessions"
    done = _("The citizen is signed out on every device.")

    def get_page_title(self) -> str:
        return gettext("End the citizen’s sessions")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(back_url=self.case_url, **kwargs)

    def act(self) -> bool:
        end_by_staff(staff=self.staff, public_id=self.application.citizen.public_id, now=self.now)
        return True
