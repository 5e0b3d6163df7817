"""For whom a citizen asks for a reception, and on what ground they speak for somebody else.

The applicant is always who has signed in. Of the other person only the name, the year of birth and the
ground are asked: no account comes of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

ANSWERS = (
    "on_behalf",
    "represented_name",
    "represented_born",
    "ground_document",
    "ground_number",
    "ground_date",
    "ground_until",
)
"""The names of the answers, in reading order."""
OF_AGE = 18
LONGEST_LIFE = 120
"""Years; who would be older was typed wrongly."""


class OnBehalf(StrEnum):
    """For whom the applicant speaks."""

    SELF = "self"
    CHILD = "child"
    WARD = "ward"
    ATTORNEY = "power_of_attorney"
    ORGANISATION = "organisation"


class RepresentationProblem(StrEnum):
    """What is wrong with an answer about the other person."""

    NAME_MISSING = "represented_name_missing"
    BORN_MISSING = "represented_born_missing"
    BORN_MALFORMED = "represented_born_malformed"
    CHILD_OF_AGE = "represented_child_of_age"
    DOCUMENT_MISSING = "ground_document_missing"
    NUMBER_MISSING = "ground_number_missing"
    DATE_MISSING = "ground_date_missing"
    DATE_MALFORMED = "ground_date_malformed"
    DATE_TO_COME = "ground_date_to_come"
    UNTIL_MALFORMED = "ground_until_malformed"
    UNTIL_BEFORE_DATE = "ground_until_before_date"
    GROUND_OVER = "ground_over"


@dataclass(frozen=True, slots=True)
class Represented:
    """Who is spoken for, and the document that allows it.

    Attributes:
        born: year of birth; None of an organisation.
        until: last day of the document; None where it has none.
    """

    kind: OnBehalf
    name: str = field(repr=False)
    born: int | None = field(repr=False)
    document: str = field(repr=False)
    number: str = field(repr=False)
    dated: date
    until: date | None


def kind_of(value: str) -> OnBehalf:
    """Return for whom it is; what is no such value is for oneself."""
    return OnBehalf(value) if value in {*OnBehalf} else OnBehalf.SELF


def day_of(typed: str) -> date | None:
    """Read `2026-12-01` as fields for dates send it, or «01.12.2026» as people type it; None for no day."""
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(typed, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


def year_of(typed: str) -> int | None:
    """Read a year of four digits; None for anything else."""
    return int(typed) if len(typed) == 4 and typed.isascii() and typed.isdecimal() else None


def problems_of(typed: Mapping[str, str], *, today: date) -> dict[str, RepresentationProblem]:
    """Return what is missing or wrong, by the name of the answer; nothing while one speaks for oneself.

    Args:
        typed: cleaned answers by the names in `ANSWERS`.
        today: by the clock of the portal.
    """
    kind = kind_of(typed["on_behalf"])
    if kind is OnBehalf.SELF:
        return {}
    found = {
        "represented_name": None
        if typed["represented_name"]
        else RepresentationProblem.NAME_MISSING,
        "represented_born": _problem_of_year(kind, typed["represented_born"], today),
        "ground_document": None
        if typed["ground_document"]
        else RepresentationProblem.DOCUMENT_MISSING,
        "ground_number": None if typed["ground_number"] else RepresentationProblem.NUMBER_MISSING,
        "ground_date": _problem_of_date(typed["ground_date"], today),
        "ground_until": _problem_of_until(typed["ground_until"], typed["ground_date"], today),
    }
    return {name: problem for name, problem in found.items() if problem is not None}


def _problem_of_year(kind: OnBehalf, typed: str, today: date) -> RepresentationProblem | None:
    if kind is OnBehalf.ORGANISATION:
        return None
    if not typed:
        return RepresentationProblem.BORN_MISSING
    year = year_of(typed)
    if year is None or not today.year - LONGEST_LIFE <= year <= today.year:
        return RepresentationProblem.BORN_MALFORMED
    # Of who turns 18 this year the year alone does not tell whether they have.
    if kind is OnBehalf.CHILD and today.year - year > OF_AGE:
        return RepresentationProblem.CHILD_OF_AGE
    return None


def _problem_of_date(typed: str, today: date) -> RepresentationProblem | None:
    if not typed:
        return RepresentationProblem.DATE_MISSING
    day = day_of(typed)
    if day is None or day.year < today.year - LONGEST_LIFE:
        return RepresentationProblem.DATE_MALFORMED
    return RepresentationProblem.DATE_TO_COME if day > today else None


def _problem_of_until(typed: str, dated: str, today: date) -> RepresentationProblem | None:
    if not typed:
        return None
    until, since = day_of(typed), day_of(dated)
    if until is None or until.year > today.year + LONGEST_LIFE:
        return RepresentationProblem.UNTIL_MALFORMED
    if since is not None and until < since:
        return RepresentationProblem.UNTIL_BEFORE_DATE
    return RepresentationProblem.GROUND_OVER if until < today else None


def represented_of(typed: Mapping[str, str], *, today: date) -> Represented | None:
    """Return who is spoken for by answers without problems; None for oneself, or while something is wrong."""
    kind, dated = kind_of(typed["on_behalf"]), day_of(typed["ground_date"])
    if kind is OnBehalf.SELF or dated is None or problems_of(typed, today=today):
        return None
    return Represented(
        kind=kind,
        name=typed["represented_name"],
        born=None if kind is OnBehalf.ORGANISATION else year_of(typed["represented_born"]),
        document=typed["ground_document"],
        number=typed["ground_number"],
        dated=dated,
        until=day_of(typed["ground_until"]),
    )


def ends_before(until: date | None, reception: date) -> bool:
    """Return whether the document is over on the day of the reception."""
    return until is not None and until < reception
