"""The portal's own room: options, relays, and credentials that end by themselves."""

import base64
import hashlib
import hmac
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.conference.base import Entry, Meeting
from integrations.conference.own import OwnRoom, OwnRoomOptions
from tests.steps.rooms import TURN

UNTIL = datetime(2026, 12, 1, 10, 5, tzinfo=UTC)
SOMEBODY = uuid.UUID("9fd88b41-9932-4bf0-aa07-e770d74e9112")
ENTRY = Entry(Meeting(uuid.uuid4(), UNTIL, UNTIL), SOMEBODY, 1)


def room(**options: Any) -> OwnRoom:
    return OwnRoom(OwnRoomOptions(**options))


def test_credential__is_what_coturn_computes() -> None:
    joining = room(**TURN).join(ENTRY, until=UNTIL)
    server = joining.ice_servers[0]

    assert server.username == f"{int(UNTIL.timestamp())}:{SOMEBODY.hex}"
    digest = hmac.new(b"shared-with-the-relay", server.username.encode(), hashlib.sha1).digest()
    assert server.credential == base64.b64encode(digest).decode()
    assert server.credential not in repr(joining)
    assert joining.relay_only


def test_secret__stands_in_no_traceback() -> None:
    assert "shared-with-the-relay" not in repr(OwnRoomOptions(**TURN))


def test_direct__is_by_an_explicit_option_only() -> None:
    assert room().join(ENTRY, until=UNTIL).relay_only
    assert not room(direct=True).join(ENTRY, until=UNTIL).relay_only


@pytest.mark.parametrize(
    ("urls", "given", "relays"),
    [
        (
            ["turn:203.0.113.7:3478?transport=udp", "turns:203.0.113.7:443"],
            (),
            ["203.0.113.7/32"] * 2,
        ),
        (["turn:[2001:db8::7]:3478"], (), ["2001:db8::7/128"]),
        (["turn:203.0.113.7", "turn:turn.example"], (), []),
        (["turn:turn.example"], ["203.0.113.0/28"], ["203.0.113.0/28"]),
    ],
)
def test_relays__are_those_that_the_settings_name(
    urls: list[str], given: list[str], relays: list[str]
) -> None:
    own = room(turn_urls=urls, turn_secret="x" * 16, relay_addresses=given)

    assert [str(one) for one in own.relays] == relays


def test_check__tells_that_there_is_no_relay() -> None:
    assert room().check() == ["Without TURN, some citizens will not be able to connect."]
    assert room(direct=True).check() == room(**TURN).check() == []


@pytest.mark.parametrize(
    "options",
    [
        {"turn_urls": "turn:turn.example"},
        {"turn_urls": ["https://turn.example"], "turn_secret": "x" * 16},
        {"turn_urls": ["stun:turn.example"], "turn_secret": "x" * 16},
        {"turn_urls": [5], "turn_secret": "x" * 16},
        {"turn_urls": ["turn:turn.example"]},
        {"turn_urls": ["turn:turn.example"], "turn_secret": "short"},
        {"direct": "yes"},
        {"relay_addresses": "203.0.113.7"},
        {"relay_addresses": ["turn.example"]},
        {"relay_addresses": ["203.0.113.7/99"]},
    ],
)
def test_options__that_cannot_be_meant_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        room(**options)
