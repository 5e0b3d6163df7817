"""The letters of «Що зміниться» and «Тривога», shown before anything is sent: one for each thing that was chosen."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from diia_videoreception.rules.refusals import NextStep
from diia_videoreception.selectors.booking.proposals import open_proposal
from diia_videoreception.selectors.booking.schedule_changes import Touched, TouchedChoice
from diia_videoreception.services.booking.proposals import planned
from diia_videoreception.services.booking.schedule_changes import refusal_of, words_of_letters
from diia_videoreception.services.letters.previews import (
    Preview,
    preview_of_proposal,
    preview_of_refusal,
    preview_of_withdrawal,
)


@dataclass(frozen=True, slots=True)
class ShownLetter:
    """The letter to the first for whom this was chosen, and how many get one like it.

    Attributes:
        preview: None where nothing can be written any more: applying says why.
    """

    choice: TouchedChoice
    count: int
    preview: Preview | None


def letters_shown(
    touched: Sequence[Touched],
    choices: Mapping[uuid.UUID, TouchedChoice],
    *,
    reason: str,
    next_step: NextStep = NextStep.SAME_AGENCY,
    now: datetime,
) -> list[ShownLetter]:
    """Write a letter for each thing that was chosen; who keeps their time gets none.

    Raises:
        Incomplete: the reason is missing, or too long.
        ActRefused: what proposing the time would refuse.
    """
    chosen = [(one, choices.get(one.application.public_id)) for one in touched]
    words = words_of_letters(reason, [choice for _one, choice in chosen])
    found = []
    for wanted in (TouchedChoice.PROPOSE, TouchedChoice.WITHDRAW, TouchedChoice.CANCEL):
        of_these = [one for one, choice in chosen if choice is wanted]
        if of_these:
            preview = _preview(wanted, of_these[0], words, next_step, now)
            found.append(ShownLetter(wanted, len(of_these), preview))
    return found


def _preview(
    choice: TouchedChoice, one: Touched, words: str, next_step: NextStep, now: datetime
) -> Preview | None:
    application = one.application
    if choice is TouchedChoice.CANCEL:
        return preview_of_refusal(application, refusal_of(one, words, next_step), now=now)
    if choice is TouchedChoice.WITHDRAW:
        proposal = open_proposal(application, now=now)
        return preview_of_withdrawal(proposal, now=now) if proposal else None
    if one.other is None:
        return None
    proposal = planned(application, start=one.other.start, slot=one.other, reason=words, now=now)
    return preview_of_proposal(proposal, now=now)
