"""How moments, spans, phones and sizes are written, in the language in force; for screens and letters."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy

from diia_videoreception.conf import app_settings
from diia_videoreception.rules.absence import AbsenceObstacle
from diia_videoreception.rules.phones import PhoneError, format_phone, normalise_phone
from diia_videoreception.rules.representation import OnBehalf
from diia_videoreception.rules.terms import decide_until

if TYPE_CHECKING:
    from diia_videoreception.models import CentreWorkplace, Representation
    from diia_videoreception.rules.representation import Represented

KYIV = "Europe/Kyiv"

_WEEKDAYS = (
    pgettext_lazy("within a sentence", "Monday"),
    pgettext_lazy("within a sentence", "Tuesday"),
    pgettext_lazy("within a sentence", "Wednesday"),
    pgettext_lazy("within a sentence", "Thursday"),
    pgettext_lazy("within a sentence", "Friday"),
    pgettext_lazy("within a sentence", "Saturday"),
    pgettext_lazy("within a sentence", "Sunday"),
)
_FOR_WHOM = {
    OnBehalf.SELF: pgettext_lazy("for whom", "myself"),
    OnBehalf.CHILD: pgettext_lazy("for whom", "a child"),
    OnBehalf.WARD: pgettext_lazy("for whom", "a ward"),
    OnBehalf.ATTORNEY: pgettext_lazy("for whom", "by a power of attorney"),
    OnBehalf.ORGANISATION: pgettext_lazy("for whom", "an organisation"),
}
_KIB, _MIB = 1024, 1024 * 1024


def _local(moment: datetime, zone: str) -> datetime:
    """Return the wall clock of the zone named, else of the portal: never that of whoever reads."""
    return moment.astimezone(ZoneInfo(zone or settings.TIME_ZONE))


def _unless_portals(text: str, zone: str) -> str:
    """Name a zone other than the portal's; of that one each page speaks (`zone_note`)."""
    return text if zone in ("", settings.TIME_ZONE) else _with_zone(text, zone)


def _with_zone(text: str, zone: str) -> str:
    if zone == KYIV:
        return gettext("%(moment)s Kyiv time") % {"moment": text}
    return gettext("%(moment)s (time zone %(zone)s)") % {"moment": text, "zone": zone}


def weekday(day: date) -> str:
    """«вівторок»."""
    return str(_WEEKDAYS[day.weekday()])


def weekday_name(weekday: int) -> str:
    """«Вівторок» for 1; Monday is 0."""
    return capfirst(str(_WEEKDAYS[weekday]))


def day_month(day: date) -> str:
    """«1 грудня»; of a datetime in its own zone."""
    return date_format(day, pgettext("date format", "j F"))


def day_month_year(day: date) -> str:
    """«1 грудня 2026 року»."""
    return date_format(day, pgettext("date format", "j F Y"))


def month_year(day: date) -> str:
    """«грудень 2026 року»."""
    return date_format(day, pgettext("date format", "F Y"))


def weekday_day(day: date) -> str:
    """«вівторок, 1 грудня»."""
    return f"{weekday(day)}, {day_month(day)}"


def wall_clock(moment: datetime, zone: str = "") -> str:
    """«9:30», in the zone named; only where the zone stands above or beside."""
    return _clock(_local(moment, zone))


def _clock(local: datetime) -> str:
    return f"{local.hour}:{local.minute:02}"


def clock(moment: datetime, zone: str = "") -> str:
    """«9:30», in the zone named."""
    return _unless_portals(wall_clock(moment, zone), zone)


def clock_and_zone(moment: datetime, zone: str = "") -> str:
    """«9:30 за київським часом», for those who may be elsewhere."""
    return _with_zone(wall_clock(moment, zone), zone or settings.TIME_ZONE)


def short_date(moment: datetime, zone: str = "") -> str:
    """«01.12.2026», in the zone named."""
    return date_format(_local(moment, zone), "d.m.Y")


def short_day(day: date) -> str:
    """«01.12.2026»."""
    return date_format(day, "d.m.Y")


def short_moment(moment: datetime, zone: str = "") -> str:
    """«01.12.2026, 10:30», in the zone named."""
    return _unless_portals(date_format(_local(moment, zone), "d.m.Y, G:i"), zone)


def short_moment_and_zone(moment: datetime, zone: str = "") -> str:
    """«01.12.2026, 10:30 за київським часом», for those who may be elsewhere."""
    text = date_format(_local(moment, zone), "d.m.Y, G:i")
    return _with_zone(text, zone or settings.TIME_ZONE)


def day_and_clock(moment: datetime, zone: str = "") -> str:
    """«вівторок, 1 грудня, 10:30», in the zone named."""
    text = f"{weekday_day(_local(moment, zone))}, {wall_clock(moment, zone)}"
    return _unless_portals(text, zone)


def _long(moment: datetime, zone: str) -> str:
    local = _local(moment, zone)
    return f"{weekday(local)}, {day_month_year(local)}, {wall_clock(moment, zone)}"


def long_moment(moment: datetime, zone: str = "") -> str:
    """«вівторок, 1 грудня 2026 року, 10:30», in the zone named (such as `agency.time_zone`)."""
    return _unless_portals(_long(moment, zone), zone)


def clocks_and_long_moments(moments: Iterable[datetime], zone: str) -> Iterator[tuple[str, str]]:
    """Say each of very many moments as `wall_clock` and `long_moment` do, the words of a day once."""
    days: dict[date, str] = {}
    for moment in moments:
        local = _local(moment, zone)
        day = local.date()
        if day not in days:
            days[day] = long_date(day)
        clock = _clock(local)
        yield clock, _unless_portals(f"{days[day]}, {clock}", zone)


def long_moment_and_zone(moment: datetime, zone: str = "") -> str:
    """«вівторок, 1 грудня 2026 року, 10:30 за київським часом», for those who may be elsewhere."""
    return _with_zone(_long(moment, zone), zone or settings.TIME_ZONE)


def decision_due(
    start: datetime, zone: str, *, submitted_at: datetime, term: datetime | None
) -> str:
    """«2 грудня, 9:30»: until when an application is to be decided, as `decide_until` has it."""
    local = _local(decide_until(start, submitted_at=submitted_at, term=term), zone)
    return f"{day_month(local)}, {clock(local, zone)}"


def long_date(day: date) -> str:
    """«вівторок, 1 грудня 2026 року»."""
    return f"{weekday(day)}, {day_month_year(day)}"


def minutes_in_words(minutes: int) -> str:
    """«12 хвилин»; less than one is said so."""
    if minutes < 1:
        return gettext("less than a minute")
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def span_in_words(span: timedelta) -> str:
    """«3 дні», «5 годин» or «40 хвилин»: the largest unit of which it holds at least one."""
    if span.days:
        return ngettext("%(count)s day", "%(count)s days", span.days) % {"count": span.days}
    hours = span.seconds // 3600
    if hours:
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    return minutes_in_words(span.seconds // 60)


def phone(e164: str) -> str:
    """«+380 67 123 45 67»; what is no phone stays as it is."""
    try:
        return format_phone(e164)
    except PhoneError:
        return e164


def masked_phone(e164: str) -> str:
    """«+380 67 ••• •• 67»: enough for the owner to know it again; empty for none."""
    groups = phone(e164).split(" ") if e164 else []
    shown = {0, 1, len(groups) - 1}
    return "\N{NO-BREAK SPACE}".join(
        group if place in shown else "•" * len(group) for place, group in enumerate(groups)
    )


def dialled(number: str) -> str:
    """«+380671234567» or «0800000000», for a link that calls; empty when it is no number alone."""
    try:
        return normalise_phone(number)
    except PhoneError:
        # Short and free numbers of services are in no plan for subscribers.
        digits = re.sub(r"[ \u00a0()\-]", "", number)
        return digits if re.fullmatch("[0-9]{3,10}", digits) else ""


def file_size(size: int) -> str:
    """«84 КБ», «1,2 МБ»; `size` in bytes."""
    if size < _MIB:
        return gettext("%(size)s KB") % {"size": size and max(1, round(size / _KIB))}
    return gettext("%(size)s MB") % {"size": number_format(round(size / _MIB, 1), 1)}


def masked(identifier: str) -> str:
    """«••••••3776»: enough for the owner to know it again, too little for who looks on."""
    number = identifier[6:] if identifier[:3] in {"PAS", "IDC"} else identifier
    shown = number[-4:] if len(number) >= 8 else number[-2:]
    return "•" * (len(number) - len(shown)) + shown


def why_not_absent(obstacle: AbsenceObstacle) -> str:
    """Say beside an answer why it cannot be given that somebody did not come."""
    if obstacle is AbsenceObstacle.CITIZEN_CAME:
        return gettext("not possible: the citizen was in the room")
    if obstacle is AbsenceObstacle.PAUSED:
        return gettext("not possible: the receptions were paused")
    minutes = app_settings.absence_grace_minutes
    return gettext("from %(minutes)s minutes after the start") % {"minutes": minutes}


def seat_in_words(seat: "CentreWorkplace") -> str:
    """Return where to come, a line for each part: centre, address, name of the seat, and who helps there (B-63)."""
    centre = seat.centre
    lines = [centre.name, f"{centre.place}, {centre.address}", seat.label]
    if seat.has_sign_language:
        lines.append(gettext("Help in sign language"))
    return "\n".join(lines)


def represented_in_words(one: "Representation | Represented") -> str:
    """Say for whom an application is, and on what ground, a line for each."""
    kind = OnBehalf(one.kind)
    name = one.name
    if one.born is not None:
        name = gettext("%(name)s, born in %(year)s") % {"name": name, "year": one.born}
    whom = f"{_FOR_WHOM[kind]}: {name}"
    ground = gettext("Ground: %(document)s No. %(number)s of %(day)s") % {
        "document": one.document,
        "number": one.number,
        "day": short_day(one.dated),
    }
    if one.until is not None:
        ground = gettext("%(ground)s, valid until %(day)s") % {
            "ground": ground,
            "day": short_day(one.until),
        }
    return f"{whom}\n{ground}"
