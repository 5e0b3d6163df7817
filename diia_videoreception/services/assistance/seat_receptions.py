"""A reception at a seat of the centre: who has come, and the way of their browser into the room.

Who works at the centre looks at the person's document and opens the room at the seat by a code that is typed there:
the seat has neither their session nor any other of the citizen. What it opens is one reception at its present time.
"""

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception import errors
from diia_videoreception.models import (
    Application,
    CentreMember,
    JournalAct,
    RoomInvitation,
    SeatEntry,
)
from diia_videoreception.rules.centre_seats import is_arrival, may_arrive
from diia_videoreception.rules.centres import ACTING
from diia_videoreception.selectors.booking.conferences import is_held_in_browser
from diia_videoreception.selectors.rooms.guests import seat_browser_hash, seat_code_hash
from diia_videoreception.selectors.rooms.seats import times_of
from diia_videoreception.services import journal
from diia_videoreception.services.assistance.guard import member_at_work
from diia_videoreception.services.rooms import inviting
from diia_videoreception.services.transactions import act, locked
from integrations.common.readable_codes import readable_code

CODE_LIVES = timedelta(minutes=10)
CODE_LENGTH = 8
_MARKS = str.maketrans("", "", " -\t\r\n")


@dataclass(frozen=True, slots=True)
class EnteredAtSeat:
    """What the browser of a seat keeps, and until when it may open anything."""

    entry: SeatEntry
    token: str = field(repr=False)
    until: datetime


@act
def note_arrival(
    centre_id: uuid.UUID,
    reception_id: uuid.UUID,
    *,
    is_here: bool,
    staff: AbstractBaseUser,
    now: datetime,
) -> Application:
    """Note that the person has come for a reception at a seat, or take it back; noted twice, the first stays.

    Raises:
        NotFound: the centre has no such confirmed reception at its seats, or the person does not work there.
        MemberBlocked, CentreSuspended: they may not help there now.
        Forbidden: consultants do not look at documents.
        NotTimeToArrive: the reception is not near, or over.
    """
    # Whoever says that the person has come says that their document was looked at.
    member = _who_opens(staff, centre_id, now=now)
    application = _locked_reception(member, reception_id)
    if not may_arrive(application.time, now=now):
        raise errors.NotTimeToArrive
    was_here = is_arrival(application.arrived_at, application.time)
    if was_here is is_here:
        return application
    application.arrived_at = now if is_here else None
    application.save(update_fields=["arrived_at"])
    done = JournalAct.ARRIVE_AT_CENTRE if is_here else JournalAct.WITHDRAW_ARRIVAL
    _record(done, application, staff, now=now)
    if not is_here:
        _end(application, staff, now=now)
    return application


@act
def open_at_seat(
    centre_id: uuid.UUID, reception_id: uuid.UUID, *, staff: AbstractBaseUser, now: datetime
) -> tuple[SeatEntry, str]:
    """Make the code by which the browser of the seat comes into the room; an earlier way in ends.

    Returns:
        The entry, and the code, which is told this once.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: as `note_arrival`.
        Forbidden: consultants do not look at documents.
        NotArrived: nobody has noted that the person is there.
        RoomClosed: it is over, or not held in a room of the portal.
    """
    member = _who_opens(staff, centre_id, now=now)
    application = _locked_reception(member, reception_id)
    if not is_arrival(application.arrived_at, application.time):
        raise errors.NotArrived
    seat = application.seat
    if (
        seat is None
        or not is_held_in_browser(application)
        or now >= times_of(application).closes_at
    ):
        raise errors.RoomClosed
    _end(application, staff, now=now)
    code = readable_code(CODE_LENGTH)
    entry = SeatEntry.objects.create(
        application=application,
        seat=seat,
        start=application.start,
        opened_by_id=staff.pk,
        code_hash=seat_code_hash(code),
        code_expires_at=now + CODE_LIVES,
        created_at=now,
    )
    _record(JournalAct.OPEN_AT_SEAT, application, staff, now=now)
    return entry, code


@act
def close_at_seat(
    centre_id: uuid.UUID, reception_id: uuid.UUID, *, staff: AbstractBaseUser, now: datetime
) -> None:
    """End the way in from the seat at once; without one nothing changes.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: as `note_arrival`.
    """
    member = member_at_work(staff, centre_id, now=now, on_behalf=False)
    _end(_locked_reception(member, reception_id), staff, now=now)


@act
def enter_at_seat(code: str, *, now: datetime) -> EnteredAtSeat:
    """Spend a code: the browser that gives it may take part in the reception from then on, and no other.

    Raises:
        SeatCodeInvalid: it is wrong, expired, spent or withdrawn, or the reception was moved or called off.
    """
    plain = code.translate(_MARKS).upper()
    if len(plain) != CODE_LENGTH or not plain.isascii():
        raise errors.SeatCodeInvalid
    waiting = SeatEntry.objects.filter(
        code_hash=seat_code_hash(plain), code_expires_at__gt=now, ended_at__isnull=True
    )
    entry = locked(waiting).first()
    application = entry.application if entry is not None else None
    if (
        entry is None
        or application is None
        or (application.start, application.seat_id) != (entry.start, entry.seat_id)
        or application.state != Application.State.CONFIRMED
    ):
        raise errors.SeatCodeInvalid
    token = secrets.token_urlsafe(32)
    entry.code_hash, entry.spent_at, entry.browser_hash = None, now, seat_browser_hash(token)
    entry.save(update_fields=["code_hash", "spent_at", "browser_hash"])
    journal.record(
        JournalAct.ENTER_AT_SEAT,
        subject=application,
        now=now,
        details={"seat": str(entry.seat.public_id)},
    )
    return EnteredAtSeat(entry, token, times_of(application).closes_at)


def sit_beside(
    centre_id: uuid.UUID, reception_id: uuid.UUID, *, staff: AbstractBaseUser, now: datetime
) -> tuple[RoomInvitation, str]:
    """Take part in the room besides the citizen, as a guest whom everybody sees and the citizen may object to.

    Returns:
        The invitation, and the secret of its link; empty where a browser has it already.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, Forbidden, NotArrived: as `open_at_seat`.
        RoomClosed, GuestLimit: as `inviting.invite`.
    """
    application = _beside(centre_id, reception_id, staff=staff, now=now)
    name = str(getattr(staff, "get_full_name", str)() or getattr(staff, "get_username", str)())
    return inviting.invite_centre(application, name=name, staff=staff, now=now)


@act
def _beside(
    centre_id: uuid.UUID, reception_id: uuid.UUID, *, staff: AbstractBaseUser, now: datetime
) -> Application:
    member = _who_opens(staff, centre_id, now=now)
    application = _locked_reception(member, reception_id)
    if not is_arrival(application.arrived_at, application.time):
        raise errors.NotArrived
    return application


def _who_opens(staff: AbstractBaseUser, centre_id: uuid.UUID, *, now: datetime) -> CentreMember:
    member = member_at_work(staff, centre_id, now=now, on_behalf=False)
    if member.role not in ACTING:
        raise errors.Forbidden
    return member


def _locked_reception(member: CentreMember, reception_id: uuid.UUID) -> Application:
    found = Application.objects.select_related(
        "seat", "citizen", "reception", "official__unit__agency"
    ).filter(
        seat__centre=member.centre_id,
        public_id=reception_id,
        state=Application.State.CONFIRMED,
    )
    application = locked(found).first()
    if application is None:
        raise errors.NotFound
    return application


def _end(application: Application, staff: AbstractBaseUser, *, now: datetime) -> None:
    """End the way in that is open, where there is one."""
    live = SeatEntry.objects.filter(application=application, ended_at__isnull=True)
    if live.update(ended_at=now, code_hash=None):
        _record(JournalAct.CLOSE_AT_SEAT, application, staff, now=now)


def _record(
    done: JournalAct, application: Application, staff: AbstractBaseUser, *, now: datetime
) -> None:
    seat = application.seat
    journal.record(
        done,
        subject=application,
        staff_id=staff.pk,
        now=now,
        details={"seat": str(seat.public_id)} if seat is not None else {},
    )
