"""Applications that a person signs on paper: until when their centre enters them (B-58)."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from diia_videoreception.rules.centres import Period
from diia_videoreception.rules.terms import Workdays

CODE_LENGTH = 8
"""Signs of the code on a paper, which says what was printed there and for whom."""
EVENING = time(18)
"""The end of the day in a centre that has not said its hours."""
LONGEST_CLOSED = 60
"""Days after which nobody waits for a centre to open."""
_DAY = timedelta(days=1)
_MARKS = str.maketrans("", "", " -\t\r\n")


def enter_by(
    signed_at: datetime, periods: Iterable[Period], *, workdays: Workdays, zone: ZoneInfo
) -> datetime:
    """Return the end of the first working day after the one on which a paper was signed.

    A day is one of the centre's when its week has hours for it and it is no holiday; where the centre
    has not said its hours, from Monday to Friday.

    Args:
        zone: of the centre.
    """
    closes: dict[int, time] = {}
    for one in periods:
        closes[one.weekday] = max(one.closes, closes.get(one.weekday, one.closes))
    signed = signed_at.astimezone(zone).date()
    days = [signed + _DAY * number for number in range(1, LONGEST_CLOSED + 1)]
    day = next((one for one in days if _is_open(one, closes, workdays)), days[0])
    return datetime.combine(day, closes.get(day.weekday(), EVENING), zone)


def _is_open(day: date, weekdays: Collection[int], workdays: Workdays) -> bool:
    if not weekdays:
        return not workdays.is_off(day)
    return day.weekday() in weekdays and day not in workdays.holidays


def read_paper_code(text: str) -> str:
    """Return the code of a paper as it is stored, however it was copied."""
    return text.translate(_MARKS).upper()


def written_paper_code(code: str) -> str:
    """Return the code of a paper in two groups, to be copied."""
    return f"{code[:4]}-{code[4:]}"
