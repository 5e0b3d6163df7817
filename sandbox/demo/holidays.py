"""Public holidays of Ukraine (Labour Code, article 73); editors may change them."""

from collections.abc import Iterable
from datetime import date, timedelta

from diia_videoreception.models import Holiday

FIXED = (
    (1, 1, "Новий рік"),
    (3, 8, "Міжнародний жіночий день"),
    (5, 1, "День праці"),
    (5, 8, "День пам’яті та перемоги над нацизмом у Другій світовій війні 1939–1945 років"),
    (6, 28, "День Конституції України"),
    (7, 15, "День Української Державності"),
    (8, 24, "День незалежності України"),
    (10, 1, "День захисників і захисниць України"),
    (12, 25, "Різдво Христове"),
)
TRINITY_AFTER_EASTER = timedelta(days=49)
GREGORIAN_BEFORE_JULIAN = timedelta(days=13)
"""From 1900 to 2099."""


def easter(year: int) -> date:
    """Return the day of Easter by the Julian reckoning (Meeus), as a date of our calendar, until 2099."""
    a, b, c = year % 4, year % 7, year % 19
    moon = (19 * c + 15) % 30
    month, day = divmod(moon + (2 * a + 4 * b - moon + 34) % 7 + 114, 31)
    return date(year, month, day + 1) + GREGORIAN_BEFORE_JULIAN


def holidays_around(today: date) -> dict[date, str]:
    """Name of the holidays of last year, for past receptions, of this one and of the next two."""
    return _named(range(today.year - 1, today.year + 3))


def _named(years: Iterable[int]) -> dict[date, str]:
    days = {}
    for year in years:
        days |= {date(year, month, day): name for month, day, name in FIXED}
        days[easter(year)] = "Пасха (Великдень)"
        days[easter(year) + TRINITY_AFTER_EASTER] = "Трійця"
    return dict(sorted(days.items()))


def load_holidays(*, today: date) -> None:
    Holiday.objects.bulk_create(
        Holiday(date=day, name=name) for day, name in holidays_around(today).items()
    )
