"""Asking a citizen for a device check from the case (A-09)."""

from django.utils.translation import gettext_lazy as _

from diia_videoreception.services.booking.equipment import ask_for_check
from diia_videoreception.wagtail_admin.cases.views import CaseAct


class AskForCheck(CaseAct):
    """«Попросити перевірити»: a letter, and a notice in the cabinet."""

    log_name = "ask_device_check"
    done = _("We will send the citizen a letter asking them to check the equipment.")

    def act(self) -> bool:
        ask_for_check(moderator=self.staff, public_id=self.application.public_id, now=self.now)
        return True
