"""«Календар»: a day, a week and a month of an agency, or of the official who looks (M07)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet

from diia_videoreception.models import Application
from diia_videoreception.selectors.access import roles_of
from diia_videoreception.selectors.booking import agenda
from diia_videoreception.selectors.booking.agenda import (
    DAY,
    Cell,
    Event,
    Kind,
    MonthDay,
    OfficialDays,
)
from diia_videoreception.selectors.booking.official_day import day_of
from diia_videoreception.selectors.reference import moderates
from diia_videoreception.wagtail_admin.addresses import OurAddresses, key_asked, shown_to
from diia_videoreception.wagtail_admin.cases.mentioned import case_url, topic_line
from diia_videoreception.wagtail_admin.pages import StaffPage
from diia_videoreception.wording import (
    day_month,
    day_month_year,
    long_date,
    month_year,
    short_moment,
    wall_clock,
    weekday_name,
)

MAX_EVENTS = 300
"""Rows of one day; of more the reader is told to choose a unit."""
WEEK = timedelta(days=7)
WORKING_DAYS = 5


def has_calendar(user: Any) -> bool:
    """Return whether somebody moderates an agency or is an official."""
    # Substitutes are officials only on certain days, and have «Мій день» for these.
    return moderates(user) or (roles_of(user).is_official and agenda.own_officials(user).exists())


class AgendaPage(StaffPage):
    """What all views of the calendar share: whose times, of which day, and the ways between them."""

    page_title = _("Calendar")
    header_icon = "calendar-alt"
    view_name = "index"

    def is_for(self, user: Any) -> bool:
        # Whom it is for depends on whose times are asked for.
        return True

    def prepare(self) -> None:
        request = self.request
        self.asked = {name: key_asked(request, name) for name in ("agency", "unit", "official")}
        scope = agenda.scope_of(request.user, **self.asked)
        if scope is None:
            if any(self.asked.values()):
                raise Http404
            raise PermissionDenied
        self.scope = scope
        self.day = scope.day(day_of(request.GET.get("day", "")), now=self.now)
        self.today = scope.today(self.now)

    def address(self, day: date, view: str = "") -> str:
        """Return the address of a view with the same choice, on a day."""
        chosen = {name: key for name, key in self.asked.items() if key is not None}
        query = urlencode({**chosen, "day": day.isoformat()})
        return f"{reverse(f'videoreception_agenda:{view or self.view_name}')}?{query}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            scope=self.scope,
            asked=self.asked,
            day=self.day,
            now=self.now,
            zone=self.scope.agency.time_zone,
            here=self.request.path,
            views=[
                (label, self.address(self.day, name), name == self.view_name)
                for name, label in (("day", _("Day")), ("index", _("Week")), ("month", _("Month")))
            ],
            legend=[(kind, KINDS[kind]) for kind in Kind],
            **kwargs,
        )


class WeekPage(AgendaPage):
    """Officials below each other, days beside each other."""

    template_name = "diia_videoreception/admin/agenda_week.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        monday = self.day - self.day.weekday() * DAY
        page = Paginator(self.scope.shown, agenda.MAX_ROWS).get_page(self.request.GET.get("p"))
        rows = agenda.rows_between(
            self.scope, list(page.object_list), first=monday, last=monday + 6 * DAY, now=self.now
        )
        days = _days_worth_showing(rows, monday)
        return super().get_context_data(
            heading=_period_in_words(days[0], days[-1]),
            days=[(day, day == self.today) for day in days],
            rows=[
                (row.official, [_cell(day, cell, self) for day, cell in row.cells if day in days])
                for row in rows
            ],
            summary=_summary(cell for row in rows for _day, cell in row.cells),
            earlier=(self.address(self.day - WEEK), _("Previous week")),
            present=(self.address(self.today), _("This week")),
            later=(self.address(self.day + WEEK), _("Next week")),
            page_links=_page_links(page, self.address(self.day)),
            **kwargs,
        )


def _page_links(page: Any, address: str) -> dict[str, str]:
    """Return the ways to the officials before and after those on this page."""
    return {
        "before": f"{address}&p={page.previous_page_number()}" if page.has_previous() else "",
        "after": f"{address}&p={page.next_page_number()}" if page.has_next() else "",
    }


def _days_worth_showing(rows: Sequence[OfficialDays], monday: date) -> list[date]:
    """Return the days of the week; Saturday and Sunday where anything is on them."""
    busy = {day for row in rows for day, cell in row.cells if cell.events or cell.is_open}
    days = [monday + number * DAY for number in range(7)]
    return [day for day in days if day.weekday() < WORKING_DAYS or day in busy]


def _period_in_words(first: date, last: date) -> str:
    return f"{day_month(first)} – {day_month_year(last)}"


class DayPage(AgendaPage):
    """One day in the order of its times."""

    template_name = "diia_videoreception/admin/agenda_day.html"
    view_name = "day"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = agenda.rows_between(
            self.scope, self.scope.shown, first=self.day, last=self.day, now=self.now
        )
        cells = [(row.official, cell) for row in rows for _day, cell in row.cells]
        events = sorted(
            (event for _official, cell in cells for event in cell.events),
            key=lambda event: (event.start, event.official.sort_key),
        )
        away = [one for one in events if one.kind == Kind.ABSENCE]
        busy = [one for one in events if one.kind != Kind.ABSENCE]
        return super().get_context_data(
            heading=capfirst(long_date(self.day)),
            away=[_event(one, self) for one in away],
            events=[_event(one, self) for one in busy[:MAX_EVENTS]],
            is_cut_off=len(busy) > MAX_EVENTS,
            free=[
                (official, [wall_clock(start, self.scope.agency.time_zone) for start in cell.free])
                for official, cell in cells
                if cell.free
            ],
            summary=_summary(cell for _official, cell in cells),
            earlier=(self.address(self.day - DAY), _("Previous day")),
            present=(self.address(self.today), _("Today")),
            later=(self.address(self.day + DAY), _("Next day")),
            print_url=self.address(self.day, "print"),
            back_url=self.address(self.day, "day"),
            **kwargs,
        )


class PrintDay(DayPage):
    """The same day as a sheet of paper with room for notes."""

    template_name = "diia_videoreception/print/day.html"


class MonthPage(AgendaPage):
    """How full each day of a month is; whose receptions they are, the day tells."""

    template_name = "diia_videoreception/admin/agenda_month.html"
    view_name = "month"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        begin = self.day.replace(day=1)
        following = (begin + 31 * DAY).replace(day=1)
        first = begin - begin.weekday() * DAY
        end = following - DAY
        last = end + (6 - end.weekday()) * DAY
        days = agenda.month_days(self.scope, first=first, last=last, now=self.now)
        shown = [_month_day(one, self, of_month=one.date.month == begin.month) for one in days]
        of_month = [one for one in days if one.date.month == begin.month]
        waiting = sum(one.waiting for one in of_month)
        return super().get_context_data(
            heading=capfirst(month_year(begin)),
            weekdays=[weekday_name(number) for number in range(7)],
            weeks=[shown[number : number + 7] for number in range(0, len(shown), 7)],
            summary=[
                _number_of_receptions(sum(one.receptions for one in of_month)),
                *([_number_waiting(waiting)] if waiting else []),
            ],
            earlier=(self.address(begin - DAY), _("Previous month")),
            present=(self.address(self.today), _("This month")),
            later=(self.address(following), _("Next month")),
            **kwargs,
        )


KINDS = {
    Kind.WAITING: _("Waits for a decision"),
    Kind.CONFIRMED: _("Confirmed"),
    Kind.OVER: _("Concluded"),
    Kind.HOLD: _("Reserved"),
    Kind.PROPOSAL: _("Another time proposed"),
    Kind.QUEUE: _("Offered to who waits"),
    Kind.ABSENCE: _("Absence"),
}


def _event(event: Event, page: AgendaPage) -> dict[str, Any]:
    zone = page.scope.agency.time_zone
    application = event.application
    shown: dict[str, Any] = {
        "kind": event.kind.value,
        "official": event.official,
        "clock": wall_clock(event.start, zone),
        "who": "",
        "state": _state(event, page),
        "url": "",
        "needs": [],
    }
    if event.kind == Kind.ABSENCE:
        shown["clock"] = (
            gettext("all day")
            if event.is_whole_day
            else f"{wall_clock(event.start, zone)}–{_end_clock(event.end, zone)}"
        )
        if page.scope.is_moderated:
            shown["url"] = reverse("videoreception_absences:edit", args=[event.key])
    elif application is not None:
        shown |= {
            "who": application.citizen.full_name,
            "short": _short_name(application),
            "number": application.number,
            "topic": topic_line(application),
            "needs": application.needs_labels,
            "url": _case_url(application, page),
        }
    return shown


def _end_clock(moment: datetime, zone: str) -> str:
    """«10:30»; «24:00» where something lasts until the end of its day."""
    clock = wall_clock(moment, zone)
    return "24:00" if clock == "0:00" else clock


def _case_url(application: Application, page: AgendaPage) -> str:
    if page.scope.is_moderated:
        return case_url(application)
    return reverse("diia_videoreception:official_reception", args=[application.public_id])


def _short_name(application: Application) -> str:
    """«Мельник І. В.»"""
    citizen = application.citizen
    initials = "\u00a0".join(
        f"{one[0]}." for one in (citizen.first_name, citizen.patronymic) if one
    )
    return f"{citizen.last_name} {initials}".strip()


def _state(event: Event, page: AgendaPage) -> str:
    """Say in words what takes a time."""
    zone = page.scope.agency.time_zone
    if event.kind == Kind.ABSENCE:
        return event.reason or str(KINDS[Kind.ABSENCE])
    if event.kind == Kind.HOLD and event.until:
        return gettext("somebody fills in an application until %(time)s") % {
            "time": wall_clock(event.until, zone)
        }
    if event.kind in {Kind.PROPOSAL, Kind.QUEUE} and event.until:
        return gettext("answer expected by %(moment)s") % {
            "moment": short_moment(event.until, zone)
        }
    if event.application is None:
        return str(KINDS[event.kind])
    return capfirst(event.application.state_in_words_at(page.now))


def _cell(day: date, cell: Cell, page: AgendaPage) -> dict[str, Any]:
    return {
        "day": day,
        "is_today": day == page.today,
        "events": [_event(one, page) for one in cell.events],
        "free": _number_free(len(cell.free)) if cell.free else "",
        "first_free": wall_clock(cell.free[0], page.scope.agency.time_zone) if cell.free else "",
        "is_full": cell.is_coming
        and not cell.free
        and not any(one.kind == Kind.ABSENCE for one in cell.events),
        "is_over": cell.is_open and not cell.is_coming,
    }


def _month_day(one: MonthDay, page: MonthPage, *, of_month: bool) -> dict[str, Any]:
    return {
        "day": one.date,
        "url": page.address(one.date, "day"),
        "is_today": one.date == page.today,
        "of_month": of_month,
        "is_empty": one.is_empty,
        "share": one.share,
        # Of a day that is over it is said, too, that there was none.
        "receptions": _number_of_receptions(one.receptions)
        if one.receptions or not (one.coming or one.taken or one.absent)
        else "",
        "waiting": _number_waiting(one.waiting) if one.waiting else "",
        "absent": _number_absent(one.absent) if one.absent else "",
        "free": _number_free(one.free) if one.free else "",
        "is_full": bool(one.taken and one.coming and not one.free),
    }


def _summary(cells: Iterable[Cell]) -> list[str]:
    """Count what is shown, in words."""
    kinds: Counter[Kind] = Counter()
    free = 0
    for cell in cells:
        kinds.update(one.kind for one in cell.events)
        free += len(cell.free)
    receptions = kinds[Kind.CONFIRMED] + kinds[Kind.OVER]
    found = [_number_of_receptions(receptions)]
    if kinds[Kind.WAITING]:
        found.append(_number_waiting(kinds[Kind.WAITING]))
    if kinds[Kind.PROPOSAL]:
        found.append(
            ngettext("%(count)d proposed time", "%(count)d proposed times", kinds[Kind.PROPOSAL])
            % {"count": kinds[Kind.PROPOSAL]}
        )
    if free:
        found.append(_number_free(free))
    return found


def _number_of_receptions(count: int) -> str:
    return ngettext("%(count)d reception", "%(count)d receptions", count) % {"count": count}


def _number_waiting(count: int) -> str:
    return ngettext("%(count)d application waits", "%(count)d applications wait", count) % {
        "count": count
    }


def _number_free(count: int) -> str:
    return ngettext("%(count)d free time", "%(count)d free times", count) % {"count": count}


def _number_absent(count: int) -> str:
    return ngettext("%(count)d official away", "%(count)d officials away", count) % {"count": count}


class AgendaViewSet(OurAddresses, ViewSet):
    name = "agenda"
    icon = "calendar-alt"
    menu_label = _("Calendar")
    menu_name = "videoreception_agenda"
    menu_order = 145
    menu_item_class = shown_to(has_calendar)
    add_to_admin_menu = True

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", WeekPage.as_view(), name="index"),
            path("day/", DayPage.as_view(), name="day"),
            path("month/", MonthPage.as_view(), name="month"),
            path("print/", PrintDay.as_view(), name="print"),
        ]
