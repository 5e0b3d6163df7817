"""Recurrence for people: the choices of a form to an RRULE and back, and an RRULE in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from diia_videoreception.rules.schedule import WEEKDAYS, RuleError, parse_rrule

WEEKDAY_CHOICES = (
    ("MO", pgettext_lazy("within a sentence", "Monday")),
    ("TU", pgettext_lazy("within a sentence", "Tuesday")),
    ("WE", pgettext_lazy("within a sentence", "Wednesday")),
    ("TH", pgettext_lazy("within a sentence", "Thursday")),
    ("FR", pgettext_lazy("within a sentence", "Friday")),
    ("SA", pgettext_lazy("within a sentence", "Saturday")),
    ("SU", pgettext_lazy("within a sentence", "Sunday")),
)
PLACE_CHOICES = (
    ("1", gettext_lazy("1st in the month")),
    ("2", gettext_lazy("2nd in the month")),
    ("3", gettext_lazy("3rd in the month")),
    ("4", gettext_lazy("4th in the month")),
    ("5", gettext_lazy("5th in the month")),
    ("-1", gettext_lazy("last in the month")),
)
_PLACES = dict(PLACE_CHOICES)


class Frequency(TextChoices):
    WEEKLY = "weekly", gettext_lazy("every week")
    EVERY_N_WEEKS = "every_n_weeks", gettext_lazy("every few weeks")
    MONTHLY = "monthly", gettext_lazy("on certain weekdays of the month")
    OTHER = "other", gettext_lazy("another rule (RRULE)")


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person ticks; `rrule` only when none of the other choices can say it."""

    frequency: str
    weekdays: Sequence[str] = ()
    weeks: int = 2
    places: Sequence[str] = ()
    rrule: str = ""


def to_rrule(choices: Choices) -> str:
    """Write the RRULE of complete choices, days in the order of the week."""
    days = [day for day in WEEKDAYS if day in choices.weekdays]
    if choices.frequency == Frequency.OTHER:
        return choices.rrule.strip()
    if choices.frequency == Frequency.MONTHLY:
        places = [place for place in _PLACES if place in choices.places]
        return "FREQ=MONTHLY;BYDAY=" + ",".join(place + day for place in places for day in days)
    interval = f"INTERVAL={choices.weeks};" if choices.frequency == Frequency.EVERY_N_WEEKS else ""
    return f"FREQ=WEEKLY;{interval}BYDAY=" + ",".join(days)


def from_rrule(rrule: str) -> Choices:
    """Find the choices that say this RRULE; what the form cannot say stays a text."""
    other = Choices(Frequency.OTHER, rrule=rrule)
    try:
        parsed = parse_rrule(rrule)
    except RuleError:
        return other
    weekdays = [WEEKDAYS[day] for day in sorted({day for _place, day in parsed.days})]
    if not parsed.monthly:
        if parsed.interval == 1:
            return Choices(Frequency.WEEKLY, weekdays)
        return Choices(Frequency.EVERY_N_WEEKS, weekdays, weeks=parsed.interval)
    places = [str(place) for place in sorted({place for place, _day in parsed.days})]
    choices = Choices(Frequency.MONTHLY, weekdays, places=places)
    every_pair = len(parsed.days) == len(places) * len(weekdays)
    if parsed.interval == 1 and every_pair and set(places) <= set(_PLACES):
        return choices
    return other


def in_words(rrule: str) -> str:
    """Say an RRULE in words, for lists and for the official's page."""
    choices = from_rrule(rrule)
    names = dict(WEEKDAY_CHOICES)
    days = ", ".join(str(names[day]) for day in choices.weekdays)
    if choices.frequency == Frequency.WEEKLY:
        return _("Every week: %(days)s") % {"days": days}
    if choices.frequency == Frequency.EVERY_N_WEEKS:
        return ngettext(
            "Every %(number)s week: %(days)s", "Every %(number)s weeks: %(days)s", choices.weeks
        ) % {"number": choices.weeks, "days": days}
    if choices.frequency == Frequency.MONTHLY:
        places = ", ".join(str(_PLACES[place]) for place in choices.places)
        return _("Every month: %(days)s (%(places)s)") % {"days": days, "places": places}
    return rrule
