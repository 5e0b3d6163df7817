"""Noting what became of a reception: it took place, or somebody did not come."""

from django import forms
from django.utils.translation import gettext_lazy as _

from diia_videoreception.rules.transitions import OUTCOMES, Act
from diia_videoreception.services.booking import moderation
from diia_videoreception.wagtail_admin.cases.forms import VersionForm
from diia_videoreception.wagtail_admin.cases.views import CaseAct


class OutcomeForm(VersionForm):
    outcome = forms.ChoiceField(choices=[(act.value, act.value) for act in OUTCOMES])


class Outcome(CaseAct):
    """«Відбувся», «Заявник не з’явився», «Не відбувся з вини установи»."""

    log_name = "note_outcome"
    done = _("Recorded. The citizen can see it in their account.")

    def act(self) -> bool:
        sent = self.posted(OutcomeForm)
        moderation.note_outcome(
            moderator=self.staff,
            public_id=self.application.public_id,
            version=sent["version"],
            outcome=Act(sent["outcome"]),
            now=self.now,
        )
        return True
