"""What moderators do with an answer that is to come: name who sees to it, extend its term, pass it on."""

from typing import Any, cast

from django import forms
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.utils import get_user_display_name

from diia_videoreception.errors import WrongState
from diia_videoreception.models import AnswerTask
from diia_videoreception.models.answers import MAX_BODY, MAX_WORDS
from diia_videoreception.selectors.booking.answer_tasks import may_be_responsible, task_of
from diia_videoreception.services.booking import answer_tasks
from diia_videoreception.services.letters.previews import Preview, preview_of_passing_on
from diia_videoreception.wagtail_admin.cases.forms import VersionForm
from diia_videoreception.wagtail_admin.cases.previewed import PreviewedAct

MAX_OFFERED = 200


class TaskScreen(PreviewedAct):
    """A form about the task of a case, then the act."""

    preview: Preview | None = None

    @property
    def task(self) -> AnswerTask:
        """The open task.

        Raises:
            WrongState: no answer is to come.
        """
        task = task_of(self.application)
        if task is None or not task.is_open:
            raise WrongState
        task.application = self.application
        return task

    def is_open(self) -> bool:
        """See `PreviewedAct.is_open`."""
        task = task_of(self.application)
        return task is not None and task.is_open

    def require_seen(self, version: int) -> None:
        """See `PreviewedAct.require_seen`: here it is the task."""
        if version != self.task.version:
            raise WrongState

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        task = task_of(self.application)
        return super().get_context_data(
            form=self.form,
            task=task if task is not None and task.is_open else None,
            preview=self.preview,
            **kwargs,
        )


class ResponsibleForm(VersionForm):
    responsible = forms.TypedChoiceField(label=gettext_lazy("Who sees to the answer"), coerce=int)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["responsible"]).choices = people


class AssignAnswer(TaskScreen):
    """«Призначити відповідального»: one of the agency's moderators, or the official."""

    template_name = "diia_videoreception/admin/assign_answer.html"
    page_title = gettext_lazy("Responsible person")
    last_step = ""

    def get_page_title(self) -> str:
        return _("Who sees to the answer")

    def new_form(self, sent: QueryDict | None = None) -> VersionForm:
        people = may_be_responsible(self.application)[:MAX_OFFERED]
        choices = [(user.pk, get_user_display_name(user)) for user in people]
        task = task_of(self.application)
        chosen = {"responsible": task.responsible_id} if task else {}
        return ResponsibleForm(sent, people=choices, initial=chosen)

    def act(self) -> HttpResponse:
        answer_tasks.assign(
            staff=self.staff,
            public_id=self.application.public_id,
            version=self.form.cleaned_data["version"],
            responsible_id=self.form.cleaned_data["responsible"],
            now=self.now,
        )
        self.log_act("assign_answer")
        return self.back_to_case(_("Recorded."))


class PassOnForm(VersionForm):
    body = forms.CharField(
        label=gettext_lazy("Which body answers instead"),
        max_length=MAX_BODY,
        error_messages={"required": gettext_lazy("Write which body answers instead.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=MAX_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The citizen will read it in the letter."),
        error_messages={"required": gettext_lazy("Write the reason: the citizen will read it.")},
    )


class PassOn(TaskScreen):
    """«Передати іншому органу»: the letter is seen before it goes."""

    template_name = "diia_videoreception/admin/pass_on.html"
    page_title = gettext_lazy("Pass on to another body")
    form_class = PassOnForm
    last_step = "act"

    def get_page_title(self) -> str:
        return _("Pass on to another body")

    def show_letter(self) -> HttpResponse:
        typed = self.form.cleaned_data
        task = answer_tasks.passed_on(self.task, body=typed["body"], reason=typed["reason"])
        self.preview = preview_of_passing_on(task, now=self.now)
        return self.again()

    def act(self) -> HttpResponse:
        typed = self.form.cleaned_data
        answer_tasks.pass_on(
            staff=self.staff,
            public_id=self.application.public_id,
            version=typed["version"],
            body=typed["body"],
            reason=typed["reason"],
            now=self.now,
        )
        self.log_act("pass_on")
        return self.back_to_case(_("The question is passed on. We will send the citizen a letter."))
