"""«Продовжити строк»: to how many days in all and why, the letter that the citizen will get, the act."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from diia_videoreception.errors import TermNotExtended, WrongState
from diia_videoreception.models import TermExtension
from diia_videoreception.rules.terms import (
    MAX_DAYS,
    MAX_EXTENSION_REASON,
    Counting,
    TermKind,
    last_minute,
)
from diia_videoreception.selectors.booking.answer_tasks import task_of
from diia_videoreception.selectors.booking.terms import extensions_of, term_of
from diia_videoreception.services.booking import extending
from diia_videoreception.services.letters.previews import Preview, preview_of_extension
from diia_videoreception.wagtail_admin.cases.forms import VersionForm
from diia_videoreception.wagtail_admin.cases.previewed import PreviewedAct
from diia_videoreception.wagtail_admin.terms import length_in_words


class ExtensionForm(VersionForm):
    days = forms.IntegerField(
        label=gettext_lazy("To how many days in all"),
        min_value=1,
        max_value=MAX_DAYS,
        error_messages={"required": gettext_lazy("Write a number.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why more time is needed"),
        max_length=MAX_EXTENSION_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The citizen will read it in the letter."),
        error_messages={"required": gettext_lazy("Write the reason: the citizen will read it.")},
    )


class ExtendTerm(PreviewedAct):
    """Asks for days and reason, shows the letter, extends.

    Attributes:
        kind: Which of the terms of a case.
        do: The act.
    """

    kind: ClassVar[TermKind] = TermKind.DECISION
    do: ClassVar[Callable[..., TermExtension]] = staticmethod(extending.extend)

    template_name = "diia_videoreception/admin/extend_term.html"
    page_title = gettext_lazy("Extend the term")
    form_class = ExtensionForm
    last_step = "extend"
    preview: Preview | None = None

    def get_page_title(self) -> str:
        return _("Extend the term for the decision")

    def is_open(self) -> bool:
        """See `PreviewedAct.is_open`."""
        return self._running()[1]

    def show_letter(self) -> HttpResponse:
        planned = extending.planned(
            self.application,
            kind=self.kind,
            days=self.form.cleaned_data["days"],
            reason=self.form.cleaned_data["reason"],
            staff=self.staff,
            now=self.now,
        )
        self.preview = preview_of_extension(planned, now=self.now)
        return self.again()

    def act(self) -> HttpResponse:
        self.do(
            staff=self.staff,
            public_id=self.application.public_id,
            version=self.form.cleaned_data["version"],
            days=self.form.cleaned_data["days"],
            reason=self.form.cleaned_data["reason"],
            now=self.now,
        )
        self.log_act("extend_term")
        return self.back_to_case(_("The term is extended. We will send the citizen a letter."))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for nothing where the agency lets nobody extend the term."""
        term = term_of(self.application.official.agency, self.kind)
        if self.is_open() and (term is None or term.max_days is None):
            messages.error(request, TermNotExtended.message)
            return redirect(self.case_url)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        passes_at, may_extend = self._running()
        term = term_of(self.application.official.agency, self.kind)
        return super().get_context_data(
            form=self.form,
            preview=self.preview,
            passes=last_minute(passes_at) if passes_at else None,
            version=self.version,
            term=term,
            length=length_in_words(term.days, Counting(term.counting))
            if term and term.days
            else "",
            extensions=extensions_of(self.application, self.kind),
            may_extend=may_extend,
            **kwargs,
        )

    @property
    def version(self) -> int:
        """Of what the act changes."""
        return self.application.version

    def _running(self) -> tuple[datetime | None, bool]:
        """Return when the term passes, and whether there is one to extend."""
        try:
            running = extending.running_term(self.application, self.kind, now=self.now)
        except WrongState:
            return None, False
        return running.passes_at, running.passes_at is not None


class ExtendAnswerTerm(ExtendTerm):
    """The same for the answer after a reception."""

    kind = TermKind.ANSWER
    do = staticmethod(extending.extend_answer)

    def require_seen(self, version: int) -> None:
        """See `PreviewedAct.require_seen`: here it is the task."""
        if version != self.version:
            raise WrongState

    def get_page_title(self) -> str:
        return _("Extend the term for the answer")

    @property
    def version(self) -> int:
        task = task_of(self.application)
        return task.version if task is not None else 0
