"""A confirmed reception in the portal's own room, with its two parties, as its tests find it."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import (
    AgencyModerator,
    Application,
    Participant,
    Reception,
    Room,
)
from diia_videoreception.selectors.rooms.seats import Visitor
from diia_videoreception.services.rooms import admitting, entering
from integrations.common.levels import Level
from tests.factories import ApplicationFactory
from tests.harness.clock import NOW

TURN = {
    "turn_urls": ["turn:turn.example:3478?transport=udp"],
    "turn_secret": "shared-with-the-relay",
}
OWN_ROOM = "integrations.conference.own.OwnRoom"


def own_room(**options: Any) -> dict[str, Any]:
    """The setting CONFERENCE with the portal's own room behind a relay."""
    return {"default": {"BACKEND": OWN_ROOM, "OPTIONS": TURN | options}}


@dataclass(frozen=True, slots=True)
class Meeting:
    """A reception that begins in five minutes, and who takes part in it."""

    application: Application
    citizen: Visitor
    official: Visitor
    moderator: Visitor

    @property
    def public_id(self) -> uuid.UUID:
        return self.application.public_id

    @property
    def room(self) -> Room:
        return Room.objects.get(application=self.application)

    def enter(self, visitor: Visitor, window: str = "w1", *, now: datetime = NOW) -> Participant:
        entered = entering.enter(visitor=visitor, public_id=self.public_id, window=window, now=now)
        assert entered.participant is not None, entered.phase
        return entered.participant

    def meet(self, *, now: datetime = NOW) -> tuple[Participant, Participant]:
        """Citizen and official come in, and the citizen is admitted."""
        citizen, official = self.enter(self.citizen, now=now), self.enter(self.official, now=now)
        admitting.admit(
            visitor=self.official,
            public_id=self.public_id,
            participant=citizen.public_id,
            now=now,
        )
        citizen.refresh_from_db()
        return citizen, official


def make_user(name: str, **values: Any) -> Any:
    return get_user_model().objects.create_user(name, f"{name}@example.gov.ua", "x", **values)


def make_meeting(*, start: datetime = NOW + timedelta(minutes=5), **values: Any) -> Meeting:
    application = ApplicationFactory(
        start=start, state="confirmed", decided_at=NOW - timedelta(days=3), **values
    )
    Reception.objects.create(
        application=application, conference="default", confirmed_at=NOW - timedelta(days=3)
    )
    official = application.official
    official.user = make_user(f"official{official.pk}")
    official.save()
    moderator = make_user(f"moderator{official.pk}")
    AgencyModerator.objects.create(agency=official.agency, user=moderator)
    return Meeting(
        application,
        citizen=Visitor(citizen=application.citizen, level=Level.HIGH),
        official=Visitor(user=official.user),
        moderator=Visitor(user=moderator),
    )


def ask(client: Client, meeting: Meeting, act: str, side: str = "room", **data: Any) -> Any:
    """Post to an address of the room as its script does."""
    url = reverse(f"diia_videoreception:{side}_{act}", args=[meeting.public_id])
    return client.post(
        url,
        json.dumps(data),
        content_type="application/json",
        headers={"Accept": "application/json"},
    )
