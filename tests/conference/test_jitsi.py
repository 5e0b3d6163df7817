"""Rooms of Jitsi and of its service: tokens as an independent library and Jitsi's own rules judge them."""

import json
import logging
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from integrations.common.fetching import FetchedResponse, FetchFailed
from integrations.conference import servers
from integrations.conference.base import ConferenceFailed, Entry, Meeting
from integrations.conference.jitsi import JaasOptions, JaasRoom, JitsiOptions, JitsiRoom
from tests.harness.clock import NOW
from tests.steps.engines import JITSI_OPTIONS as OPTIONS

SECRET = OPTIONS["app_secret"]
APP = "vpaas-magic-cookie-0123456789abcdef"
UNTIL = NOW + timedelta(hours=1)
# By the names of jitsi-meet; what is not named there is refused by its `validateJwt`.
FEATURES = {
    "branding", "calendar", "create-polls", "file-upload", "flip", "inbound-call", "livestreaming",
    "live-translation", "lobby", "moderation", "outbound-call", "recording", "room", "screen-sharing",
    "send-groupchat", "send-private-message", "list-visitors", "sip-inbound-call", "sip-outbound-call",
    "transcription",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _now(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def room() -> JitsiRoom:
    return JitsiRoom(JitsiOptions(**OPTIONS))


@pytest.fixture
def jaas(key: RSAPrivateKey, tmp_path: Path) -> JaasRoom:
    return JaasRoom(JaasOptions(app_id=APP, key_id="a1b2", key_file=save(key, tmp_path)))


def save(key: Any, folder: Path) -> Path:
    path = folder / "key.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def come(*, is_host: bool = False, meeting: Meeting | None = None) -> Entry:
    start = NOW + timedelta(minutes=5)
    meeting = meeting or Meeting(uuid.uuid4(), start, start + timedelta(minutes=30))
    shown_as = "Посадова особа" if is_host else "Заявник"
    return Entry(meeting, uuid.uuid4(), 1, is_host=is_host, shown_as=shown_as)


def opened(room: JitsiRoom | JaasRoom, entry: Entry) -> tuple[str, str, dict[str, Any]]:
    """The address without its secret, the token, and what Jitsi's page is told besides."""
    parts = urlsplit(room.join(entry, until=UNTIL).server["url"])
    # Jitsi reads each value behind `#` as JSON (util/parseURLParams.ts).
    told = {
        name: json.loads(unquote(value))
        for name, _, value in (one.partition("=") for one in parts.fragment.split("&"))
    }
    return f"{parts.scheme}://{parts.netloc}{parts.path}", told.pop("jwt"), told


def test_token__opens_one_room_for_one_person_in_their_role(room: JitsiRoom) -> None:
    citizen = come()
    official = come(is_host=True, meeting=citizen.meeting)
    seen = []
    for entry in (citizen, official):
        url, token, _ = opened(room, entry)
        claims = jwt.decode(token, SECRET, ["HS256"], audience="jitsi", issuer="portal")
        assert url == f"https://meet.example.gov.ua/{claims['room']}"
        assert claims["sub"] == "meet.example.gov.ua"
        assert claims["exp"] == int(UNTIL.timestamp())
        assert claims["room"] == claims["room"].lower()
        assert all(isinstance(claims["context"]["user"][name], str) for name in ("id", "name"))
        seen.append(claims)
    assert seen[0]["room"] == seen[1]["room"]
    people = [one["context"]["user"] for one in seen]
    assert [(one["name"], one["moderator"], one["affiliation"]) for one in people] == [
        ("Заявник", False, "member"),
        ("Посадова особа", True, "owner"),
    ]
    assert people[0]["id"] != people[1]["id"]
    told = json.dumps(seen)
    assert str(citizen.participant) not in told
    assert citizen.participant.hex not in told


def test_token_of_the_service__has_what_its_page_demands(
    jaas: JaasRoom, key: RSAPrivateKey
) -> None:
    url, token, _ = opened(jaas, come())
    assert jwt.get_unverified_header(token) == {"alg": "RS256", "typ": "JWT", "kid": f"{APP}/a1b2"}
    claims = jwt.decode(token, key.public_key(), ["RS256"], audience="jitsi", issuer="chat")
    assert claims["sub"] == APP
    assert url == f"https://8x8.vc/{APP}/{claims['room']}"


def test_token__ends_and_holds_for_no_other_secret(room: JitsiRoom, time_machine: Any) -> None:
    _, token, _ = opened(room, come())
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(token, "x" * 40, ["HS256"], audience="jitsi")
    time_machine.move_to(UNTIL + timedelta(seconds=1), tick=False)
    with pytest.raises(jwt.ExpiredSignatureError):
        jwt.decode(token, SECRET, ["HS256"], audience="jitsi")


@pytest.mark.parametrize("which", ["room", "jaas"])
def test_recording__broadcasts_and_transcripts_are_off_in_token_and_page(
    which: str, request: pytest.FixtureRequest
) -> None:
    made: JitsiRoom | JaasRoom = request.getfixturevalue(which)
    for entry in (come(), come(is_host=True)):
        _, token, told = opened(made, entry)
        features = jwt.decode(token, options={"verify_signature": False})["context"]["features"]
        assert set(features) <= FEATURES
        for name in ("recording", "livestreaming", "transcription", "outbound-call"):
            assert features[name] is False
        assert told["config.localRecording.disable"] is True
        for name in ("recordingService", "liveStreaming", "transcription"):
            assert told[f"config.{name}.enabled"] is False
        buttons = set(told["config.toolbarButtons"])
        assert buttons.isdisjoint(
            {"recording", "livestreaming", "invite", "etherpad", "linktosalesforce"}
        )


def test_names_of_rooms__cannot_be_guessed_and_are_new_when_the_time_moves(room: JitsiRoom) -> None:
    entry = come()
    later = Meeting(entry.meeting.room, NOW + timedelta(days=1), NOW + timedelta(days=1))
    other = JitsiRoom(JitsiOptions(**OPTIONS | {"app_secret": "y" * 40}))
    names = {
        opened(one, Entry(meeting, entry.participant, 1))[0].rpartition("/")[2]
        for one in (room, other)
        for meeting in (entry.meeting, later)
    }
    assert len(names) == 4
    assert {len(name) for name in names} == {40}
    assert not [name for name in names if entry.meeting.room.hex in name]


def test_service__always_stands_abroad_and_an_own_server_where_its_name_says(
    jaas: JaasRoom, room: JitsiRoom
) -> None:
    assert room.check() == []
    assert jaas.check()
    home = JaasOptions(app_id=APP, key_id="a", key_file="/no", country="UA")
    assert JaasRoom(home).check()
    assert JitsiRoom(JitsiOptions(**OPTIONS | {"url": "https://meet.jit.si"})).check()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.unlink(),
        lambda path: path.write_text("no key"),
        lambda path: save(ec.generate_private_key(ec.SECP256R1()), path.parent),
    ],
)
def test_service_without_a_key__says_so_and_lets_nobody_in(
    key: RSAPrivateKey, tmp_path: Path, spoil: Any
) -> None:
    path = save(key, tmp_path)
    spoil(path)
    made = JaasRoom(JaasOptions(app_id=APP, key_id="a1b2", key_file=path))
    assert made.faults() == ["The key of the service cannot be read."]
    with pytest.raises(ConferenceFailed):
        made.join(come(), until=UNTIL)


def test_outages__say_whether_it_answers(
    room: JitsiRoom, jaas: JaasRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(seconds: float, method: str, url: str, **given: Any) -> FetchedResponse:
        asked.append(url)
        if "8x8" in url:
            raise FetchFailed("ConnectTimeout")
        return FetchedResponse(200, b"It works!")

    monkeypatch.setattr(servers, "fetch_within", answer)
    assert room.outages() == []
    assert jaas.outages() == ["Jitsi does not answer."]
    assert asked == [
        "https://meet.example.gov.ua/http-bind",
        f"https://8x8.vc/{APP}/external_api.js",
    ]
    monkeypatch.setattr(servers, "fetch_within", lambda *args, **given: FetchedResponse(502, b""))
    assert room.outages() == ["Jitsi does not answer."]


def test_page__gets_what_a_frame_needs_and_no_script(room: JitsiRoom) -> None:
    assert room.page_sources == {"frame-src": ("https://meet.example.gov.ua",)}
    assert room.page_permissions["microphone"] == ("https://meet.example.gov.ua",)
    tab = JitsiRoom(JitsiOptions(**OPTIONS, embed=False))
    assert (tab.page_sources, tab.page_permissions) == ({}, {})
    assert tab.join(come(), until=UNTIL).server["embed"] == ""


def test_secrets__stand_in_no_log_and_no_traceback(
    room: JitsiRoom, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    entry = come()
    joining = room.join(entry, until=UNTIL)
    for secret in (SECRET, opened(room, entry)[1]):
        for told in (caplog.text, repr(JitsiOptions(**OPTIONS)), repr(joining)):
            assert secret not in told


@pytest.mark.parametrize(
    "options",
    [
        {"url": "http://meet.example.gov.ua"}, {"app_id": ""}, {"app_secret": "short"},
        {"embed": 1}, {"max_people": 1}, {"audience": ""},
    ],
)  # fmt: skip
def test_options__that_cannot_be_meant_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        JitsiOptions(**OPTIONS | options)
    with pytest.raises((TypeError, ValueError)):
        JaasOptions(app_id="other", key_id="a", key_file="/x")
