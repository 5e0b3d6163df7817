"""What the acts in a room have in common: the lock, the provider, the time that somebody was there.

The lock of a room comes after that of its application.
"""

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db.models import QuerySet
from django.utils.text import capfirst

from diia_videoreception import errors
from diia_videoreception.models import Application, Attendance, Participant, Room, Signal
from diia_videoreception.providers import conference_providers
from diia_videoreception.rules import rooms as rules
from diia_videoreception.selectors.booking.conferences import is_held_in_browser
from diia_videoreception.selectors.rooms.seats import (
    Seats,
    Visitor,
    reception_of,
    seats_of,
    times_of,
)
from integrations.conference.base import ConferenceFailed, ConferenceProvider, Entry, Meeting

logger = logging.getLogger(__name__)


def provider_of(application: Application) -> ConferenceProvider:
    """Give the conference of a confirmed reception that is, or was until it was switched, held on a page of ours.

    Raises:
        NotFound: it is held in a program of its own, or is not confirmed and never was.
        ConferenceUnavailable: the portal's settings do not have it any more.
    """
    reception = getattr(application, "reception", None)
    if reception is None:
        raise errors.NotFound
    provider = conference_providers().get(reception.conference)
    if provider is None:
        raise errors.ConferenceUnavailable(alias=reception.conference)
    if not is_held_in_browser(application) and not was_here(application):
        raise errors.NotFound
    return provider


def was_here(application: Application) -> bool:
    """Return whether a reception began in a room of ours, wherever it goes on."""
    return Room.objects.filter(application=application).exists()


def meeting_of(application: Application) -> Meeting:
    """Return which conference the reception of an application is held in."""
    return Meeting(application.public_id, application.start, application.end)


@contextmanager
def asking_outside(*, may_fail: bool = False) -> Iterator[None]:
    """Tell in the words of a refusal that the server of a conference fails.

    Args:
        may_fail: What is done does not depend on it: it is logged, and life goes on.

    Raises:
        ConferenceDown: the server does not do what it was asked.
    """
    try:
        yield
    except ConferenceFailed as error:
        logger.warning("conference: %s", error)
        if not may_fail:
            raise errors.ConferenceDown from error


def dismiss(participant: Participant, *, at: str) -> None:
    """Put out this entry of somebody at the server of a conference too, never a newer one of theirs.

    Outside any transaction, once it is decided: it is done as far as the portal still has that conference
    and its server does it.

    Args:
        participant: With the session that has to go, and the room.
        at: Alias of the conference.
    """
    provider = conference_providers().get(at)
    if provider is None:
        return
    application = participant.room.application
    gone = entry_of(application, participant)

    def others() -> list[Entry]:
        return [one for one in entries_of_admitted(application) if one != gone]

    with asking_outside(may_fail=True):
        provider.dismiss(gone, others=others)


def entry_of(application: Application, participant: Participant) -> Entry:
    """Return the coming-in of somebody, as conferences know it."""
    return Entry(
        meeting_of(application),
        participant.public_id,
        participant.session,
        is_host=participant.role in {Participant.Role.OFFICIAL, Participant.Role.MODERATOR},
        shown_as=capfirst(participant.role_label),
    )


def entries_of_admitted(application: Application) -> list[Entry]:
    """Return the coming-in of each who may be in the room now."""
    admitted = Participant.objects.filter(
        room__application=application, state=Participant.State.ADMITTED
    )
    return [entry_of(application, seat) for seat in admitted.select_related("invitation")]


def close_outside(application: Application, *, at: str) -> None:
    """Take down what stands for a reception at the server of a conference; as `dismiss`."""
    provider = conference_providers().get(at)
    if provider is not None:
        with asking_outside(may_fail=True):
            provider.close(meeting_of(application))


def own_seats(
    visitor: Visitor,
    public_id: uuid.UUID,
    *,
    read: Callable[[Visitor, uuid.UUID], Seats | None] = seats_of,
) -> Seats:
    """Return the room with the person's own seat, as `read` finds it.

    Raises:
        NotFound: they have none, or may not have it any more.
        LevelTooLow: as `require_level`.
    """
    seats = read(visitor, public_id)
    if seats is None:
        raise errors.NotFound
    require_level(visitor, seats.application)
    return seats


def own_reception(visitor: Visitor, public_id: uuid.UUID) -> Application:
    """Return the reception at this address.

    Raises:
        NotFound: it is none of theirs.
        LevelTooLow: as `require_level`.
    """
    application = reception_of(visitor, public_id)
    if application is None:
        raise errors.NotFound
    require_level(visitor, application)
    return application


def require_level(visitor: Visitor, application: Application) -> None:
    """Raise LevelTooLow where the agency receives only people who are known more surely."""
    if not visitor.satisfies(application.official.agency.minimum_level):
        raise errors.LevelTooLow


def lock_room(room_id: int) -> Room:
    """Let what changes a room happen one after another."""
    return Room.objects.select_for_update(no_key=True).get(pk=room_id)


def locked_room(found: Application, *, now: datetime) -> tuple[Application, Room]:
    """Return a reception with its room, both locked; the room is made by whoever first needs it.

    Made ready again when the time was moved after an end: whoever was in it has to come anew, and
    nobody who was invited to the earlier time.
    """
    application = (
        Application.objects.select_for_update(of=("self",), no_key=True)
        .select_related("official__unit__agency", "reception", "citizen")
        .get(pk=found.pk)
    )
    room, is_new = Room.objects.get_or_create(
        application=application,
        defaults={"conference": application.reception.conference, "created_at": now},
    )
    room = lock_room(room.pk)
    room.application = application
    if room.conference != application.reception.conference:
        # The reception was moved, and its agency has another conference since.
        room.conference = application.reception.conference
        room.save(update_fields=["conference"])
    opens_at = times_of(application).opens_at
    if not is_new and room.ended_at is not None and room.ended_at < opens_at <= now:
        room.ended_at = room.tidied_at = None
        room.save(update_fields=["ended_at", "tidied_at"])
        room.participants.update(state=Participant.State.LEFT, admitted_at=None)
    return application, room


def locked_seats(visitor: Visitor, public_id: uuid.UUID) -> Seats:
    """Return what `own_seats` does, read again under the lock of the room."""
    lock_room(own_seats(visitor, public_id).room.pk)
    return own_seats(visitor, public_id)


def require_window(seats: Seats, window: str, *, now: datetime) -> rules.Phase:
    """Tell where the person stands who acts from this window, if that is in the room.

    Raises:
        WindowSuperseded: a newer window of theirs has the seat.
        RoomClosed: the room is not open, or they have left it.
        NotAdmitted: they were sent out, or not let in.
    """
    phase = seats.phase(window, now=now)
    if phase is rules.Phase.SUPERSEDED:
        raise errors.WindowSuperseded
    if phase is rules.Phase.REFUSED:
        raise errors.NotAdmitted
    if phase not in {rules.Phase.WAITING, rules.Phase.ADMITTED}:
        raise errors.RoomClosed
    return phase


def require_admitted(seats: Seats, window: str, *, now: datetime) -> None:
    """Require as `require_window`; who waits is not admitted either."""
    if require_window(seats, window, now=now) is not rules.Phase.ADMITTED:
        raise errors.NotAdmitted


def attend(participant: Participant, *, seen_before: datetime, now: datetime) -> None:
    """Begin a stretch of being there; one that nobody ended ended when the person was last seen."""
    if now - seen_before < rules.HERE and _open(participant).exists():
        return
    end_attendance(participant, at=seen_before)
    Attendance.objects.create(participant=participant, joined_at=now)


def end_attendance(participant: Participant, *, at: datetime) -> None:
    """End the stretch of being there that is under way, if there is one."""
    for attendance in _open(participant):
        attendance.left_at = max(attendance.joined_at, at)
        attendance.save(update_fields=["left_at"])


def note_quality(participant: Participant, sample: dict[str, float]) -> None:
    """Add a sample of the line to the stretch that is under way."""
    for attendance in _open(participant):
        attendance.quality = rules.merge_quality(attendance.quality, sample)
        attendance.save(update_fields=["quality"])


def _open(participant: Participant) -> QuerySet[Attendance]:
    return Attendance.objects.filter(participant=participant, left_at__isnull=True)


def forget_signals(participant: Participant) -> None:
    """Drop what was on the way from or to a page that is not there any more."""
    Signal.objects.filter(sender=participant).delete()
    Signal.objects.filter(recipient=participant).delete()


def note_change(room: Room, *, now: datetime) -> None:
    """Write down that somebody came, went or was admitted: pages then ask more often for a while."""
    room.changed_at = now
    room.save(update_fields=["changed_at"])
