"""The page on which a report or a list is taken out as a file: why, in which form, and no GET gives one."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from diia_videoreception.errors import Forbidden, Incomplete, NotFound, TooManyRequests
from diia_videoreception.models import Export
from diia_videoreception.rules.exports import MAX_REASON, MAX_ROWS, MIN_REASON
from diia_videoreception.rules.reports import ReportPeriod
from diia_videoreception.selectors.booking.exports import cases_filed, sees_exports
from diia_videoreception.services.booking.exporting import hand_out
from diia_videoreception.services.throttling import require_rate
from diia_videoreception.wagtail_admin.guard import freshly_proven
from diia_videoreception.wagtail_admin.reports.figures import period_words
from diia_videoreception.wagtail_admin.reports.files import SavedTable, as_csv, as_xlsx
from diia_videoreception.wagtail_admin.reports.sections import Compare
from diia_videoreception.wagtail_admin.reports.views import PeriodPage, report_on
from diia_videoreception.wording import short_moment

WRITERS = {Export.Format.CSV: as_csv, Export.Format.XLSX: as_xlsx}
TYPES = {
    Export.Format.CSV: "text/csv; charset=utf-8",
    Export.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORM = "export"
"""Before the names of the fields: those of the period have the same ones as on the report."""


class ExportForm(forms.Form):
    """What is wanted as a file, and what for."""

    kind = forms.ChoiceField(
        label=_("What to save"),
        choices=[
            (Export.Kind.REPORT, _("all tables of the report")),
            (Export.Kind.LIST, _("a list of the applications filed in this period")),
        ],
        initial=Export.Kind.REPORT,
        widget=forms.RadioSelect,
    )
    format = forms.ChoiceField(
        label=_("File format"),
        choices=Export.Format.choices,
        initial=Export.Format.XLSX,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("What the file is needed for"),
        min_length=MIN_REASON,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Do not name citizens here. It is kept with your name and the time."),
        error_messages={
            "required": _("Say in a sentence what the file is needed for."),
            "min_length": _("Say in a sentence what the file is needed for."),
        },
    )


@method_decorator(freshly_proven, name="dispatch")
class ExportPage(PeriodPage):
    """Asks why; a POST gives the file, once it is written down who has got it."""

    template_name = "diia_videoreception/admin/report_export.html"
    page_title = _("Save as a file")
    http_method_names = ["get", "head", "post"]

    def is_for(self, user: Any) -> bool:
        return sees_exports(user)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ExportForm(request.POST, prefix=FORM)
        period = self.period
        if period is None or not form.is_valid():
            return self._again(form)
        kind = Export.Kind(form.cleaned_data["kind"])
        file_format = Export.Format(form.cleaned_data["format"])
        try:
            # Before anything is counted.
            require_rate("export", f"staff {request.user.pk}", now=self.now)
            tables = self._tables(period, kind)
            content = WRITERS[file_format](tables)
            hand_out(
                content,
                staff=self.staff,
                agencies=[one.pk for one in self.scope.chosen],
                kind=kind,
                file_format=file_format,
                period=period,
                rows=sum(len(table.rows) for table in tables),
                reason=form.cleaned_data["reason"],
                now=self.now,
            )
        except NotFound:
            raise Http404 from None
        except Forbidden:
            raise PermissionDenied from None
        except Incomplete as refusal:
            for name, text in refusal.fields.items():
                form.add_error(name, str(text))
            return self._again(form)
        except TooManyRequests as refusal:
            form.add_error(None, str(refusal))
            return self._again(form, status=429)
        name = f"{kind.value}-{period.first}-{period.last}.{file_format.value}"
        return HttpResponse(
            content,
            content_type=TYPES[file_format],
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )

    def _tables(self, period: ReportPeriod, kind: Export.Kind) -> list[SavedTable]:
        """Return what is to be written.

        Raises:
            Incomplete: it has more rows than a file may have.
        """
        if kind is Export.Kind.LIST:
            tables = [self._list(period)]
        else:
            report = report_on(self.scope, period, Compare.NOTHING, now=self.now)
            tables = [SavedTable(one.title, one.heads, one.rows) for one in report.sections]
        if any(len(table.rows) > MAX_ROWS for table in tables):
            text = gettext("A table of a file has at most %(most)s rows. Choose a shorter period.")
            raise Incomplete(fields={"kind": text % {"most": MAX_ROWS}})
        return tables

    def _list(self, period: ReportPeriod) -> SavedTable:
        zone = str(self.scope.zone)
        rows = [
            (
                *row[:5],
                *("" if moment is None else short_moment(moment, zone) for moment in row[5:]),
            )
            for row in cases_filed(self.scope, period, most=MAX_ROWS)
        ]
        heads = [
            gettext("Number"),
            gettext("Agency"),
            gettext("Official"),
            gettext("State"),
            gettext("Channel"),
            gettext("Submitted"),
            gettext("Time"),
            gettext("Decided"),
        ]
        return SavedTable(gettext("Applications"), heads, rows)

    def _again(self, form: ExportForm, *, status: int = 422) -> HttpResponse:
        return self.render_to_response(self.get_context_data(export=form), status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("export", ExportForm(prefix=FORM))
        context = super().get_context_data(max_rows=MAX_ROWS, **kwargs)
        if self.period is not None:
            context |= {
                "period": period_words(self.period),
                "back_url": self.address(self.period),
                "action": self.request.get_full_path(),
            }
        return context
