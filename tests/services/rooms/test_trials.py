"""Remembering that a conference was tried with its real server, and saying so until then."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from diia_videoreception.models import ConferenceTrial
from diia_videoreception.selectors.booking.conferences import trials_by_alias
from integrations.conference.livekit import LiveKitRoom
from tests.harness.clock import NOW
from tests.steps.livekit_service import LIVEKIT_OPTIONS as OPTIONS
from tests.steps.rooms import own_room

pytestmark = pytest.mark.django_db
LIVEKIT = "integrations.conference.livekit.LiveKitRoom"


def choose(settings: Any, **options: Any) -> None:
    rooms = own_room() | {"livekit": {"BACKEND": LIVEKIT, "OPTIONS": OPTIONS | options}}
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": rooms}


def confirm(alias: str = "livekit", version: str = "1.13.5") -> str:
    out = StringIO()
    call_command("confirm_conference_trial", alias, version, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _answers(settings: Any, time_machine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    time_machine.move_to(NOW, tick=False)
    choose(settings)
    monkeypatch.setattr(LiveKitRoom, "outages", lambda self: [])


def test_trial__is_remembered_with_day_and_version_and_the_last_one_counts() -> None:
    assert trials_by_alias() == {}
    assert "https://livekit.example.gov.ua, version 1.13.4" in confirm(version="1.13.4")
    confirm()
    trial = ConferenceTrial.objects.get()
    assert (trial.version, trial.confirmed_at) == ("1.13.5", NOW)
    assert trials_by_alias() == {"livekit": trial}


def test_trial__of_another_server_does_not_count(settings: Any) -> None:
    confirm()
    choose(settings, url="wss://other.example.gov.ua")
    assert trials_by_alias() == {}


@pytest.mark.parametrize(
    ("alias", "version", "words"),
    [
        ("default", "1", "No conference of this alias"),
        ("unknown", "1", "No conference of this alias"),
        ("livekit", " ", "1 to 64 characters"),
        ("livekit", "1" * 65, "1 to 64 characters"),
    ],
)
def test_trial__that_makes_no_sense_is_refused(alias: str, version: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        confirm(alias, version)
    assert not ConferenceTrial.objects.exists()


def test_trial__of_a_server_that_does_not_answer_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(LiveKitRoom, "outages", lambda self: ["LiveKit does not answer."])
    with pytest.raises(CommandError, match="not well"):
        confirm()
    assert not ConferenceTrial.objects.exists()
