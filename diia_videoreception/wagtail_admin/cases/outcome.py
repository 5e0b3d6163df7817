"""Noting what became of a reception: it took place, or somebody did not come."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from diia_videoreception.errors import ActRefused, WrongState
from diia_videoreception.rules.transitions import OUTCOMES, Act
from diia_videoreception.services.booking import moderation
from diia_videoreception.wagtail_admin.cases.forms import VersionForm
from diia_videoreception.wagtail_admin.cases.views import CaseScreen


class OutcomeForm(VersionForm):
    outcome = forms.ChoiceField(choices=[(act.value, act.value) for act in OUTCOMES])


class Outcome(CaseScreen):
    """«Відбувся», «Заявник не з’явився», «Не відбувся з вини установи»."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = OutcomeForm(request.POST)
        try:
            if not form.is_valid():
                raise WrongState
            moderation.note_outcome(
                moderator=self.staff,
                public_id=self.application.public_id,
                version=form.cleaned_data["version"],
                outcome=Act(form.cleaned_data["outcome"]),
                now=self.now,
            )
        except ActRefused as refusal:
            self.refuse(refusal)
            return redirect(self.case_url)
        self.log_act("note_outcome")
        return self.back_to_case(_("Recorded. The citizen can see it in their account."))
