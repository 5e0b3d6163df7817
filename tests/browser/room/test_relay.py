"""A reception through the relay, as on a real portal: no address goes by, and a cut line comes back."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
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
NARROW = 96_000 // 8
"""Bytes a second."""
# Of a page behind a firewall that leaves nothing but the relay.
RELAYED_ONLY = """
const Direct = RTCPeerConnection;
window.RTCPeerConnection = class extends Direct {
  constructor(configuration) {
    super({ ...configuration, iceTransportPolicy: "relay" });
  }
};
"""


@pytest.fixture
def relayed(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`relayed(url)`: the room has this relay, whose credentials are good by the machine's clock."""
    given = own.turn_credential

    def until_later(secret: str, *, user: str, until: datetime) -> Any:
        now = datetime.fromtimestamp(escape_hatch.time.time(), UTC)
        return given(secret, user=user, until=now + timedelta(hours=1))

    monkeypatch.setattr(own, "turn_credential", until_later)

    def has(url: str, **options: Any) -> None:
        conference = own_room(turn_urls=[url], turn_secret=SECRET, **options)
        settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": conference}

    return has


@pytest.fixture
def line(reception: Reception, tmp_path: Path, relayed: Callable[..., None]) -> Iterator[Line]:
    """The only way from both browsers to the only relay; `line.loss = 1` cuts it."""
    with coturn(tmp_path) as relay, shaky_network(relay.port) as shaky:
        relayed(relay.url("udp", port=shaky.port))
        yield shaky


# A browser with half a processor sends no pictures for long after such a cut.
@pytest.mark.alone
def test_relayed__no_address_but_the_relays_reaches_the_other_and_a_cut_line_comes_back(
    line: Line, arrive: Callable[..., Person]
) -> None:
    told: list[str] = []

    def note(answer: Response) -> None:
        # A poll that tells nothing new has no body, and an error in here would be lost.
        if answer.url.endswith("/poll/") and answer.status == HTTPStatus.OK:
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


@pytest.mark.parametrize("transport", ["tcp", "tls"])
def test_relayed__where_a_firewall_leaves_no_udp(
    reception: Reception,
    tmp_path: Path,
    relayed: Callable[..., None],
    arrive: Callable[..., Person],
    transport: str,
) -> None:
    with coturn(tmp_path, tls=True) as relay:
        relayed(relay.url(transport))
        people = [arrive(role, "--ignore-certificate-errors") for role in ("citizen", "official")]
        citizen, official = people
        official.enter()
        citizen.enter()
        official.press("Впустити")
        for person in people:
            person.is_connected()
            person.sees_frames_advance()
            person.hears_a_tone()


def test_relay_that_is_down__is_told_and_text_goes_by_the_portal(
    reception: Reception, relayed: Callable[..., None], arrive: Callable[..., Person]
) -> None:
    relayed(f"turn:{HOST}:9?transport=udp")
    citizen, official = arrive("citizen"), arrive("official")
    official.enter()
    citizen.enter()
    official.press("Впустити")
    for person in (citizen, official):
        person.is_told("Ми його відновлюємо.")
        phone = person.page.get_by_text("0 800 000 001").locator("visible=true")
        expect(phone.first).to_be_visible()
    citizen.page.get_by_label("Ви пишете").press_sequentially("Зателефоную")
    expect(official.page.locator(".is-live")).to_contain_text("Зателефоную")


# Four browsers share two processors.
@pytest.mark.alone
def test_four__who_is_behind_a_narrow_relay_keeps_sound_and_text(
    reception: Reception,
    tmp_path: Path,
    relayed: Callable[..., None],
    arrive: Callable[..., Person],
) -> None:
    with coturn(tmp_path, bytes_per_second=NARROW) as relay:
        relayed(relay.url("udp"), direct=True)
        citizen, official, moderator = (
            arrive(role) for role in ("citizen", "official", "moderator")
        )
        guest = arrive("guest", script=RELAYED_ONLY)
        official.enter()
        citizen.enter()
        official.press("Впустити")
        moderator.enter()
        guest.come_by_link("interpreter", "Руденко Павло")
        official.press("Впустити")
        people = (citizen, official, moderator, guest)
        for person in people:
            expect(person.page.locator(".vr-tile")).to_have_count(3)
            person.hears_a_tone()
        guest.page.get_by_label("Ви пишете").press_sequentially("Перекладаю: їжак")
        for person in people[:3]:
            expect(person.page.locator(".is-live")).to_contain_text("Перекладаю: їжак")
        citizen.page.get_by_label("Ви пишете").press_sequentially("Дякую")
        expect(guest.page.locator(".is-live")).to_contain_text("Дякую")
        guest.hears_a_tone()
