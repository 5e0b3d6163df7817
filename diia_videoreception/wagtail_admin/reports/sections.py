"""The figures of a report in words: cards on top, then sections of a chart and its table."""

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext

from diia_videoreception.models import Application
from diia_videoreception.rules.reports import ReportPeriod, ReportStep, parts_of, step_of
from diia_videoreception.selectors.booking.reports import BOUNDS, Figures, Outcomes, undecided
from diia_videoreception.wagtail_admin.reports.charts import Bars, Columns, bars, columns
from diia_videoreception.wagtail_admin.reports.figures import (
    HOUR,
    MAX_STARS,
    Cell,
    average,
    days,
    hours,
    in_words,
    percent,
    percent_words,
)
from diia_videoreception.wording import month_year

Channel = Application.Channel
SERIES: Mapping[str, int] = {
    Channel.WEB: 0,
    Channel.API: 0,
    Channel.INTERMEDIARY: 1,
    Channel.KIOSK: 2,
}
"""Which series of a chart a channel belongs to."""
TOTAL = 3
"""Behind the three series."""


@dataclass(frozen=True, slots=True)
class Section:
    """A table, its sentence and its chart.

    Attributes:
        key: Names the section in addresses of exports and in ids.
        rows: Their first cell is the heading of the row; numbers are kept as numbers.
        tone: Which pattern the bars have.
    """

    key: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    sentence: str = ""
    bars: Bars | None = None
    columns: Columns | None = None
    tone: str = "a"

    @property
    def shown(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The rows in words: the heading of each, then its cells with those of their columns."""
        return [
            (
                in_words(first),
                [(head, in_words(cell)) for head, cell in zip(self.heads[1:], rest, strict=True)],
            )
            for first, *rest in self.rows
        ]


class Compare(TextChoices):
    """With what a period is compared."""

    BEFORE = "before"
    YEAR = "year"
    NOTHING = "none"


def by_channel(period: ReportPeriod, found: Figures) -> Section:
    """Return the receptions in the course of the period, by the channel of the application."""
    rows = []
    for part in parts_of(period):
        values = [0, 0, 0]
        for (day, channel), number in found.by_channel.items():
            if part.first <= day <= part.last:
                values[SERIES[channel]] += number
        rows.append((part, values))
    seats = ""
    if found.at_seats:
        seats = gettext("From a place in a centre: %(count)s of them.") % {"count": found.at_seats}
    return Section(
        key="channels",
        title=gettext("Receptions in time and by channel"),
        heads=[pgettext("of a report", "Period"), *_channels(), gettext("Total")],
        rows=[(_part_words(part), *values, sum(values)) for part, values in rows],
        sentence=seats,
        columns=columns(
            [(_tick(part, period), values) for part, values in rows],
            [gettext("portal"), gettext("centre"), pgettext("channel", "kiosk")],
        ),
    )


def _channels() -> list[str]:
    return [gettext("Portal"), pgettext("channel", "Centre"), pgettext("channel", "Self-service")]


def _part_words(part: ReportPeriod) -> str:
    if part.is_month:
        return month_year(part.first)
    if part.days == 1:
        return f"{part.last:%d.%m}"
    first = f"{part.first:%d}" if part.first.month == part.last.month else f"{part.first:%d.%m}"
    return f"{first}–{part.last:%d.%m}"


def _tick(part: ReportPeriod, whole: ReportPeriod) -> str:
    """«09.11», or «11.26» of a month: there is no room for more below a column."""
    return f"{part.first:%m.%y}" if step_of(whole) is ReportStep.MONTH else f"{part.first:%d.%m}"


def outcomes_of(found: Figures) -> Section:
    """Return what became of the receptions."""
    outcomes = found.outcomes
    rows = [
        (gettext("took place"), outcomes.held),
        (gettext("the citizen did not come"), outcomes.citizen_absent),
        (gettext("not held because of the agency"), outcomes.agency_absent),
        (gettext("not noted yet"), outcomes.not_noted),
    ]
    return Section(
        key="outcomes",
        title=gettext("What became of the receptions"),
        heads=[gettext("Outcome"), pgettext("how many", "Receptions"), "%"],
        rows=[(words, number, percent(number, outcomes.all)) for words, number in rows],
        bars=bars([(words, number, str(number)) for words, number in rows]),
    )


def load_of(
    found: Mapping[int, Outcomes],
    names: Mapping[int, str],
    *,
    whose: str,
    is_offered: bool,
) -> Section:
    """Return a row for each official, or agency, the busiest first."""
    order = sorted(
        found.items(), key=lambda row: (-(_load(row[1]) or 0), -row[1].all, names.get(row[0], ""))
    )
    offered = [gettext("Hours offered"), gettext("Load, %")] if is_offered else []
    rows = []
    for key, one in order:
        told = [hours(one.offered), _load(one)] if is_offered else []
        rows.append(
            (
                names.get(key, "—"),
                one.all,
                hours(one.taken),
                *told,
                days(one.waited),
                one.citizen_absent,
                one.agency_absent,
                None if one.stars is None else round(one.stars, 1),
                one.ratings,
            )
        )
    drawn = [
        (names.get(key, "—"), *(_drawn_load(one) if is_offered else (float(one.all), str(one.all))))
        for key, one in order
    ]
    return Section(
        key="load",
        title=gettext("Load") if is_offered else gettext("Who received"),
        heads=[
            whose,
            pgettext("how many", "Receptions"),
            gettext("Hours taken"),
            *offered,
            gettext("Waited, days"),
            gettext("Did not come"),
            gettext("Because of the agency"),
            gettext("Rating"),
            gettext("Ratings"),
        ],
        rows=rows,
        sentence=""
        if is_offered
        else gettext(
            "The load in percent of the offered hours is told of one agency; for a large one choose a unit or a shorter period."
        ),
        bars=bars(drawn, full=100.0 if is_offered and drawn else None),
    )


def _load(one: Outcomes) -> float | None:
    return percent(one.taken / HOUR, one.offered / HOUR) if one.offered else None


def _drawn_load(one: Outcomes) -> tuple[float, str]:
    load = _load(one)
    return load or 0.0, percent_words(load)


def waiting_of(counts: Sequence[int]) -> Section:
    """Return how many people waited how long."""
    words = [gettext("up to %(days)s days") % {"days": BOUNDS[0]}]
    words += [
        gettext("over %(first)s and up to %(last)s days") % {"first": first, "last": last}
        for first, last in itertools.pairwise(BOUNDS)
    ]
    words += [gettext("over %(days)s days") % {"days": BOUNDS[-1]}]
    rows = list(zip(words, counts, strict=True))
    return Section(
        key="waiting",
        title=gettext("How long people waited for the reception"),
        heads=[gettext("Waited"), pgettext("how many", "People")],
        rows=rows,
        bars=bars([(label, number, str(number)) for label, number in rows]),
    )


def filed_of(found: Figures) -> Section:
    """Return the applications filed in the period, by where they stand now and by channel."""
    states: dict[str, list[int]] = {}
    for (channel, state), number in found.filed.items():
        states.setdefault(state, [0, 0, 0, 0])
        for place in (SERIES[channel], TOTAL):
            states[state][place] += number
    rows = [
        (capfirst(Application(state=state).get_state_display()), states[state])
        for state in Application.State
        if state in states
    ]
    waiting = undecided(found.filed)
    sentence = ""
    if waiting:
        sentence = gettext("Still waiting for a decision: %(count)s.") % {"count": waiting}
    return Section(
        key="filed",
        title=gettext("Applications filed in this period: %(count)s")
        % {"count": sum(found.filed.values())},
        heads=[
            gettext("State now"),
            *_channels(),
            gettext("Total"),
        ],
        rows=[(words, *counts) for words, counts in rows],
        sentence=sentence,
        bars=bars([(words, counts[TOTAL], str(counts[TOTAL])) for words, counts in rows]),
    )


def refusals_of(listed: Sequence[tuple[str, int]], other: int) -> Section:
    """Return the refusals by reason; own words of moderators are counted and not shown."""
    rows = [*listed]
    if other:
        rows.append((gettext("another reason, in own words"), other))
    return Section(
        key="refusals",
        title=gettext("Refusals by reason: %(count)s")
        % {"count": sum(number for _words, number in rows)},
        heads=[gettext("Reason"), pgettext("how many", "Refusals")],
        rows=rows,
        sentence=gettext("Of the applications filed in this period.") if rows else "",
        bars=bars([(words, number, str(number)) for words, number in rows]),
        tone="c",
    )


def ratings_of(found: Figures) -> Section:
    """Return how many people gave how many stars."""
    rows = [
        (
            gettext("%(rating)s of %(most)s") % {"rating": stars, "most": MAX_STARS},
            found.stars[stars],
        )
        for stars in range(MAX_STARS, 0, -1)
    ]
    return Section(
        key="ratings",
        title=gettext("Ratings of people: %(count)s") % {"count": sum(found.stars.values())},
        heads=[gettext("Rating"), pgettext("how many", "People")],
        rows=rows if found.stars else [],
        bars=bars([(label, number, str(number)) for label, number in rows]),
    )


def quality_of(period: ReportPeriod, stars: Mapping[date, Counter[int]]) -> Section:
    """Return the average rating in the course of the period."""
    rows = []
    for part in parts_of(period):
        given: Counter[int] = sum(
            (one for day, one in stars.items() if part.first <= day <= part.last), Counter()
        )
        rows.append((part, average(given), sum(given.values())))
    return Section(
        key="quality",
        title=gettext("Rating in the course of time"),
        heads=[pgettext("of a report", "Period"), gettext("Rating"), gettext("Ratings")],
        rows=[(_part_words(part), value, number) for part, value, number in rows] if stars else [],
        bars=bars(
            [(_part_words(part), value or 0.0, in_words(value)) for part, value, _number in rows],
            full=float(MAX_STARS) if stars else None,
        )
        if stars
        else None,
    )
