"""Asking a citizen for a device check from the case (A-09)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from diia_videoreception.errors import ActRefused
from diia_videoreception.services.booking.equipment import ask_for_check
from diia_videoreception.wagtail_admin.cases.views import CaseScreen


class AskForCheck(CaseScreen):
    """«Попросити перевірити»: a letter, and a notice in the cabinet."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            ask_for_check(moderator=self.staff, public_id=self.application.public_id, now=self.now)
        except ActRefused as refusal:
            self.refuse(refusal)
            return redirect(self.case_url)
        self.log_act("ask_device_check")
        return self.back_to_case(
            _("We will send the citizen a letter asking them to check the equipment.")
        )
