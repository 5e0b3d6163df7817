"""Numbers of a report as people read them."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils.formats import number_format
from django.utils.translation import gettext, pgettext

from diia_videoreception.rules.reports import ReportPeriod, share
from diia_videoreception.wording import day_month, day_month_year, month_year

Cell = str | int | float | None
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MAX_STARS = 5


def in_words(cell: Cell) -> str:
    """Write a number with the signs of the language; a dash where there is none."""
    if cell is None:
        return "—"
    if isinstance(cell, float):
        return str(number_format(cell, decimal_pos=1))
    return str(cell)


def days(span: timedelta | None) -> float | None:
    return None if span is None else round(span / DAY, 1)


def hours(span: timedelta | None) -> float | None:
    return None if span is None else round(span / HOUR, 1)


def percent(part: float, whole: float) -> float | None:
    found = share(part, whole)
    return None if found is None else round(found, 1)


def span_words(span: timedelta | None) -> str:
    """«6,2 дня», «5,5 години»; a dash where nobody waited."""
    if span is None:
        return "—"
    if span < DAY:
        return pgettext("with a fraction", "%(number)s hours") % {"number": in_words(hours(span))}
    return pgettext("with a fraction", "%(number)s days") % {"number": in_words(days(span))}


def period_words(period: ReportPeriod) -> str:
    """«листопад 2026 року», «1 листопада – 5 грудня 2026 року»."""
    if period.is_month:
        return month_year(period.first)
    if period.days == 1:
        return day_month_year(period.first)
    is_one_year = period.first.year == period.last.year
    first = (day_month if is_one_year else day_month_year)(period.first)
    return f"{first} – {day_month_year(period.last)}"


def percent_words(value: float | None) -> str:
    """«4,6 %»."""
    return "—" if value is None else f"{in_words(value)}\u00a0%"


def average(stars: Mapping[int, int]) -> float | None:
    """Return the average of ratings, told by how many gave how many stars."""
    number = sum(stars.values())
    given = sum(one * count for one, count in stars.items())
    return round(given / number, 1) if number else None


def stars_words(value: float | None) -> str:
    """«4,5 з 5»."""
    if value is None:
        return "—"
    return gettext("%(rating)s of %(most)s") % {"rating": in_words(value), "most": MAX_STARS}
