"""Another official of the agency receives the citizen, at the time that stands; both sides are told."""

import uuid
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception import errors
from diia_videoreception.models import Application, JournalAct, Letter, MoveRequest, Official
from diia_videoreception.rules.transitions import Act
from diia_videoreception.selectors.access import applications_visible_to
from diia_videoreception.selectors.booking import availability
from diia_videoreception.selectors.booking.move_requests import open_request
from diia_videoreception.selectors.booking.proposals import open_proposal
from diia_videoreception.services import journal, letters
from diia_videoreception.services.booking import occupancy
from diia_videoreception.services.booking.appointing import (
    Conference,
    claim,
    prepare_reception,
    renewed_conference,
)
from diia_videoreception.services.booking.moderation import (
    lock_case,
    require_citizen_free,
    require_version,
)
from diia_videoreception.services.booking.states import change_state, end_request
from diia_videoreception.services.transactions import locking_act


def require_suitable(application: Application, official: Official) -> None:
    """Check that another official could receive the citizen at all.

    Raises:
        OfficialUnavailable: the official is of another agency, receives nobody, or has the case.
    """
    if (
        official.agency.pk != application.agency_id
        or official.pk == application.official_id
        or not official.receives
    ):
        raise errors.OfficialUnavailable


def reassign(
    *,
    moderator: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    official_id: int,
    now: datetime,
) -> Application:
    """Give the case to another official of the agency, who is free at its time.

    The time of the new official is claimed before that of the earlier one is free. The portal's own room
    stays: it is open to whoever receives. A login of another program is renewed, for the earlier official
    knows it. The end follows the schedule of the new one.
    A request to move it ends: its times are of the earlier official, and the letter says so.

    Raises:
        NotFound: the case is not of the moderator's agencies, or there is no such official.
        WrongState: it has changed since the moderator looked, its time has come, or it has ended.
        ProposalOpen: another time waits for the citizen's answer.
        OfficialUnavailable: as `require_suitable`.
        OutsideSchedule: no time of the official's schedule has this start.
        SlotTaken: the new official is not free then.
        CitizenTimeTaken, CitizenTimeHeld: the reception would last into another one.
    """
    conference = _renewed(moderator, public_id, version, official_id, now=now)
    return _reassign(moderator, public_id, version, official_id, conference, now=now)


def _renewed(
    moderator: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    official_id: int,
    *,
    now: datetime,
) -> Conference | None:
    """Return the new access of a confirmed reception to come; the act looks at everything again."""
    found = applications_visible_to(moderator).filter(public_id=public_id).first()
    if found is None:
        raise errors.NotFound
    require_version(found, version)
    if found.state != Application.State.CONFIRMED or found.start <= now:
        return None
    official = Official.objects.select_related("unit__agency").filter(pk=official_id).first()
    if official is None:
        raise errors.NotFound
    time = availability.scheduled_slot(official, start=found.start)
    return renewed_conference(found, time=time)


@locking_act
def _reassign(
    moderator: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    official_id: int,
    conference: Conference | None,
    *,
    now: datetime,
) -> Application:
    wanted = occupancy.OfficialTime(official_id)
    application = lock_case(
        moderator, public_id, version, now=now, citizen_too=True, besides=[wanted]
    )
    if application.start <= now:
        raise errors.WrongState
    if open_proposal(application, now=now):
        raise errors.ProposalOpen
    before, official = application.official, wanted.official
    require_suitable(application, official)
    slot = availability.scheduled_slot(official, start=application.start)
    require_citizen_free(moderator, application, slot, official=official, now=now)
    claim(application, slot, official=official, now=now)
    change_state(
        application, Act.REASSIGN, now=now, official=official, start=slot.start, end=slot.end
    )
    is_confirmed = application.state == Application.State.CONFIRMED
    # The wished times are of the earlier official: nobody can grant them any more.
    asked_to_move = is_confirmed and open_request(application, now=now) is not None
    if is_confirmed:
        end_request(application, MoveRequest.Answer.SUPERSEDED, now=now)
        prepare_reception(application, conference, now=now)
    journal.record(
        JournalAct.REASSIGN,
        subject=application,
        staff_id=moderator.pk,
        now=now,
        details={"was": before.pk, "official": official.pk},
    )
    letters.queue(
        Letter.Kind.REASSIGNED,
        application=application,
        now=now,
        facts=letters.facts_of_reassignment(
            application,
            before,
            asked_to_move=asked_to_move,
            has_new_access=conference is not None,
        ),
    )
    if is_confirmed:
        letters.notify_official(Letter.Kind.OFFICIAL_CONFIRMED, application, now=now)
        letters.notify_official(
            Letter.Kind.OFFICIAL_CANCELLED, application, official=before, now=now
        )
    return application
