"""Rooms of BigBlueButton: signed calls and addresses, no recording, answers that are read safely."""

import logging
import uuid
from datetime import timedelta
from typing import Any

import pytest

from integrations.common.fetching import FetchedResponse, FetchFailed
from integrations.conference import servers
from integrations.conference.base import ConferenceFailed, Entry, Meeting
from integrations.conference.bigbluebutton import (
    BigBlueButtonOptions,
    BigBlueButtonRoom,
    read_answer,
)
from tests.harness.clock import NOW
from tests.harness.growth import LIMIT, growth
from tests.steps.bigbluebutton import OPTIONS, SECRET, BigBlueButton, is_signed, xml

UNTIL = NOW + timedelta(hours=1)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> BigBlueButton:
    running = BigBlueButton()
    monkeypatch.setattr(servers, "fetch_within", running)
    return running


@pytest.fixture
def room() -> BigBlueButtonRoom:
    return BigBlueButtonRoom(BigBlueButtonOptions(**OPTIONS))


def come(*, is_host: bool = False, meeting: Meeting | None = None, session: int = 1) -> Entry:
    start = NOW + timedelta(minutes=5)
    meeting = meeting or Meeting(uuid.uuid4(), start, start + timedelta(minutes=30))
    shown_as = "Посадова особа" if is_host else "Заявник & co"
    return Entry(meeting, uuid.uuid4(), session, is_host=is_host, shown_as=shown_as)


def url_of(room: BigBlueButtonRoom, entry: Entry) -> str:
    return room.join(entry, until=UNTIL).server["url"]


def test_formula_of_the_tests__is_that_of_the_documentation() -> None:
    query = "name=Test+Meeting&meetingID=abc123&attendeePW=111222&moderatorPW=333444"
    checksum = "1fcbb0c4fc1f039f73aa6d697d2db9ba7f803f17"
    url = f"https://bbb/bigbluebutton/api/create?{query}&checksum={checksum}"
    assert is_signed(url, "639259d4-9dd8-4b25-bf01-95f9567eaf4b")
    assert not is_signed(url, "another")


@pytest.mark.parametrize("checksum", ["sha256", "sha384", "sha512"])
def test_join__lets_in_each_in_their_role_and_under_no_name(
    server: BigBlueButton, checksum: str
) -> None:
    room = BigBlueButtonRoom(BigBlueButtonOptions(**OPTIONS, checksum=checksum))
    citizen = come()
    official = come(is_host=True, meeting=citizen.meeting)
    room.ensure_room(citizen.meeting)

    seen = [server.join(url_of(room, one)) for one in (official, citizen)]

    assert [one and (one["role"], one["fullName"], one.get("guest")) for one in seen] == [
        ("MODERATOR", "Посадова особа", None),
        ("VIEWER", "Заявник & co", "true"),
    ]
    [meeting] = server.meetings.values()
    assert len({one["userID"] for one in seen if one}) == 2
    told = str([seen, server.asked])
    for one in (official, citizen):
        assert one.participant.hex not in told
        assert str(one.participant) not in told
    assert meeting["guestPolicy"] == "ALWAYS_ACCEPT"


def test_address__that_is_changed_lets_nobody_in(
    server: BigBlueButton, room: BigBlueButtonRoom
) -> None:
    url = url_of(room, come())
    assert server.join(url)
    assert server.join(url.replace("VIEWER", "MODERATOR")) is None
    assert server.join(url[:-1] + ("0" if url[-1] != "0" else "1")) is None


def test_address__of_a_meeting_that_has_ended_opens_no_later_one(
    server: BigBlueButton, room: BigBlueButtonRoom
) -> None:
    entry = come()
    earlier = url_of(room, entry)
    assert url_of(room, entry) == earlier, "made once only while the meeting lasts"
    room.close(entry.meeting)
    room.close(entry.meeting)
    assert server.join(earlier) is None
    assert server.join(url_of(room, entry))
    assert server.join(earlier) is None


def test_moved_reception__has_another_meeting(
    server: BigBlueButton, room: BigBlueButtonRoom
) -> None:
    entry = come()
    later = Meeting(entry.meeting.room, NOW + timedelta(days=1), NOW + timedelta(days=1))
    for meeting in (entry.meeting, later):
        room.ensure_room(meeting)
    assert len(server.meetings) == 2


def test_recording__is_off_in_every_meeting_and_a_server_that_records_is_refused(
    server: BigBlueButton, room: BigBlueButtonRoom
) -> None:
    entry = come()
    room.ensure_room(entry.meeting)
    url_of(room, entry)
    [meeting] = server.meetings.values()
    for name in ("record", "autoStartRecording", "allowStartStopRecording"):
        assert meeting[name] == "false"
    assert "liveTranscription" in meeting["disabledFeatures"]
    assert {call for call, _ in server.asked} == {"create", "getMeetingInfo"}

    server.records = "true"
    with pytest.raises(ConferenceFailed, match="records"):
        room.ensure_room(entry.meeting)


def test_guests__may_be_asked_for_once_more(server: BigBlueButton) -> None:
    room = BigBlueButtonRoom(BigBlueButtonOptions(**OPTIONS, guest_policy="ask"))
    room.ensure_room(come().meeting)
    [meeting] = server.meetings.values()
    assert meeting["guestPolicy"] == "ASK_MODERATOR"


@pytest.mark.parametrize(
    "answer",
    [
        FetchedResponse(500, xml("SUCCESS", createTime="1")),
        FetchedResponse(302, b""),
        FetchedResponse(200, b""),
        FetchedResponse(200, b"<html>"),
        FetchedResponse(200, b"<html><returncode>SUCCESS</returncode></html>"),
        FetchedResponse(200, b'<?xml version="1.0" encoding="no such"?><response/>'),
        FetchedResponse(200, xml("FAILED", messageKey="internalError")),
        FetchedResponse(200, xml("SUCCESS")),
        FetchedResponse(200, xml("SUCCESS", createTime="soon")),
        FetchedResponse(200, xml("SUCCESS", createTime="²")),
        FetchedResponse(
            200,
            b'<!DOCTYPE response [<!ENTITY a "SUCCESS">]><response><returncode>&a;</returncode><createTime>1</createTime></response>',
        ),
        FetchedResponse(
            200,
            b"<response><returncode>SUCCESS</returncode><createTime>1</createTime>"
            + b"<a>" * 40
            + b"</a>" * 40
            + b"</response>",
        ),
    ],
)
def test_answers__that_bigbluebutton_does_not_give_are_a_failure_of_the_conference(
    room: BigBlueButtonRoom, monkeypatch: pytest.MonkeyPatch, answer: FetchedResponse
) -> None:
    monkeypatch.setattr(servers, "fetch_within", lambda *args, **kwargs: answer)
    with pytest.raises(ConferenceFailed):
        room.join(come(), until=UNTIL)


@pytest.mark.parametrize("unit", ["<a/>", "<running>x</running>", "<a><b>text</b></a>", "x&amp;"])
def test_reading__takes_time_as_its_answer_is_long(unit: str) -> None:
    def make(size: int) -> bytes:
        return f"<response>{unit * size}</response>".encode()

    assert growth(read_answer, make, 4000) < LIMIT


def test_reading__knows_what_stands_below_the_root_and_the_first_of_each() -> None:
    body = b"<response><a> 1&amp;2 </a><b><a>3</a></b><a>4</a><c/></response>"
    assert read_answer(body) == {"a": "1&2"}


def test_outages__say_what_is_wrong(
    server: BigBlueButton, room: BigBlueButtonRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert room.outages() == []
    other = BigBlueButtonRoom(BigBlueButtonOptions(**OPTIONS | {"secret": "another-secret-of-16"}))
    assert other.outages() == ["BigBlueButton does not accept the secret."]

    def fail(*args: Any, **kwargs: Any) -> FetchedResponse:
        raise FetchFailed("ConnectTimeout")

    monkeypatch.setattr(servers, "fetch_within", fail)
    assert room.outages() == ["BigBlueButton does not answer."]


def test_secrets__stand_in_no_log_and_no_traceback(
    server: BigBlueButton, room: BigBlueButtonRoom, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    joining = room.join(come(), until=UNTIL)
    checksum = joining.server["url"].rpartition("=")[2]
    for secret in (SECRET, checksum):
        for told in (caplog.text, repr(BigBlueButtonOptions(**OPTIONS)), repr(joining)):
            assert secret not in told


def test_page__gets_what_a_frame_needs_only_where_there_is_one(room: BigBlueButtonRoom) -> None:
    assert (room.page_sources, room.page_permissions) == ({}, {})
    framed = BigBlueButtonRoom(BigBlueButtonOptions(**OPTIONS, embed=True))
    assert framed.page_sources == {"frame-src": ("https://bbb.example.gov.ua",)}
    assert framed.page_permissions["camera"] == ("https://bbb.example.gov.ua",)


@pytest.mark.parametrize(
    ("options", "is_abroad"),
    [({}, False), ({"url": "https://bbb.example.com"}, True), ({"country": "DE"}, True)],
)
def test_server_abroad__is_told(options: dict[str, Any], is_abroad: bool) -> None:
    made = BigBlueButtonRoom(BigBlueButtonOptions(**OPTIONS | options))
    assert bool(made.check()) == is_abroad


@pytest.mark.parametrize(
    "options",
    [
        {"url": "http://bbb.example.gov.ua"}, {"secret": "short"}, {"checksum": "sha1"},
        {"guest_policy": "anybody"}, {"embed": "yes"}, {"max_people": 1}, {"country": "Україна"},
    ],
)  # fmt: skip
def test_options__that_cannot_be_meant_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        BigBlueButtonOptions(**OPTIONS | options)
