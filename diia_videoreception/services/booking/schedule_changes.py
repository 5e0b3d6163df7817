"""Saving a part of a schedule together with what becomes of each application that it touches (A-31, M08)."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception.errors import Incomplete, NotFound, ShownChanged, TooManyTouched
from diia_videoreception.models import Absence, Holiday
from diia_videoreception.rules.proposals import MAX_REASON
from diia_videoreception.rules.refusals import NextStep, Refusal
from diia_videoreception.selectors.access import officials_visible_to, sees_all
from diia_videoreception.selectors.booking.schedule_changes import (
    MAX_TOUCHED,
    Part,
    ScheduleChange,
    Touched,
    TouchedChoice,
    sign_of,
    touched_by_all,
)
from diia_videoreception.selectors.reference import SELECTORS
from diia_videoreception.services.booking import absences, occupancy
from diia_videoreception.services.booking.moderation import decline
from diia_videoreception.services.booking.proposals import propose, withdraw
from diia_videoreception.services.booking.typed_texts import typed_text
from diia_videoreception.services.transactions import act, lock_citizen


@act
def apply_change(
    change: ScheduleChange,
    *,
    staff: AbstractBaseUser,
    shown: str,
    choices: Mapping[uuid.UUID, TouchedChoice],
    reason: str,
    now: datetime,
) -> Part:
    """Save or delete one part of a schedule as `apply_changes` does several."""
    apply_changes([change], staff=staff, shown=shown, choices=choices, reason=reason, now=now)
    return change.part


@act
def apply_changes(
    changes: Sequence[ScheduleChange],
    *,
    staff: AbstractBaseUser,
    shown: str,
    choices: Mapping[uuid.UUID, TouchedChoice],
    reason: str,
    next_step: NextStep = NextStep.SAME_AGENCY,
    now: datetime,
) -> None:
    """Save or delete parts of schedules, and do with each application they touch what was chosen.

    All of it or nothing. Each application has its own act, with its record in the journal and its letter.

    Args:
        shown: `sign_of` what the member of staff has looked at.
        choices: One for each of these.
        reason: What the letters say of why.
        next_step: Where the letter leads who is cancelled.

    Raises:
        NotFound: before or after the change it is not of the agencies of this member of staff.
        TooManyTouched: they cannot be decided on together.
        ShownChanged: other applications are touched by now, or can be offered something else.
        Incomplete: a choice is missing, or the reason for the letters.
        ActRefused: what one of the acts refuses, or saving the absence.
    """
    for change in changes:
        _require_visible(change, staff)
    _lock(changes, now=now)
    touched = touched_by_all(changes, now=now)
    if len(touched) > MAX_TOUCHED:
        raise TooManyTouched(most=MAX_TOUCHED)
    if sign_of(touched) != shown:
        raise ShownChanged
    decided = [(one, _choice(one, choices)) for one in touched]
    words = words_of_letters(reason, [choice for _one, choice in decided])
    for one, choice in decided:
        _free(one, choice, staff=staff, reason=words, next_step=next_step, now=now)
    for change in changes:
        _write(change, now=now)
    for one, choice in decided:
        if choice is TouchedChoice.PROPOSE and one.other is not None:
            propose(
                moderator=staff,
                public_id=one.application.public_id,
                version=one.application.version,
                start=one.other.start,
                reason=words,
                now=now,
            )


def _choice(one: Touched, choices: Mapping[uuid.UUID, TouchedChoice]) -> TouchedChoice:
    chosen = choices.get(one.application.public_id)
    if chosen is None or chosen not in one.choices:
        raise Incomplete(fields={"choices": _("Choose what to do with each application.")})
    return chosen


def words_of_letters(reason: str, choices: Collection[TouchedChoice | None]) -> str:
    """Return the reason as the letters give it, cleaned.

    Raises:
        Incomplete: somebody would read it, and it is missing; or it is too long.
    """
    writes = bool({TouchedChoice.PROPOSE, TouchedChoice.CANCEL} & set(choices))
    missing = _("Write the reason: the citizen will read it.") if writes else ""
    return typed_text(reason, name="why", most=MAX_REASON, missing=missing)


def refusal_of(one: Touched, reason: str, next_step: NextStep) -> Refusal:
    """Return how a reception that cannot be held is called off."""
    ground = one.application.official.agency.refusal_ground
    return Refusal(reason, legal_ground=ground, next_step=next_step)


def _free(
    one: Touched,
    choice: TouchedChoice,
    *,
    staff: AbstractBaseUser,
    reason: str,
    next_step: NextStep,
    now: datetime,
) -> None:
    """Do what frees a time before anything else takes it."""
    public_id, version = one.application.public_id, one.application.version
    if choice is TouchedChoice.CANCEL:
        refusal = refusal_of(one, reason, next_step)
        decline(moderator=staff, public_id=public_id, version=version, refusal=refusal, now=now)
    elif choice is TouchedChoice.WITHDRAW:
        withdraw(moderator=staff, public_id=public_id, version=version, now=now)


def _lock(changes: Sequence[ScheduleChange], *, now: datetime) -> None:
    """Lock citizens, officials and seats in the order in which all acts do; nothing new can be filed meanwhile."""
    touched = touched_by_all(changes, now=now)
    citizens = {one.application.citizen_id: one.application.citizen for one in touched}
    for key in sorted(citizens):
        lock_citizen(citizens[key])
    parts = [part for change in changes for part in (change.part, change.known())]
    officials = {one.official_id for one in parts if one and not isinstance(one, Holiday)}
    needed: list[occupancy.Resource] = [occupancy.OfficialTime(key) for key in officials]
    # What becomes of an application locks its seat too: all of them now, or two would wait for each other.
    needed += [needs for one in touched for needs in occupancy.resources_of(one.application)]
    occupancy.lock_all({resource.place: resource for resource in needed}.values())


def _write(change: ScheduleChange, *, now: datetime) -> None:
    part = change.part
    if isinstance(part, Absence) and change.is_deleted:
        absences.remove_absence(part, now=now)
    elif change.is_deleted:
        part.delete()
    elif isinstance(part, Absence):
        absences.save_absence(part, around_applications=True, now=now)
    else:
        part.save()


def _require_visible(change: ScheduleChange, staff: AbstractBaseUser) -> None:
    part = change.part
    if part.pk is not None and not SELECTORS[type(part)](staff).filter(pk=part.pk).exists():
        raise NotFound
    if isinstance(part, Holiday):
        if not sees_all(staff):
            raise NotFound
    elif not officials_visible_to(staff).filter(pk=part.official_id).exists():
        raise NotFound
