"""A reception in the portal's own room, as browsers meet it."""

from collections import OrderedDict
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from diia_videoreception.web.room import pace
from tests.steps.people import sign_in
from tests.steps.rooms import Meeting, make_meeting, own_room


@pytest.fixture(autouse=True)
def _nobody_has_just_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asked in another test may have had the same key."""
    monkeypatch.setattr(pace, "_last", OrderedDict())


@pytest.fixture
def meeting(db: None, settings: Any, frozen: datetime) -> Meeting:
    """Begins five minutes from NOW, behind a relay."""
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": own_room()}
    return make_meeting()


@pytest.fixture
def citizen(meeting: Meeting) -> Client:
    """The browser of the citizen."""
    client = Client()
    sign_in(client, meeting.application.citizen, level="high")
    return client


@pytest.fixture
def official(meeting: Meeting) -> Client:
    """The browser of the official."""
    client = Client()
    client.force_login(meeting.application.official.user)
    return client
