"""The statistics of a centre for its head: a period, counts with their shares, and a table to take away."""

import csv
from datetime import date
from functools import partial
from io import StringIO
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from diia_videoreception.models import CentreMember
from diia_videoreception.rules.centre_figures import (
    LEAST,
    MAX_DAYS,
    MIN_DAYS,
    FigurePeriod,
    NoPeriod,
    PeriodError,
    PeriodKind,
    month_of,
    offered,
    own_period,
)
from diia_videoreception.selectors.centres.figure_tables import cells_of, in_words, words_of
from diia_videoreception.selectors.centres.figures import figures_of_centre
from diia_videoreception.selectors.centres.rights import today_in
from diia_videoreception.services.centres import figures as service
from diia_videoreception.web.centre.acting import summary_of
from diia_videoreception.web.centre.forms import day_field
from diia_videoreception.web.centre.guard import centre_page, head_required
from diia_videoreception.web.centre.people import who_acts
from diia_videoreception.web.forms import ScreenForm

_REFUSED = {
    PeriodError.MISSING: _("Enter both dates, or choose a month or a quarter."),
    PeriodError.BACKWARDS: _("The last day is before the first."),
    PeriodError.FUTURE: _("The last day has not come yet."),
    PeriodError.TOO_OLD: _("There are no figures so long ago."),
    PeriodError.TOO_SHORT: _("Choose at least %(most)s days: fewer would tell of single people."),
    PeriodError.TOO_LONG: _("Choose at most %(most)s days."),
}
_DAYS = {PeriodError.TOO_SHORT: MIN_DAYS, PeriodError.TOO_LONG: MAX_DAYS}


class PeriodForm(ScreenForm):
    """A month, a quarter, or days of one's own; this month while nothing is said."""

    period = forms.ChoiceField(
        label=pgettext_lazy("statistics", "Period"),
        widget=forms.Select,
        error_messages={"invalid_choice": _("Choose one."), "required": _("Choose one.")},
    )
    first = day_field(_("First day"), required=False)
    last = day_field(_("Last day"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        choices = [(one.name, words_of(one)) for one in offered(today)]
        choice: Any = self.fields["period"]
        choice.choices = [*choices, (PeriodKind.OWN.value, _("between dates of your own"))]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("period") == PeriodKind.OWN and not self.errors:
            try:
                said["own"] = own_period(said["first"], said["last"], today=self.today)
            except NoPeriod as refusal:
                place = "last" if said["first"] else "first"
                self.add_error(
                    place, _REFUSED[refusal.reason] % {"most": _DAYS.get(refusal.reason)}
                )
        return said

    @cached_property
    def wanted(self) -> FigurePeriod:
        """Return what was asked for; this month where that is nothing."""
        if not self.is_bound or not self.is_valid():
            return month_of(self.today)
        said = self.cleaned_data
        named = {one.name: one for one in offered(self.today)}
        return named.get(said["period"]) or said["own"]


def _form(request: HttpRequest, head: CentreMember) -> PeriodForm:
    sent = request.POST if request.method == "POST" else request.GET
    today = today_in(head.centre, now=timezone.now())
    initial = {"period": month_of(today).name}
    return PeriodForm(sent if "period" in sent else None, today=today, initial=initial)


@require_safe
@head_required
def statistics(request: HttpRequest, head: CentreMember) -> HttpResponse:
    """Show the figures of a period."""
    form = _form(request, head)
    period = form.wanted
    found = figures_of_centre(head, period)
    return centre_page(
        request,
        head,
        "statistics.html",
        here="statistics",
        heading=_("Statistics"),
        form=form,
        period=period,
        period_words=words_of(period),
        before_words=words_of(period.before),
        shown=in_words(found) if found else None,
        least=LEAST,
        error_summary=summary_of(form),
    )


@require_POST
@partial(head_required, fresh=True)
def table(request: HttpRequest, head: CentreMember) -> HttpResponse:
    """Give the figures as a table; the journal tells who took them."""
    form = _form(request, head)
    period = form.wanted
    found = service.export(head.centre.public_id, period, **who_acts(request))
    text = StringIO()
    rows = cells_of(in_words(found), period, head.centre.name)
    csv.writer(text, delimiter=";").writerows(rows)
    # With the mark of Unicode, so that programs for tables read Ukrainian.
    response = HttpResponse(
        text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = (
        f'attachment; filename="statistics-{period.first}.csv"'
    )
    return response
