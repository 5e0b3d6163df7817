"""When it may be noted that somebody did not come to a reception."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from diia_videoreception.rules.transitions import Act

ABSENCES = frozenset({Act.NOTE_CITIZEN_ABSENT, Act.NOTE_AGENCY_ABSENT})
OFFERED_AFTER = timedelta(hours=24)
"""Times in the place of a reception that failed begin no sooner: nobody has to come at once."""

Stretch = tuple[datetime, datetime | None]
"""From when to when somebody was there; None while they still are."""


class AbsenceObstacle(StrEnum):
    """Why an absence cannot be noted."""

    TOO_EARLY = "too_early"
    CITIZEN_CAME = "citizen_came"
    PAUSED = "paused"


def obstacle_to(
    outcome: Act,
    *,
    start: datetime,
    grace: timedelta,
    citizen_was_there: Iterable[Stretch],
    now: datetime,
) -> AbsenceObstacle | None:
    """Tell why an outcome cannot be noted now; None when nothing is in the way.

    Nobody is absent before the time of grace is over, and no citizen who was there at any moment of it.
    An official who came can still be unable to receive, so that nothing but the time is asked of the other
    absence. Where nobody knows who was there (a program outside of the portal) the time alone counts too.

    Args:
        outcome: What is to be noted.
        start: When the reception begins.
        grace: How long after the start each side is waited for.
        citizen_was_there: What the room has written down, waiting to be let in included.
        now: The present moment.
    """
    if outcome not in ABSENCES:
        return None
    waited_until = start + grace
    if now < waited_until:
        return AbsenceObstacle.TOO_EARLY
    came = any(
        since < waited_until and (until is None or until > start)
        for since, until in citizen_was_there
    )
    return AbsenceObstacle.CITIZEN_CAME if came and outcome is Act.NOTE_CITIZEN_ABSENT else None
