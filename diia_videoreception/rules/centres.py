"""Centres (ЦНАП): their numbers, their hours, and who may act there on behalf of people."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

MAX_PERIODS_A_DAY = 3
MAX_DAY_TEXT = 80
LAST_HOUR, LAST_MINUTE = 23, 59
_PERIOD = re.compile(r"([0-9]{1,2})[:.]([0-9]{2}) ?[-‐-―−] ?([0-9]{1,2})[:.]([0-9]{2})")
EDRPOU_DIGITS, KATOTTG_DIGITS = 8, 17
_EDRPOU = re.compile(rf"[0-9]{{{EDRPOU_DIGITS}}}")
_KATOTTG = re.compile(rf"UA[0-9]{{{KATOTTG_DIGITS}}}")
_CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{0,18}[A-Z0-9])?")


class CentreRole(StrEnum):
    """As what somebody works in a centre (B-79)."""

    HEAD = "head"
    ADMINISTRATOR = "administrator"
    CONSULTANT = "consultant"


ACTING = frozenset({CentreRole.HEAD, CentreRole.ADMINISTRATOR})
"""Who may act on behalf of people at all; consultants explain."""


class CentreFunction(StrEnum):
    """What a centre does only by a decision of the body that founded it (B-04)."""

    SELF_SERVICE = "self_service"
    INTERMEDIATION = "intermediation"


class ActingObstacle(StrEnum):
    """Why somebody cannot act on behalf of people; in the order in which people are told."""

    NOT_A_MEMBER = "not_a_member"
    CENTRE_SUSPENDED = "centre_suspended"
    NO_DECISION = "no_decision"
    BLOCKED = "blocked"
    ROLE = "role"
    NO_TRAINING = "no_training"
    TRAINING_ENDED = "training_ended"
    NO_TEST = "no_test"
    TEST_ENDED = "test_ended"
    NO_SECOND_FACTOR = "no_second_factor"
    SECOND_FACTOR_NOT_GIVEN = "second_factor_not_given"


@dataclass(frozen=True, slots=True)
class ActingFacts:
    """What decides on the right to act, as it is at this moment.

    Attributes:
        training_until: the last day of the latest training; None for who had none.
        test_until: the same of the test.
        has_second_factor: whether one is set up.
        is_proven: whether it was given in this session.
    """

    is_member: bool
    is_centre_active: bool
    has_decision: bool
    is_blocked: bool
    role: CentreRole
    training_until: date | None
    test_until: date | None
    has_second_factor: bool
    is_proven: bool


def obstacles_to_acting(facts: ActingFacts, *, today: date) -> list[ActingObstacle]:
    """Return all that keeps a person from acting on behalf of people; nothing means that they may.

    Args:
        today: by the clock of the centre.
    """
    if not facts.is_member:
        return [ActingObstacle.NOT_A_MEMBER]
    found = {
        ActingObstacle.CENTRE_SUSPENDED: not facts.is_centre_active,
        ActingObstacle.NO_DECISION: not facts.has_decision,
        ActingObstacle.BLOCKED: facts.is_blocked,
        ActingObstacle.ROLE: facts.role not in ACTING,
        ActingObstacle.NO_TRAINING: facts.training_until is None,
        ActingObstacle.TRAINING_ENDED: _is_over(facts.training_until, today),
        ActingObstacle.NO_TEST: facts.test_until is None,
        ActingObstacle.TEST_ENDED: _is_over(facts.test_until, today),
        ActingObstacle.NO_SECOND_FACTOR: not facts.has_second_factor,
        ActingObstacle.SECOND_FACTOR_NOT_GIVEN: facts.has_second_factor and not facts.is_proven,
    }
    return [obstacle for obstacle, is_there in found.items() if is_there]


def _is_over(last_day: date | None, today: date) -> bool:
    return last_day is not None and last_day < today


def days_of_right(facts: ActingFacts, *, today: date) -> int | None:
    """Return for how many days after today training and test still hold; None where one is missing."""
    if facts.training_until is None or facts.test_until is None:
        return None
    return (min(facts.training_until, facts.test_until) - today).days


# --- Numbers -----------------------------------------------------------------------------------


def is_edrpou(text: str) -> bool:
    """Return whether a text is a number of the register of organisations: 8 digits, the last one checks."""
    if not _EDRPOU.fullmatch(text):
        return False
    digits = [int(sign) for sign in text]
    first = [1, 2, 3, 4, 5, 6, 7]
    if 30_000_000 < int(text) < 60_000_000:
        first = [7, 1, 2, 3, 4, 5, 6]
    for more in (0, 2):
        rest = sum(digit * (weight + more) for digit, weight in zip(digits, first, strict=False))
        if rest % 11 < 10:
            return rest % 11 == digits[7]
    return digits[7] == 0


def is_katottg(text: str) -> bool:
    """Return whether a text has the form of a place in the codifier КАТОТТГ: UA and 17 digits."""
    return _KATOTTG.fullmatch(text) is not None


def is_centre_code(text: str) -> bool:
    """Return whether a text can be the code of a centre: up to 20 Latin capitals, digits and hyphens."""
    return _CODE.fullmatch(text) is not None


# --- Hours -------------------------------------------------------------------------------------


class Period(NamedTuple):
    """Hours of one weekday, Monday is 0, by the clock of the centre."""

    weekday: int
    opens: time
    closes: time


class HoursProblem(StrEnum):
    """What is wrong with the hours of a week."""

    TURNED_ROUND = "turned_round"
    OVERLAP = "overlap"
    TOO_MANY = "too_many"


def problem_of_hours(periods: Iterable[Period]) -> tuple[HoursProblem, int] | None:
    """Return the first problem of a week and its weekday; None for hours that can be kept."""
    week = sorted(periods)
    for period in week:
        if period.closes <= period.opens:
            return HoursProblem.TURNED_ROUND, period.weekday
    for earlier, later in pairwise(week):
        if earlier.weekday == later.weekday and later.opens < earlier.closes:
            return HoursProblem.OVERLAP, later.weekday
    for weekday in {period.weekday for period in week}:
        if sum(period.weekday == weekday for period in week) > MAX_PERIODS_A_DAY:
            return HoursProblem.TOO_MANY, weekday
    return None


def read_day(text: str, weekday: int) -> list[Period] | None:
    """Read the hours of a day as people write them, such as «9:00–13:00, 14:00–18:00»; empty is closed.

    Returns:
        The periods; None for what cannot be read, of more than `MAX_DAY_TEXT` characters too.
    """
    if len(text) > MAX_DAY_TEXT:
        return None
    found = []
    for part in re.split("[,;]", text) if text.strip() else ():
        times = _PERIOD.fullmatch(part.strip())
        if times is None:
            return None
        hours = [int(group) for group in times.groups()]
        if max(hours[0], hours[2]) > LAST_HOUR or max(hours[1], hours[3]) > LAST_MINUTE:
            return None
        opens, closes = time(hours[0], hours[1]), time(hours[2], hours[3])
        found.append(Period(weekday, opens, closes))
    return found


def written_day(periods: Iterable[Period], weekday: int) -> str:
    """Return the hours of a weekday as `read_day` reads them."""
    return ", ".join(
        f"{period.opens.hour}:{period.opens:%M}–{period.closes.hour}:{period.closes:%M}"
        for period in sorted(periods)
        if period.weekday == weekday
    )


def grouped_week(periods: Iterable[Period]) -> list[tuple[int, int, str]]:
    """Return a week as people are told it: days in a row with the same hours together, days off left out.

    Returns:
        First weekday, last weekday, hours as `written_day` writes them.
    """
    week = list(periods)
    found: list[tuple[int, int, str]] = []
    for weekday in range(7):
        text = written_day(week, weekday)
        if not text:
            continue
        if found and found[-1][1:] == (weekday - 1, text):
            found[-1] = (found[-1][0], weekday, text)
        else:
            found.append((weekday, weekday, text))
    return found
