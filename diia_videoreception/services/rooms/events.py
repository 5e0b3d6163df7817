"""What the server of a conference tells of a room: somebody has come in there, or it has ended."""

import logging
from datetime import datetime

from diia_videoreception.models import Application, SpentToken
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.providers import conference_providers
from diia_videoreception.selectors.rooms.seats import room_phase
from diia_videoreception.services.rooms.places import (
    asking_outside,
    entries_of_admitted,
    meeting_of,
)
from diia_videoreception.services.transactions import insert_new
from integrations.conference.base import (
    ConferenceProvider,
    EventKind,
    Meeting,
    ServerEvent,
    SignedEvent,
)

logger = logging.getLogger(__name__)


def take_event(alias: str, signed: SignedEvent, *, now: datetime) -> bool:
    """Put out whoever has come in at a server without a seat; the same call again changes nothing.

    Outside any transaction: the server is asked. A call is known once what it leads to is done, so that
    the server may tell again what failed here; doing it twice at once does no harm.

    Returns:
        Whether it was news.

    Raises:
        ConferenceDown: the server does not do what its call leads to.
    """
    provider = conference_providers().get(alias)
    if provider is None or signed.event is None:
        return False
    known_as = lookup_hash("conference_event", f"{alias} {signed.signature}")
    if SpentToken.objects.filter(jti_hash=known_as).exists():
        return False
    if signed.event.kind is EventKind.JOINED:
        _look_at_newcomer(provider, signed.event, now=now)
    else:
        logger.info("conference %s: a room has ended", alias)
    return insert_new(SpentToken(jti_hash=known_as, expires_at=signed.expires_at))


def _look_at_newcomer(provider: ConferenceProvider, event: ServerEvent, *, now: datetime) -> None:
    application = _held_at(provider, event.meeting, now=now)
    with asking_outside():
        if application is None:
            provider.close(event.meeting)
            return
        if event.badge in {provider.badge(one) for one in entries_of_admitted(application)}:
            return
        provider.sweep(meeting_of(application), others=lambda: entries_of_admitted(application))


def _held_at(
    provider: ConferenceProvider, meeting: Meeting, *, now: datetime
) -> Application | None:
    """Return the application whose reception is held there, at this time and in an open room."""
    application = (
        Application.objects.select_related("official__unit__agency", "reception", "room")
        .filter(public_id=meeting.room, reception__conference=provider.name)
        .first()
    )
    if application is None or application.start != meeting.start:
        return None
    room = getattr(application, "room", None)
    is_open = room is not None and room_phase(application, room, now=now) is None
    return application if is_open else None
