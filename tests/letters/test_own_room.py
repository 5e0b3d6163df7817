"""Letters about a reception in the portal's own room: only a browser, nothing to type (A-54 to A-56)."""

from collections.abc import Callable
from typing import Any

import pytest

from diia_videoreception.models import Application, Letter, Reception
from tests.factories import NOW
from tests.steps.engines import ENGINES
from tests.steps.letters import render
from tests.steps.rooms import own_room

pytestmark = pytest.mark.any_database

ROOM = "/videoreception/room/{}/"
PROGRAM = ("Логін", "Пароль", "логін", "пароль", "програм")


@pytest.fixture
def in_own_room(application: Application, settings: Any) -> Application:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": own_room()}
    Application.objects.filter(pk=application.pk).update(state="confirmed", decided_at=NOW)
    Reception.objects.create(application=application, conference="default", confirmed_at=NOW)
    application.refresh_from_db()
    return application


@pytest.mark.parametrize("kind", ["confirmation", "moved", "switched"])
def test_letter__leads_into_the_room_and_names_no_program(
    in_own_room: Application, queued: Callable[..., Letter], kind: str
) -> None:
    text = render(queued(kind, in_own_room)).text

    assert "Потрібен лише браузер." in text
    assert ROOM.format(in_own_room.public_id) in text
    assert "10:15" in text
    assert not [word for word in PROGRAM if word in text]


@pytest.mark.parametrize("engine", ENGINES)
def test_letter__of_every_engine_on_the_page_says_the_same(
    in_own_room: Application, queued: Callable[..., Letter], settings: Any, engine: str
) -> None:
    """Each asks nobody while a letter is written."""
    settings.DIIA_VIDEORECEPTION |= {"CONFERENCE": {"default": ENGINES[engine]}}
    text = render(queued("confirmation", in_own_room)).text

    assert "Потрібен лише браузер." in text
    assert ROOM.format(in_own_room.public_id) in text
    assert not [word for word in PROGRAM if word in text]


def test_receipt__promises_no_program(
    application: Application, queued: Callable[..., Letter], settings: Any
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": own_room()}

    text = render(queued("receipt", application)).text

    assert "через браузер" in text
    assert not [word for word in PROGRAM if word in text]


def test_letter__of_a_reception_that_has_a_login_keeps_it(
    confirmed: Application, queued: Callable[..., Letter], settings: Any
) -> None:
    """The portal has changed what the alias means since."""
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": own_room()}

    assert "vp-a2b3c4d5" in render(queued("confirmation", confirmed)).text
