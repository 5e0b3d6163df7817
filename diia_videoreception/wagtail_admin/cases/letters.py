"""The letters of a case in words: where they went, why they could not be sent."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from diia_videoreception.models import Application, Letter
from diia_videoreception.selectors.letters import letters_about, worth_sending


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter as staff see it; `why` only when it could not be sent."""

    letter: Letter
    where: str
    why: str
    can_send_again: bool


def letters_in_words(application: Application, *, now: datetime) -> list[LetterLine]:
    """Return the letters about an application, oldest first, each copy by itself."""
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


def undelivered(lines: list[LetterLine]) -> list[LetterLine]:
    """Return the letters that are still true and of which not even a copy has left or waits to leave."""
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
    if letter.phone:
        return _("by SMS")
    return _("to the citizen’s own address") if letter.address else ""


def _why_not_sent(letter: Letter) -> str:
    if letter.state != Letter.State.FAILED:
        return ""
    reason = letter.get_error_kind_display()
    if letter.smtp_reply is None:
        return reason
    return _("%(reason)s Code: %(code)s") % {
        "reason": reason,
        "code": f"SMTP {letter.smtp_reply}",
    }
