"""The way into the room on the page of the application."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import AgencyModerator, Application
from diia_videoreception.selectors.rooms.seats import Visitor
from diia_videoreception.services.rooms import conversation, ending, entering
from integrations.identity.base import Level
from tests.harness.clock import START
from tests.steps.people import sign_in
from tests.steps.rooms import own_room

pytestmark = pytest.mark.any_database


@pytest.fixture
def confirmed(
    submitted: Application, decide: Callable[..., Application], settings: Any
) -> Application:
    """Confirmed by a moderator of an agency that receives in the portal's own room."""
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": own_room()}
    return decide("confirm", submitted)


def case(client: Client, application: Application) -> str:
    return client.get(
        reverse("diia_videoreception:case", args=[application.public_id])
    ).content.decode()


def test_case__leads_into_the_room_and_asks_for_no_program(
    client: Client, confirmed: Application
) -> None:
    shown = case(client, confirmed)

    assert reverse("diia_videoreception:room", args=[confirmed.public_id]) in shown
    assert "Потрібен лише браузер." in shown
    assert "Кімната відкриється" in shown
    assert "Логін" not in shown
    assert "Пароль" not in shown


def test_case__says_that_the_room_is_open(
    client: Client, confirmed: Application, clock: Any
) -> None:
    clock.move_to(START - timedelta(minutes=15), tick=False)
    sign_in(client, confirmed.citizen)

    assert "Кімнату відкрито." in case(client, confirmed)


def test_case__after_the_room_has_closed_leads_nowhere(
    client: Client, confirmed: Application, clock: Any
) -> None:
    clock.move_to(confirmed.end + timedelta(minutes=61), tick=False)
    sign_in(client, confirmed.citizen)

    assert reverse("diia_videoreception:room", args=[confirmed.public_id]) not in case(
        client, confirmed
    )


def test_kept_text__is_read_and_saved_by_the_citizen_alone(
    client: Client, confirmed: Application, clock: Any
) -> None:
    agency = confirmed.official.agency
    agency.keep_room_messages = True
    agency.save()
    moderator = AgencyModerator.objects.get().user
    citizen = Visitor(citizen=confirmed.citizen, level=Level.HIGH)
    staff = Visitor(user=moderator)
    where: dict[str, Any] = {"public_id": confirmed.public_id, "now": START}
    for visitor in (citizen, staff):
        entering.enter(visitor=visitor, window="w", **where)
    conversation.say(visitor=citizen, window="w", text="Добрий день!", key="1", **where)
    url = reverse("diia_videoreception:case_messages", args=[confirmed.public_id])
    clock.move_to(START, tick=False)
    sign_in(client, confirmed.citizen)
    assert client.get(url).status_code == 404

    ending.end(visitor=staff, **where)

    shown = case(client, confirmed)
    assert "Добрий день!" in shown
    assert "Хто був у кімнаті" in shown
    saved = b"".join(client.get(url).streaming_content).decode()  # type: ignore[attr-defined]
    assert "Добрий день!" in saved
    stranger = Client()
    sign_in(stranger)
    assert stranger.get(url).status_code == 404
