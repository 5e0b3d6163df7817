"""Janus video rooms, against Debian's Janus: who gets in, who stays out, what is not recorded."""

import json
import logging
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.common.fetching import FetchedResponse
from integrations.conference import servers as module
from integrations.conference.base import ConferenceFailed, Entry, Meeting
from integrations.conference.janus import JanusOptions, JanusRoom
from tests.steps.janus import SECRETS, UNAUTHORIZED, Server, browser, in_an_hour, janus, people

START = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
URL = {"url": "wss://media.example.gov.ua/janus"}
FORBIDDEN = 403


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with janus(tmp_path_factory.mktemp("janus")) as running:
        yield running


@pytest.fixture
def room(server: Server) -> JanusRoom:
    return JanusRoom(JanusOptions(**server.options))


@pytest.fixture
def entry() -> Entry:
    meeting = Meeting(uuid.uuid4(), START, START + timedelta(minutes=30))
    return Entry(meeting, uuid.uuid4(), 1)


def test_join__lets_in_and_the_room_knows_who_it_is(room: JanusRoom, entry: Entry) -> None:
    with browser(room, entry) as page:
        page.begin()
        said = page.join()
        assert said["videoroom"] == "joined"
        assert people(room, entry.meeting) == [room.badge(entry)]
        assert page.given["feed"] not in room.badge(entry)

        room.close(entry.meeting)
        assert people(room, entry.meeting) == []


@pytest.mark.parametrize("wrong", ["ticket", "pin", "room"])
def test_join__with_anything_guessed_is_refused(room: JanusRoom, entry: Entry, wrong: str) -> None:
    with browser(room, entry) as page:
        page.begin()
        assert page.join(**{wrong: "0" * 40})["error_code"] in {UNAUTHORIZED, 426}
    assert people(room, entry.meeting) == []


@pytest.mark.parametrize("token", ["", "9999999999,janus,janus.plugin.videoroom:AAAA"])
def test_token__that_the_portal_has_not_signed_opens_nothing(
    room: JanusRoom, entry: Entry, token: str
) -> None:
    with browser(room, entry, token=token) as page:
        assert page.ask(janus="create")["error"]["code"] == FORBIDDEN


def test_token__ends(room: JanusRoom, entry: Entry) -> None:
    expired = room.join(entry, until=in_an_hour() - timedelta(hours=2)).server["token"]
    with browser(room, entry, token=expired) as page:
        assert page.ask(janus="create")["error"]["code"] == FORBIDDEN


def test_dismissed__is_put_out_and_does_not_come_back(room: JanusRoom, entry: Entry) -> None:
    other = Entry(entry.meeting, uuid.uuid4(), 1)
    with browser(room, entry) as page, browser(room, other) as second:
        for one in (page, second):
            one.begin()
            one.join()

        room.dismiss(entry, others=lambda: [other])

        assert people(room, entry.meeting) == [room.badge(other)]
        page.attach()
        assert page.join()["error_code"] == UNAUTHORIZED


def test_dismissed__who_came_in_twice_is_put_out_twice(room: JanusRoom, entry: Entry) -> None:
    """By one ticket, under a name of one's own beside the portal's."""
    other = Entry(entry.meeting, uuid.uuid4(), 1)
    with browser(room, entry) as page, browser(room, other) as second:
        for one in (page, second):
            one.begin()
            one.join()
        page.attach()
        assert page.join(feed="listens")["videoroom"] == "joined"
        assert len(people(room, entry.meeting)) == 3

        room.dismiss(entry, others=lambda: [other])

        assert people(room, entry.meeting) == [room.badge(other)]


def test_dismissed__who_comes_in_anew_at_the_same_time_stays(room: JanusRoom, entry: Entry) -> None:
    """Whoever may stay is asked for once Janus has told who is there."""
    again = Entry(entry.meeting, entry.participant, 2)
    with browser(room, entry) as page, browser(room, again) as newer:
        page.begin()

        def others() -> list[Entry]:
            newer.begin()
            newer.join()
            return []

        room.dismiss(entry, others=others)

        assert people(room, entry.meeting) == [room.badge(again)]


def test_coming_in_anew__ends_the_earlier_entry(room: JanusRoom, entry: Entry) -> None:
    again = Entry(entry.meeting, entry.participant, 2)
    with browser(room, entry) as page:
        page.begin()
        page.join()
        with browser(room, again) as newer:
            newer.begin()
            newer.join()
            assert people(room, entry.meeting) == [room.badge(again)]
            page.attach()
            assert page.join()["error_code"] == UNAUTHORIZED


def test_recording__is_off_and_nobody_in_the_room_can_switch_it_on(
    room: JanusRoom, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    send = module.fetch_within

    def note(*args: Any, body: bytes, **kwargs: Any) -> FetchedResponse:
        asked.append(json.loads(body).get("request", {}))
        return send(*args, body=body, **kwargs)

    monkeypatch.setattr(module, "fetch_within", note)
    with browser(room, entry) as page:
        page.begin()
        page.join()
        switched = page.message(
            request="enable_recording", room=page.given["room"], record=True, secret="guessed"
        )
        assert switched["error_code"] == UNAUTHORIZED
        forwarded = page.message(
            request="rtp_forward", room=page.given["room"], publisher_id=page.given["feed"],
            host="127.0.0.1", audio_port=9,
        )  # fmt: skip
        assert "error_code" in forwarded
    (made,) = [one for one in asked if one.get("request") == "create"]
    assert made["record"] is False
    assert made["lock_record"] is True
    assert made["rec_dir"] == "/dev/null"
    assert not [one for one in asked if one.get("request") in {"enable_recording", "rtp_forward"}]


def test_moved_reception__has_another_room_with_other_keys(room: JanusRoom, entry: Entry) -> None:
    later = Meeting(entry.meeting.room, START + timedelta(days=1), START + timedelta(days=1))
    moved = Entry(later, entry.participant, entry.session)
    before, after = (room.join(one, until=in_an_hour()).server for one in (entry, moved))
    for name in ("room", "pin", "ticket", "feed"):
        assert before[name] != after[name]


def test_secrets__stand_in_no_log_and_no_traceback(
    room: JanusRoom, entry: Entry, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    joining = room.join(entry, until=in_an_hour())
    options = JanusOptions(**server.options)
    for secret in (*SECRETS.values(), joining.server["pin"], joining.server["ticket"]):
        assert secret not in caplog.text
        assert secret not in repr(options)
        assert secret not in repr(joining)


def test_outages__say_what_is_wrong_with_the_server(
    room: JanusRoom, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert room.outages() == []
    options = server.options | {"admin_secret": "not-what-janus-has"}
    assert JanusRoom(JanusOptions(**options)).outages() == ["Janus does not answer."]
    open_ = b'{"janus": "success", "status": {"token_auth": false}, "response": {}}'
    monkeypatch.setattr(module, "fetch_within", lambda *args, **kwargs: FetchedResponse(200, open_))
    assert room.outages() == [
        "Janus lets in people without a token: set token_auth in its settings."
    ]


@pytest.mark.parametrize(
    "answer",
    [
        FetchedResponse(200, b"["), FetchedResponse(200, b"[" * 50_000), FetchedResponse(200, b"[]"), FetchedResponse(403, b"{}"),
        FetchedResponse(200, b'{"janus": "success"}'), FetchedResponse(200, b'{"janus": "error"}'),
        FetchedResponse(200, b'{"janus": "success", "response": {"error_code": 499}}'),
    ],
)  # fmt: skip
def test_answers__that_janus_does_not_give_are_a_failure_of_the_conference(
    monkeypatch: pytest.MonkeyPatch, entry: Entry, answer: FetchedResponse
) -> None:
    room = JanusRoom(JanusOptions(**SECRETS, **URL))
    monkeypatch.setattr(module, "fetch_within", lambda *args, **kwargs: answer)
    with pytest.raises(ConferenceFailed):
        room.ensure_room(entry.meeting)


def test_page__may_speak_with_its_websocket_and_nothing_else() -> None:
    room = JanusRoom(JanusOptions(**SECRETS, **URL))
    assert room.page_sources == {"connect-src": ("wss://media.example.gov.ua",)}


@pytest.mark.parametrize(
    "options",
    [
        {"url": "ws://media.example.gov.ua"},
        {"url": "https://media.example.gov.ua"},
        {"url": "wss://"},
        {"url": None},
        {"admin_url": "http://media.example.gov.ua/admin"},
        {"admin_secret": "short"},
        {"admin_key": ""},
        {"token_secret": "janus"},
        {"max_people": 1},
        {"kbit_per_s": 1},
        {"turn_urls": ["turn:turn.example"]},
    ],
)
def test_options__that_cannot_be_meant_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        JanusOptions(**{**SECRETS, **URL, **options})
