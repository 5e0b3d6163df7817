"""The letters of a case in words: where they went, why they could not be sent."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from diia_videoreception.models import Application, Letter
from diia_videoreception.selectors.letters import letters_about, worth_sending

_STATUS = re.compile(r"SMTP (?P<code>\d{3})(?: (?P<more>\d\.\d+\.\d+))?")


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter as staff see it; `why` only when it could not be sent."""

    letter: Letter
    where: str
    why: str
    can_send_again: bool


def letters_in_words(application: Application, *, now: datetime) -> list[LetterLine]:
    """The letters about an application, oldest first, each copy by itself."""
    letters = list(letters_about(application))
    current = worth_sending(letters, application, now=now)
    return [
        LetterLine(
            letter,
            _where(letter),
            _why_not_sent(letter),
            letter.state == Letter.State.FAILED and letter in current,
        )
        for letter in letters
    ]


def not_told(lines: list[LetterLine]) -> list[LetterLine]:
    """The letters that are still true and of which not even a copy has left or waits to leave."""
    ways = {Letter.State.SENT.value, Letter.State.QUEUED.value}
    under_way = {
        line.letter.copy_of_id or line.letter.pk for line in lines if line.letter.state in ways
    }
    return [
        line
        for line in lines
        if line.can_send_again
        and line.letter.copy_of_id is None
        and line.letter.pk not in under_way
    ]


def _where(letter: Letter) -> str:
    if letter.mailbox_id is not None:
        return _("to the official mailbox")
    return _("to the citizen’s own address") if letter.address else ""


def _why_not_sent(letter: Letter) -> str:
    if letter.state != Letter.State.FAILED:
        return ""
    return _("%(reason)s Code: %(code)s") % {"reason": _reason(letter), "code": letter.last_error}


def _reason(letter: Letter) -> str:
    error = letter.last_error
    found = _STATUS.match(error)
    code, more = (found["code"], found["more"] or "") if found else ("", "")
    if code == "552" or more.endswith(".2.2"):
        return _("The mailbox of the citizen is full.")
    if (code in {"550", "551", "553"} and more[:3] in {"", "5.1"}) or error.endswith(
        "no such user"
    ):
        return _("There is no such address, or it takes no letters.")
    if code.startswith("5"):
        return _("The mail server refused the letter.")
    if error == "NothingToSend":
        return _("What it was to tell is not true any more.")
    return _("The mail server could not take it for about three days.")
