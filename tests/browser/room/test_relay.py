"""A reception through the relay, as on a real portal: no address goes by, and a cut line comes back."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Response, expect
from time_machine import escape_hatch

from integrations.conference import own
from tests.device_check.browser.relay import HOST, SECRET, Line, coturn, shaky_network
from tests.steps.in_room import Person, Reception
from tests.steps.rooms import own_room
from tests.steps.signals import addresses

CUT_SECONDS = 10


@pytest.fixture
def line(
    reception: Reception, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Line]:
    """The only way from both browsers to the only relay; `line.loss = 1` cuts it."""
    given = own.turn_credential

    def until_later(secret: str, *, user: str, until: datetime) -> Any:
        # The relay has the machine's clock.
        now = datetime.fromtimestamp(escape_hatch.time.time(), UTC)
        return given(secret, user=user, until=now + timedelta(hours=1))

    monkeypatch.setattr(own, "turn_credential", until_later)
    with coturn(tmp_path) as relay, shaky_network(relay.port) as shaky:
        url = relay.url("udp", port=shaky.port)
        conference = own_room(turn_urls=[url], turn_secret=SECRET)
        settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": conference}
        yield shaky


# A browser with half a processor sends no pictures for long after such a cut.
@pytest.mark.alone
def test_relayed__no_address_but_the_relays_reaches_the_other_and_a_cut_line_comes_back(
    line: Line, arrive: Callable[..., Person]
) -> None:
    told: list[str] = []

    def note(answer: Response) -> None:
        if answer.url.endswith("/poll/") and answer.ok:
            told.extend(str(signal) for signal in answer.json()["signals"])

    citizen, official = arrive("citizen"), arrive("official")
    for person in (citizen, official):
        person.page.on("response", note)
    official.enter()
    citizen.enter()
    official.press("Впустити")
    for person in (citizen, official):
        person.is_connected()
        person.sees_frames_advance()
        person.hears_a_tone()
    assert told
    assert {found for signal in told for found in addresses(signal)} - {"0.0.0.0"} == {HOST}

    line.loss = 1.0
    time.sleep(CUT_SECONDS)
    for person in (citizen, official):
        person.is_told("Ми його відновлюємо.")
        expect(
            person.page.get_by_text("Нічого не натискайте.").locator("visible=true")
        ).to_have_count(1)
    line.loss = 0.0

    for person in (citizen, official):
        person.is_told("З’єднання відновлено:")
        person.is_connected()
        person.sees_frames_advance()
        person.hears_a_tone()
        said = " ".join(person.announced())
        assert said.count("З’єднання перервано:") == 1
