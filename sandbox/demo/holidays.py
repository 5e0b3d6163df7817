"""Public holidays of Ukraine in 2026 and 2027 (Labour Code, article 73); editors may change them."""

from datetime import date, timedelta

from diia_videoreception.models import Holiday

YEARS = (2026, 2027)
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
EASTER = (date(2026, 4, 12), date(2027, 5, 2))
TRINITY_AFTER_EASTER = timedelta(days=49)


def load_holidays() -> None:
    days = {date(year, month, day): name for year in YEARS for month, day, name in FIXED}
    for easter in EASTER:
        days[easter] = "Пасха (Великдень)"
        days[easter + TRINITY_AFTER_EASTER] = "Трійця"
    Holiday.objects.bulk_create(Holiday(date=day, name=name) for day, name in sorted(days.items()))
