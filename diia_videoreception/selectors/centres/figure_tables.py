"""The figures of centres in words, as a page and a table to take away both show them; small groups are left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from diia_videoreception.models import CentreVisit, VisitCall
from diia_videoreception.rules.centre_figures import (
    LEAST,
    FigurePeriod,
    PeriodKind,
    average_rating,
    percentile,
    shown_counts,
)
from diia_videoreception.rules.exports import safe_text
from diia_videoreception.selectors.centres.figures import CentreFigures

NINE_TENTHS = 0.9


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A group with how many there are, and of a hundred; None for both where it is not shown."""

    label: str
    count: int | None
    percent: int | None


@dataclass(frozen=True, slots=True)
class FigureTable:
    key: str
    title: str
    column: str
    rows: Sequence[FigureRow]

    @property
    def is_whole(self) -> bool:
        """Whether each group is shown."""
        return all(row.count is not None for row in self.rows)


@dataclass(frozen=True, slots=True)
class ShownFigures:
    """Figures as they may be shown.

    Attributes:
        more: how many visits more than in the period before; fewer, below zero.
        half, most: how long, in minutes, half of the visits and nine of ten lasted at most.
        rating: the average; None while too few have rated.
        came_alone: None where so few have come alone that they could be told.
    """

    visits: int
    more: int
    half: int | None
    most: int | None
    rating: str | None
    rated: int
    came_alone: int | None
    self_service: int
    tables: Sequence[FigureTable]

    @property
    def fewer(self) -> int:
        return -self.more


def in_words(found: CentreFigures) -> ShownFigures:
    """Return the figures as they may be shown."""
    given = found.all_ratings
    average = average_rating(given)
    return ShownFigures(
        visits=found.visits,
        more=found.visits - found.before,
        half=percentile(found.minutes, 0.5),
        most=percentile(found.minutes, NINE_TENTHS),
        rating=None if average is None else number_format(average, 1),
        rated=sum(given.values()),
        came_alone=found.came_alone if found.came_alone == 0 or found.came_alone >= LEAST else None,
        self_service=found.self_service,
        tables=[
            _table("modes", _("How people were helped"), _("Visits"), _modes(), found.modes),
            _table(
                "outcomes",
                _("What came of the visits"),
                _("Visits"),
                _labels(CentreVisit.Outcome),
                found.outcomes,
            ),
            _table(
                "reasons",
                _("Why we acted for people"),
                _("Visits"),
                CentreVisit.REASONS,
                found.reasons,
            ),
            _table(
                "calls",
                _("Telephone calls to people"),
                _("Calls"),
                _labels(VisitCall.Result),
                found.calls,
            ),
        ],
    )


def words_of(period: FigurePeriod) -> str:
    """Return how a period is called: листопад 2026, 4 квартал 2026, 03.11.2026–17.11.2026."""
    match period.kind:
        case PeriodKind.MONTH:
            return date_format(period.first, "F Y").lower()
        case PeriodKind.QUARTER:
            told = {"number": period.quarter, "year": period.first.year}
            return _("quarter %(number)s of %(year)s") % told
        case PeriodKind.OWN:
            return f"{period.first:%d.%m.%Y}–{period.last:%d.%m.%Y}"


def cells_of(shown: ShownFigures, period: FigurePeriod, whose: str) -> list[list[str]]:
    """Return the rows of a table to take away; nothing in it can be taken for a formula."""
    whole = [
        [_("Visits"), shown.visits],
        [_("Half of the visits lasted at most, minutes"), _known(shown.half)],
        [_("Nine of ten visits lasted at most, minutes"), _known(shown.most)],
        [_("Average rating"), _known(shown.rating)],
        [_("Ratings given"), shown.rated],
        [_("Came by themselves after our help"), _known(shown.came_alone)],
        [_("Were at self-service places"), shown.self_service],
    ]
    rows: list[list[object]] = [
        [whose, words_of(period), ""],
        [_("What is counted"), _("How many"), _("Share, %")],
        *([*one, ""] for one in whole),
    ]
    for table in shown.tables:
        rows.append([table.title, "", ""])
        rows.extend([row.label, _known(row.count), _known(row.percent)] for row in table.rows)
    return [[safe_text(str(cell)) for cell in row] for row in rows]


def _known(value: object) -> object:
    return _("not shown") if value is None else value


def _modes() -> list[tuple[str, Any]]:
    return [*CentreVisit.MODES, ("", pgettext("way to help", "ended before that was decided"))]


def _labels(choices: Any) -> list[tuple[str, Any]]:
    return list(choices.choices)


def _table(
    key: str,
    title: str,
    column: str,
    labels: Iterable[tuple[str, Any]],
    counts: Mapping[str, int],
) -> FigureTable:
    pairs = list(labels)
    shown = shown_counts([counts.get(value, 0) for value, _label in pairs])
    total = sum(counts.values())
    rows = [
        FigureRow(
            str(label),
            count,
            None if count is None else round(100 * count / total) if total else 0,
        )
        for (_value, label), count in zip(pairs, shown, strict=True)
    ]
    return FigureTable(key, title, column, rows)
