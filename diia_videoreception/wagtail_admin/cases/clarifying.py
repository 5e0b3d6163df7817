"""Asking the citizen before the decision, and taking the question back."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diia_videoreception.models import Clarification
from diia_videoreception.rules.transitions import Act
from diia_videoreception.services.booking import clarifications
from diia_videoreception.services.letters.previews import Preview, preview_of_question
from diia_videoreception.wagtail_admin.cases.forms import QuestionForm, VersionForm
from diia_videoreception.wagtail_admin.cases.previewed import PreviewedAct
from diia_videoreception.wagtail_admin.cases.views import CaseAct


class AskQuestion(PreviewedAct):
    """«Запитати уточнення»: the question, the letter with the deadline, the act."""

    template_name = "diia_videoreception/admin/ask.html"
    page_title = gettext_lazy("Ask the citizen")
    last_step = "ask"
    planned: Clarification | None = None

    def get_page_title(self) -> str:
        return _("Ask the citizen")

    def is_open(self) -> bool:
        """See `PreviewedAct.is_open`."""
        return Act.ASK_CLARIFICATION.value in self.acts

    def new_form(self, sent: QueryDict | None = None) -> QuestionForm:
        latest = clarifications.latest_deadline(self.application, now=self.now)
        return QuestionForm(sent, application=self.application, latest=latest, now=self.now)

    def show_letter(self) -> HttpResponse:
        self.planned = clarifications.planned(
            self.application,
            question=self.form.cleaned_data["question"],
            answer_by=self.form.cleaned_data["answer_by"],
            now=self.now,
        )
        return self.again()

    def act(self) -> HttpResponse:
        clarifications.ask(
            moderator=self.staff,
            public_id=self.application.public_id,
            version=self.form.cleaned_data["version"],
            question=self.form.cleaned_data["question"],
            answer_by=self.form.cleaned_data["answer_by"],
            now=self.now,
        )
        self.log_act("ask_clarification")
        return self.back_to_case(_("The question is sent. The citizen gets a letter."))

    def _letter(self) -> Preview | None:
        return preview_of_question(self.planned, now=self.now) if self.planned else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            form=self.form,
            preview=self._letter(),
            deadline=self.planned.deadline if self.planned else None,
            may_ask=self.is_open(),
            **kwargs,
        )


class WithdrawQuestion(CaseAct):
    """«Не чекати відповіді»: asks first; then the case can be decided, and the citizen is told."""

    template_name = "diia_videoreception/admin/withdraw_question.html"
    http_method_names = ["get", "head", "post"]
    page_title = gettext_lazy("Withdraw the question")
    log_name = "withdraw_clarification"
    wants = Act.WITHDRAW_CLARIFICATION
    done = gettext_lazy("The question is withdrawn. The citizen gets a letter. You can decide now.")

    def get_page_title(self) -> str:
        return _("Withdraw the question")

    def act(self) -> bool:
        clarifications.withdraw(
            moderator=self.staff,
            public_id=self.application.public_id,
            version=self.posted(VersionForm)["version"],
            now=self.now,
        )
        return True
