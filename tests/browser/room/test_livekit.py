"""A reception by LiveKit: the page with LiveKit's own library, up to the server's WebSocket."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from diia_videoreception.models import Participant
from tests.harness.clock import START
from tests.steps.in_room import Person, Reception
from tests.steps.livekit import Server, livekit
from tests.steps.rooms import own_room


@pytest.fixture
def server(reception: Reception, settings: Any) -> Iterator[Server]:
    """The agency's receptions are held in rooms of LiveKit, its reserve is the own room."""
    with livekit(now=START - timedelta(minutes=5)) as running:
        settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
            "CONFERENCE": {
                "default": running.conference,
                "own": own_room(direct=True, turn_urls=[])["default"],
            }
        }
        agency = reception.application.official.agency
        agency.spare_conference = "own"
        agency.save(update_fields=["spare_conference"])
        yield running


def test_two_people__come_to_the_server_and_go_on_in_the_own_room_when_it_dies(
    server: Server, arrive: Callable[..., Person], reception: Reception
) -> None:
    citizen, official = arrive("citizen"), arrive("official")
    for person in (citizen, official):
        # The server is another host to the page, and dies in the end.
        person.browsing.expect(f"//127.0.0.1:{server.port}/", "503 for", "ERR_CONNECTION_REFUSED")
    official.enter()
    first = server.hears("joined")
    assert first["others"] == []
    assert first["video"]["canPublishSources"] == ["camera", "microphone"]
    assert not {"roomRecord", "recorder", "roomAdmin", "roomCreate", "hidden"} & set(first["video"])
    assert first["asked"]["connectionSettings"]["autoSubscribe"] is True
    assert first["asked"]["clientInfo"]["version"] == "2.23.0"

    # Who waits has nothing that opens the server, not even its library.
    citizen.enter()
    citizen.heading("Посадова особа скоро приєднається")
    assert not citizen.page.evaluate("Boolean(window.LivekitClient)")
    official.press("Впустити")
    second = server.hears("joined")
    assert second["others"] == [first["joined"]]
    assert second["video"]["room"] == first["video"]["room"]
    seats = Participant.objects.filter(room__application=reception.application)
    assert {first["joined"], second["joined"]}.isdisjoint(str(one.public_id) for one in seats)
    server.kill()
    notice = official.page.get_by_text("Відеосервер не відповідає.").locator("visible=true")
    expect(notice.first).to_be_visible()
    official.button("Перейти на інший відеозв’язок").first.click()
    for person in (citizen, official):
        person.is_connected()
        person.sees_frames_advance()
