"""What a person tells the help desk by telephone, and whether it fits an application."""

from datetime import date, timedelta
from enum import StrEnum

from diia_videoreception.rules.folding import fold

OPEN_FOR = timedelta(minutes=30)
"""How long an application stays open to the help desk once two facts have fitted."""


class SignInTrouble(StrEnum):
    """Why the help desk asks that somebody sorts out a sign-in; part of sealed rows."""

    CANNOT_SIGN_IN = "cannot_sign_in"
    NOT_MY_APPLICATIONS = "not_my_applications"
    SOMEBODY_ELSE = "somebody_else"


def facts_fit(*, surname: str, day: date, of_surname: str, of_day: date) -> bool:
    """Return whether both facts are those of an application.

    Args:
        surname: As it was heard and typed; spelling of apostrophes, hyphens and case does not count.
        day: Of the reception, by the clock of the agency.
    """
    typed = fold(surname)
    return bool(typed) and typed == fold(of_surname) and day == of_day
