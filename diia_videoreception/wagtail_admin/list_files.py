"""Files that list something, for the pages that take them: the field, and words for what is wrong."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from diia_videoreception.rules.centre_lists import (
    MAX_FILE_BYTES,
    ListError,
    ListProblem,
    RowOutcome,
)

ACCEPTED = ".csv,text/csv,.xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PROBLEMS: dict[ListProblem, Promise] = {
    ListProblem.NO_TEXT: _("This is neither a CSV file nor an XLSX workbook."),
    ListProblem.NO_CSV: _("This is not a CSV file: save the sheet as CSV."),
    ListProblem.NO_WORKBOOK: _(
        "This workbook cannot be read: it is damaged or has no visible sheet. Save it anew as XLSX or CSV."
    ),
    ListProblem.OLD_WORKBOOK: _(
        "This is a workbook of an older kind (.xls) or one with a password. Save it as XLSX or CSV."
    ),
    ListProblem.EMPTY: _("The file has no rows."),
    ListProblem.TOO_LONG: _("The file has too many rows. Divide it."),
    ListProblem.COLUMNS_MISSING: _("The file lacks columns."),
}
OUTCOMES: dict[RowOutcome, Promise] = {
    RowOutcome.ADDED: _("would be added"),
    RowOutcome.CHANGED: _("would be changed"),
    RowOutcome.UNCHANGED: _("stays as it is"),
    RowOutcome.WRONG: _("wrong"),
}


class ListFileField(forms.FileField):
    """A list as CSV or as a workbook."""

    def __init__(self) -> None:
        super().__init__(
            label=_("File with the list"),
            help_text=_("CSV, or the first sheet of an XLSX workbook."),
            widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file.size > MAX_FILE_BYTES:
            raise forms.ValidationError(gettext("The file is too large."))
        return file


def words_of(error: ListError) -> str:
    """Say why a file cannot be read as a list."""
    words = str(PROBLEMS[error.problem])
    return f"{words} {', '.join(error.missing)}" if error.missing else words
