"""Giving an application its final time: whoever agreed to it and how, the same rules, claim and letters.

Moderators and citizens come here under their locks: `moderation` and `proposals` say who may.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from diia_videoreception import errors
from diia_videoreception.models import (
    Application,
    JournalAct,
    Letter,
    Occupancy,
    Official,
    Reception,
)
from diia_videoreception.personal_data import encrypt
from diia_videoreception.providers import conference_providers
from diia_videoreception.rules.slots import Interval
from diia_videoreception.rules.transitions import Act, is_open
from diia_videoreception.selectors.booking.conferences import next_conference
from diia_videoreception.services import letters
from diia_videoreception.services.booking import occupancy, serving
from diia_videoreception.services.booking.seating import require_seat_open
from diia_videoreception.services.booking.states import change_state
from integrations.conference.base import ConferenceAccess

Recorder = Callable[[JournalAct, dict[str, object]], None]
"""Writes the act into the journal, with its details, in the name of who does it."""

_IN_JOURNAL = {
    Act.CONFIRM_OTHER_TIME: JournalAct.CONFIRM_OTHER_TIME,
    Act.MOVE: JournalAct.MOVE,
    Act.ACCEPT_PROPOSAL: JournalAct.ACCEPT_PROPOSAL,
}


@dataclass(frozen=True, slots=True)
class Conference:
    """What the provider gave before the act.

    Attributes:
        was: The conference that the reception had then; empty where it had none.
    """

    alias: str
    access: ConferenceAccess | None
    was: str


def conference_for(
    application: Application, *, time: Interval | None = None, now: datetime
) -> Conference | None:
    """Ask the provider before the act begins: nobody waits for the outside under a lock.

    What the act refuses afterwards stays unused. A reception that is moved gets a new access: the old
    one is good around the old time. None for an application that gets no new one.

    Args:
        time: Another one than it has.

    Raises:
        ConferenceUnavailable: the portal has no such video conference as the agency names.
    """
    reception = getattr(application, "reception", None)
    wanted = time or application.time
    stays = reception is not None and wanted.start == application.start
    is_past = min(application.start, wanted.start) <= now
    if stays or is_past or not is_open(application.state):
        return None
    alias = next_conference(application)
    provider = conference_providers().get(alias)
    if provider is None and reception is not None:
        # Its time moves all the same: the access that it has is better than none.
        return None
    if provider is None:
        raise errors.ConferenceUnavailable(alias=alias)
    access = provider.prepare(number=application.number, start=wanted.start, end=wanted.end)
    return Conference(alias, access, reception.conference if reception is not None else "")


def renewed_conference(application: Application, *, time: Interval) -> Conference | None:
    """Ask the provider for a new access to the conference that a reception has, before the act begins.

    Whoever was to receive knows the present one. None where there is no access to renew: the room is the
    portal's own, or the portal has the conference no more, and the access that it has is better than none.
    """
    reception = getattr(application, "reception", None)
    if reception is None or not reception.login:
        return None
    provider = conference_providers().get(reception.conference)
    if provider is None:
        return None
    access = provider.prepare(number=application.number, start=time.start, end=time.end)
    return Conference(reception.conference, access, was=reception.conference)


def appoint(
    application: Application,
    act: Act,
    slot: Interval,
    conference: Conference | None,
    *,
    official: Official | None = None,
    record: Recorder,
    now: datetime,
) -> None:
    """Give the application another time, to which the citizen has agreed, under its locks (A-31).

    The new time is claimed before the old one is free; citizen and officials are told both.

    Args:
        official: Who receives then, where that is somebody else, locked as well.

    Raises:
        WrongState: it has no time any more, or was led into another conference meanwhile.
        SlotTaken: the official, or the seat of a centre, is not free then.
        SeatClosed: the seat is closed then.
        CitizenTimeTaken: the citizen is not.
    """
    was, before = application.time, application.official
    confirmed_before = application.state == Application.State.CONFIRMED
    claim(application, slot, official=official, now=now)
    receives: dict[str, object] = {"official": official} if official is not None else {}
    change_state(application, act, now=now, start=slot.start, end=slot.end, **receives)
    prepare_reception(application, conference, now=now)
    record(_IN_JOURNAL[act], {"from": was.start.isoformat(), "to": slot.start.isoformat()})
    facts: dict[str, object] = {"earlier_official": before.pk} if official is not None else {}
    if confirmed_before:
        facts |= letters.facts_of_move(was.start, has_new_access=conference is not None)
        letters.queue(Letter.Kind.MOVED, application=application, now=now, facts=facts)
    else:
        facts |= {"old_start": was.start.isoformat()} if slot != was else {}
        letters.queue(Letter.Kind.CONFIRMATION, application=application, now=now, facts=facts)
    _tell_officials(application, was, before, confirmed_before=confirmed_before, now=now)


def _tell_officials(
    application: Application,
    was: Interval,
    before: Official,
    *,
    confirmed_before: bool,
    now: datetime,
) -> None:
    if not confirmed_before:
        letters.notify_official(Letter.Kind.OFFICIAL_CONFIRMED, application, now=now)
    elif application.official == before:
        letters.notify_official(
            Letter.Kind.OFFICIAL_MOVED, application, now=now, old_start=was.start
        )
    else:
        letters.notify_official(Letter.Kind.OFFICIAL_CONFIRMED, application, now=now)
        letters.notify_official(
            Letter.Kind.OFFICIAL_CANCELLED, application, official=before, time=was, now=now
        )


def claim(
    application: Application,
    slot: Interval,
    *,
    official: Official | None = None,
    now: datetime,
) -> None:
    """Move what the application has to the slot, under its locks.

    Args:
        official: Whose slot it is, where that is another official, who is locked as well.

    Raises:
        WrongState: it has no time any more.
        SlotTaken, SeatClosed, CitizenTimeTaken: as `appoint`.
    """
    resources = occupancy.resources_of(application, official=official)
    require_seat_open(application, slot)
    taken = occupancy.look(resources, slot, citizen=application.citizen, now=now)
    own = Occupancy.objects.filter(application=application, kind=Occupancy.Kind.APPLICATION).first()
    if own is None:
        # A final state has freed the time.
        raise errors.WrongState
    occupancy.require_free(taken, besides=own.pk)
    changes = {"official": official} if official is not None else {}
    was_of, was = own.official_id, own.time
    try:
        occupancy.move(resources, own, start=slot.start, end=slot.end, **changes)
    except errors.OwnTimeTaken as error:
        raise errors.CitizenTimeTaken from error
    if was_of != own.official_id or was != own.time:
        occupancy.give_to_absences(was_of, was, now=now)
        serving.offer_freed_later(was_of, now=now)


def prepare_reception(
    application: Application, conference: Conference | None, *, now: datetime
) -> None:
    """Keep the conference access of a reception; a move counts the calendar on.

    Raises:
        WrongState: it was led into another conference since the provider was asked.
    """
    # Rooms write this row too, and lock it alone.
    reception = Reception.objects.select_for_update().filter(application=application).first()
    if reception is None:
        if conference is None:
            raise errors.WrongState
        reception = Reception(application=application)
    else:
        if conference is not None and reception.conference != conference.was:
            raise errors.WrongState
        reception.calendar_sequence += 1
    if conference is not None:
        access = conference.access
        reception.conference = conference.alias
        reception.login = access.login if access else ""
        reception.password_encrypted = encrypt(access.password) if access else ""
    reception.confirmed_at = now
    reception.save()
    application.reception = reception
