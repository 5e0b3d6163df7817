"""«Звіти»: the page of an agency's figures for a period that the reader chooses (M10)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from diia_videoreception.rules.reports import (
    DAY,
    MAX_DAYS,
    ReportPeriod,
    ReportPeriodError,
    ReportPeriodFault,
    reported,
)
from diia_videoreception.selectors.booking import reports
from diia_videoreception.selectors.booking.exports import files_saved, sees_exports
from diia_videoreception.selectors.booking.report_load import add_offered
from diia_videoreception.selectors.booking.reports import Figures, ReportScope
from diia_videoreception.selectors.reference import moderates
from diia_videoreception.wagtail_admin.addresses import key_asked
from diia_videoreception.wagtail_admin.cases.forms import REASONS
from diia_videoreception.wagtail_admin.pages import StaffPage
from diia_videoreception.wagtail_admin.reports import sections
from diia_videoreception.wagtail_admin.reports.cards import cards
from diia_videoreception.wagtail_admin.reports.figures import period_words
from diia_videoreception.wagtail_admin.reports.sections import Compare, Section

MAX_SHOWN = 50
"""Rows of one table on the page."""
MAX_FILES = 20
"""Saved files that a head is shown."""
TOGETHER = "all"
FAULTS = {
    ReportPeriodFault.REVERSED: _("The last day is before the first one."),
    ReportPeriodFault.TOO_LONG: _(
        "One report covers at most %(most)s days. Choose a shorter period, or several reports."
    ),
    ReportPeriodFault.TOO_EARLY: _("There were no video receptions then."),
    ReportPeriodFault.IN_FUTURE: _("The last day has not come yet."),
}
_DATE = {"type": "date"}


class ReportPeriodForm(forms.Form):
    """From which day to which, and with what that is compared."""

    first = forms.DateField(label=_("From"), widget=forms.DateInput(_DATE, format="%Y-%m-%d"))
    last = forms.DateField(label=_("To"), widget=forms.DateInput(_DATE, format="%Y-%m-%d"))
    compare = forms.ChoiceField(
        label=_("Compare"),
        choices=[
            (Compare.BEFORE, _("with the period before")),
            (Compare.YEAR, _("with the year before")),
            (Compare.NOTHING, _("do not compare")),
        ],
        required=False,
    )
    period: ReportPeriod | None = None

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last:
            try:
                self.period = reported(first, last, today=self.today)
            except ReportPeriodError as error:
                text = str(FAULTS[error.fault])
                self.add_error("last", text % {"most": MAX_DAYS} if "%(" in text else text)
        return cleaned


@dataclass(frozen=True, slots=True)
class AgencyReport:
    """What was found."""

    found: Figures
    compared: ReportPeriod | None
    was: Figures | None
    sections: list[Section]


def report_on(
    scope: ReportScope, period: ReportPeriod, compare: str, *, now: datetime
) -> AgencyReport:
    """Count everything that a report tells."""
    compared = {Compare.BEFORE: period.before, Compare.YEAR: period.year_before}.get(
        Compare(compare or Compare.BEFORE), lambda: None
    )()
    found = reports.figures(scope, period, now=now)
    was = reports.figures(scope, compared, now=now) if compared else None
    if scope.is_joined:
        rows = reports.by_agency(scope, period, now=now)
        names, whose, is_offered = {a.pk: a.name for a in scope.chosen}, gettext("Agency"), False
    else:
        rows = reports.by_official(scope, period, now=now)
        is_offered = add_offered(scope, period, rows, now=now)
        names, whose = reports.names_of(scope, rows), gettext("Official")
    usual = [str(text) for text, _step in REASONS]
    made = [
        sections.by_channel(period, found),
        sections.outcomes_of(found),
        sections.load_of(rows, names, whose=whose, is_offered=is_offered),
        sections.waiting_of(reports.waiting_by_days(scope, period, now=now)),
        sections.filed_of(found),
        sections.refusals_of(*reports.refusals(scope, period, usual)),
        sections.ratings_of(found),
        sections.quality_of(period, found.stars_by_day),
    ]
    return AgencyReport(found, compared, was, made)


class PeriodPage(StaffPage):
    """What pages about a period share: of whom it is, from which day to which."""

    header_icon = "table"

    def is_for(self, user: Any) -> bool:
        return moderates(user)

    def prepare(self) -> None:
        self.scope = self._scope()
        self.today = self.now.astimezone(self.scope.zone).date()

    def _scope(self) -> ReportScope:
        together = self.request.GET.get("agency") == TOGETHER
        asked = {
            name: key_asked(self.request, name)
            for name in ("agency", "unit", "official")
            if not (together and name == "agency")
        }
        scope = reports.report_scope(self.request.user, together=together, **asked)
        if scope is None:
            raise Http404
        self.asked: dict[str, int | str] = {
            name: key for name, key in asked.items() if key is not None
        }
        if together:
            self.asked["agency"] = TOGETHER
        return scope

    @cached_property
    def form(self) -> ReportPeriodForm:
        asked = {
            "first": self.today.replace(day=1).isoformat(),
            "last": self.today.isoformat(),
            "compare": Compare.BEFORE,
            **{
                name: self.request.GET[name]
                for name in ReportPeriodForm.base_fields
                if name in self.request.GET
            },
        }
        return ReportPeriodForm(asked, today=self.today)

    @property
    def period(self) -> ReportPeriod | None:
        """What was asked for; None while something about it is wrong."""
        return self.form.period if self.form.is_valid() else None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        context = self.get_context_data(**kwargs)
        return self.render_to_response(context, status=200 if self.period else 422)

    def address(self, period: ReportPeriod) -> str:
        query = urlencode(
            {**self.asked, "first": period.first.isoformat(), "last": period.last.isoformat()}
        )
        return f"{reverse('videoreception_reports:index')}?{query}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            form=self.form,
            whose=self._whose(),
            here=reverse("videoreception_reports:index"),
            **kwargs,
        )

    def _whose(self) -> str:
        """Return of whom the report is, in words."""
        scope = self.scope
        if scope.is_joined:
            return gettext("all your agencies together")
        parts = [scope.chosen[0].name]
        parts += [one.name for one in scope.units if one.pk == self.asked.get("unit")]
        parts += [one.full_name for one in scope.officials if one.pk == self.asked.get("official")]
        return ", ".join(parts)


class ReportPage(PeriodPage):
    """The choice of a period and the figures of it."""

    template_name = "diia_videoreception/admin/report.html"
    page_title = _("Reports")

    def _ready_periods(self) -> list[tuple[str, str, bool]]:
        today = self.today
        month = today.replace(day=1)
        starts = [
            (gettext("This week"), today - today.weekday() * DAY),
            (gettext("This month"), month),
            (gettext("This quarter"), month.replace(month=(today.month - 1) // 3 * 3 + 1)),
            (gettext("This year"), month.replace(month=1)),
        ]
        periods = [(words, ReportPeriod(first, today)) for words, first in starts]
        last = month - DAY
        periods.insert(2, (gettext("Last month"), ReportPeriod(last.replace(day=1), last)))
        return [(words, self.address(one), one == self.period) for words, one in periods]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            scope=self.scope,
            asked=self.asked,
            together=TOGETHER,
            ready=self._ready_periods(),
            export_url=self._export_url(),
            **kwargs,
        )
        if self.period is not None:
            compare = self.form.cleaned_data["compare"]
            report = report_on(self.scope, self.period, compare, now=self.now)
            context |= {
                "heading": capfirst(period_words(self.period)),
                "compared": period_words(report.compared) if report.compared else "",
                "cards": cards(report.found, report.was),
                "sections": [(one, one.shown[:MAX_SHOWN]) for one in report.sections],
                "max_shown": MAX_SHOWN,
                "now": self.now,
                "zone": str(self.scope.zone),
                "files": files_saved(self.request.user, self.scope.chosen, most=MAX_FILES),
                "max_files": MAX_FILES,
            }
        return context

    def _export_url(self) -> str:
        if self.period is None or not sees_exports(self.request.user):
            return ""
        query = self.address(self.period).partition("?")[2]
        return f"{reverse('videoreception_reports:export')}?{query}"
