"""Lists of centres and people from a file: first what would become of each row, then the import itself."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from diia_videoreception.models import CentreMember
from diia_videoreception.rules.centre_lists import (
    COLUMNS,
    MAX_FILE_BYTES,
    MAX_ROWS,
    NEEDED,
    ImportedRow,
    ListError,
    ListKind,
    RowOutcome,
)
from diia_videoreception.rules.workbooks import list_text
from diia_videoreception.services.centres.importing import import_list
from diia_videoreception.wagtail_admin.centres.base import OperatorPage
from diia_videoreception.wagtail_admin.centres.forms import ImportForm
from diia_videoreception.wagtail_admin.guard import freshly_proven
from diia_videoreception.wagtail_admin.list_files import OUTCOMES, words_of


class ImportPage(OperatorPage):
    """Takes a file, shows what it would do, and does it when that was seen."""

    template_name = "diia_videoreception/admin/centre_lists.html"
    page_title = _("Lists from files")
    http_method_names = ["get", "head", "post"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        columns = [
            (label, [(name, name in NEEDED[ListKind(kind)]) for name in COLUMNS[ListKind(kind)]])
            for kind, label in ImportForm.KINDS
        ]
        return super().get_context_data(
            **{
                "form": ImportForm(),
                "columns": columns,
                "max_rows": MAX_ROWS,
                "roles": CentreMember.ROLES,
                **kwargs,
            }
        )

    @method_decorator(freshly_proven)
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("step") == "import":
            return self._import(request)
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._form_again(form)
        kind = ListKind(form.cleaned_data["kind"])
        try:
            text = list_text(form.cleaned_data["file"].read())
            rows = self._listed(kind, text, is_trial=True)
        except ListError as error:
            form.add_error("file", words_of(error))
            return self._form_again(form)
        return self._shown(kind, text, rows)

    def _import(self, request: HttpRequest) -> HttpResponse:
        """Do what was shown; the text comes back as it was, and is tried anew by the act itself."""
        text = request.POST.get("text", "")
        try:
            kind = ListKind(request.POST.get("kind", ""))
        except ValueError:
            return redirect("videoreception_centres:import")
        if len(text) > MAX_FILE_BYTES:
            return redirect("videoreception_centres:import")
        try:
            rows = self._listed(kind, text, is_trial=False)
        except ListError as error:
            messages.error(request, words_of(error))
            return redirect("videoreception_centres:import")
        if any(row.outcome is RowOutcome.WRONG for row in rows):
            return self._shown(kind, text, rows)
        done = sum(row.outcome is not RowOutcome.UNCHANGED for row in rows)
        messages.success(request, gettext("Imported. Rows: %(count)s") % {"count": done})
        return redirect("videoreception_centres:index")

    def _listed(self, kind: ListKind, text: str, *, is_trial: bool) -> list[ImportedRow]:
        return import_list(kind, text, staff=self.staff, is_trial=is_trial, now=timezone.now())

    def _shown(self, kind: ListKind, text: str, rows: list[ImportedRow]) -> HttpResponse:
        wrong = sum(row.outcome is RowOutcome.WRONG for row in rows)
        return self.render_to_response(
            self.get_context_data(
                rows=[(row, OUTCOMES[row.outcome]) for row in rows],
                wrong=wrong,
                kind=kind.value,
                text=text,
            ),
            status=422 if wrong else 200,
        )

    def _form_again(self, form: ImportForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)
