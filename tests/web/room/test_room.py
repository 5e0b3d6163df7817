"""The addresses of the room: whose they are, what they refuse, what they cost."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diia_videoreception.models import Document, Look, Participant
from diia_videoreception.services.journal import looking
from tests.steps.conferences import SERVED
from tests.steps.people import sign_in
from tests.steps.rooms import Meeting, ask, make_meeting, make_user, own_room
from tests.steps.samples import png
from tests.steps.second_factor import verify, with_app
from tests.steps.signals import SDP

pytestmark = pytest.mark.any_database


def page(meeting: Meeting, side: str = "room") -> str:
    return reverse(f"diia_videoreception:{side}", args=[meeting.public_id])


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def meet(meeting: Meeting, citizen: Client, official: Client) -> tuple[Any, Any]:
    """Both come in through their addresses, and the citizen is admitted."""
    theirs = ask(citizen, meeting, "enter", window="w1").json()
    ours = ask(official, meeting, "enter", "room_official", window="w1").json()
    ask(official, meeting, "admit", "room_official", participant=theirs["participant"])
    return theirs, ours


def test_page__is_shown_to_each_party_and_may_use_camera_and_microphone(
    meeting: Meeting, citizen: Client, official: Client
) -> None:
    for client, side in ((citizen, "room"), (official, "room_official")):
        answer = client.get(page(meeting, side))

        assert answer.status_code == 200
        assert "camera=(self)" in answer.headers["Permissions-Policy"]
        assert "no-store" in answer.headers["Cache-Control"]
    assert not Participant.objects.exists()
    assert "Permissions-Policy" not in citizen.get(reverse("diia_videoreception:cabinet")).headers


def test_meeting__through_the_addresses(
    meeting: Meeting, citizen: Client, official: Client
) -> None:
    theirs, ours = meet(meeting, citizen, official)
    assert (theirs["phase"], ours["phase"]) == ("waiting", "admitted")
    assert theirs["ice_transport_policy"] == "relay"
    assert theirs["ice_servers"][0]["urls"] == ["turn:turn.example:3478?transport=udp"]

    sent = ask(
        citizen, meeting, "signals", window="w1", to=ours["participant"],
        session=ours["session"], kind="description", payload={"type": "offer", "sdp": SDP},
    ).json()  # fmt: skip
    said = ask(citizen, meeting, "messages", window="w1", text="Добрий день!", key="1").json()
    news = ask(official, meeting, "poll", "room_official", window="w1").json()

    assert [one["sequence"] for one in news["signals"]] == [sent["sequence"]]
    assert news["signals"][0]["from"] == theirs["participant"]
    assert news["messages"] == [
        {
            "sequence": said["sequence"],
            "from": theirs["participant"],
            "text": "Добрий день!",
            "at": news["now"],
        }
    ]
    assert {one["role_label"] for one in news["participants"]} == {"заявник", "посадова особа"}
    assert ask(official, meeting, "end", "room_official").status_code == 200
    assert ask(citizen, meeting, "poll", window="w1").json()["phase"] == "ended"
    assert ask(citizen, meeting, "enter", window="w1").json()["phase"] == "ended"


def test_role__comes_from_the_address_not_from_who_is_signed_in(
    meeting: Meeting, citizen: Client
) -> None:
    """One browser, both signed in: the citizen's address knows no official, and the other way round."""
    citizen.force_login(meeting.application.official.user)
    sign_in(citizen, meeting.application.citizen, level="high")

    assert ask(citizen, meeting, "enter", window="w1").json()["role"] == "citizen"
    assert ask(citizen, meeting, "enter", "room_official", window="w2").json()["role"] == "official"
    shown = citizen.get(page(meeting, "room_official")).content.decode()
    assert reverse("diia_videoreception:sign_out") not in shown


@pytest.mark.parametrize("side", ["room", "room_official"])
def test_stranger__finds_nothing(meeting: Meeting, side: str) -> None:
    stranger = Client()
    assert code(ask(stranger, meeting, "enter", side, window="w")) == (401, "session_ended")
    assert stranger.get(page(meeting, side)).status_code in {302, 303}
    sign_in(stranger, level="high")
    stranger.force_login(make_user("somebody"))

    assert stranger.get(page(meeting, side)).status_code == 404
    for act in ("enter", "poll", "leave"):
        assert code(ask(stranger, meeting, act, side, window="w")) == (404, "not_found")


def test_other_agency__finds_nothing(meeting: Meeting) -> None:
    other, client = make_meeting(), Client()
    client.force_login(other.moderator.user)

    assert code(ask(client, meeting, "enter", "room_official", window="w")) == (404, "not_found")


@pytest.mark.parametrize("who", ["official", "moderator"])
def test_staff_without_the_second_factor__come_to_the_step_and_into_no_room(
    meeting: Meeting, citizen: Client, official: Client, who: str
) -> None:
    meet(meeting, citizen, official)
    user = meeting.application.official.user if who == "official" else meeting.moderator.user
    with_app(user)
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]

    sent = client.get(page(meeting, "room_official"))
    assert sent.status_code == 303
    assert sent["Location"].startswith("/videoreception/staff/second-factor/step/?next=")
    for act in ("enter", "poll", "signals", "messages", "admit", "refuse", "note", "end", "leave"):
        answer = ask(client, meeting, act, "room_official", window="w1")
        assert code(answer) == (401, "session_ended"), act
    verify(client, user)
    assert client.get(page(meeting, "room_official")).status_code == 200


def test_staff_whose_second_factor_nobody_would_notice__come_into_no_room(
    meeting: Meeting, citizen: Client, official: Client, settings: Any
) -> None:
    meet(meeting, citizen, official)
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "OTPMiddleware" not in name]
    client = Client()
    client.force_login(meeting.application.official.user)  # type: ignore[arg-type]

    assert client.get(page(meeting, "room_official")).status_code == 403
    for act in ("enter", "poll", "messages", "admit", "note", "end"):
        answer = ask(client, meeting, act, "room_official", window="w1")
        assert code(answer) == (401, "session_ended"), act


def test_lower_level__is_sent_to_sign_in_with_a_stronger_means(meeting: Meeting) -> None:
    client = Client()
    sign_in(client, meeting.application.citizen, level="low")

    assert "reason=level" in client.get(page(meeting)).headers["Location"]
    assert code(ask(client, meeting, "enter", window="w")) == (403, "level_too_low")


def test_citizens_address__has_no_acts_of_staff(meeting: Meeting, citizen: Client) -> None:
    for act in ("admit", "refuse", "note", "switch", "end"):
        assert citizen.post(f"{page(meeting)}{act}/").status_code == 404


def test_post__needs_the_token(meeting: Meeting) -> None:
    client = Client(enforce_csrf_checks=True)
    sign_in(client, meeting.application.citizen, level="high")

    assert code(ask(client, meeting, "enter", window="w")) == (403, "csrf")
    answer = client.get(f"{page(meeting)}enter/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert answer.json()["error"]["code"] == "method_not_allowed"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"window": 5}',
        b'{"window": ""}',
        b"[" * 10_000,
        b"\xff",
        b"",
        b'{"window": "\\u0000"}',
        b'{"window": "\\ud800"}',
        b'{"window": "w", "x": ["\\udfff"]}',
    ],
)
def test_post__that_no_script_of_ours_sends_is_refused_in_words(
    meeting: Meeting, citizen: Client, body: bytes
) -> None:
    answer = citizen.post(f"{page(meeting)}enter/", body, content_type="application/json")

    assert code(answer) == (400, "malformed")
    assert answer.json()["error"]["message"]


def test_signal__above_64_kb_is_refused(
    meeting: Meeting, citizen: Client, official: Client
) -> None:
    _, ours = meet(meeting, citizen, official)
    signal = {
        "window": "w1", "to": ours["participant"], "session": ours["session"], "kind": "description",
    }  # fmt: skip
    fits = {"type": "offer", "sdp": "a=mid:0\r\n" * 5_500}
    large = {"type": "offer", "sdp": "a=mid:0\r\n" * 7_000}

    assert ask(citizen, meeting, "signals", **signal, payload=fits).status_code == 200
    refused = ask(citizen, meeting, "signals", **signal, payload=large)
    assert code(refused) == (413, "request_too_large")
    huge = citizen.post(f"{page(meeting)}signals/", b"x" * 200_000, content_type="application/json")
    assert code(huge) == (413, "request_too_large")


def test_signals__ten_thousand_are_slowed_down_and_disturb_nobody(
    meeting: Meeting, citizen: Client, official: Client, settings: Any
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "THROTTLE": {"room_signal": "50/min"}
    }
    _, ours = meet(meeting, citizen, official)
    answers = [
        ask(
            citizen, meeting, "signals", window="w1", to=ours["participant"],
            session=ours["session"], kind="candidate", payload={"candidate": ""},
        )
        for _ in range(60)
    ]  # fmt: skip

    assert [answer.status_code for answer in answers] == [200] * 50 + [429] * 10
    assert int(answers[-1].headers["Retry-After"]) > 0
    news = ask(official, meeting, "poll", "room_official", window="w1").json()
    assert (news["phase"], len(news["signals"])) == ("admitted", 50)


@pytest.mark.parametrize("who", ["citizen", "x", "74a29e59-fdd3-4160-a786-8679f270a250", 5, None])
def test_signal__to_nobody_finds_nobody(
    meeting: Meeting, citizen: Client, official: Client, who: object
) -> None:
    meet(meeting, citizen, official)
    answer = ask(
        citizen, meeting, "signals", window="w1", to=who, session=1, kind="candidate",
        payload={"candidate": ""},
    )  # fmt: skip

    assert code(answer) == (404, "not_found")


def test_poll__of_who_waits_costs_three_queries(meeting: Meeting, citizen: Client) -> None:
    ask(citizen, meeting, "enter", window="w1")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = ask(citizen, meeting, "poll", window="w1")

    assert answer.json()["phase"] == "waiting"
    # The browser's session, the citizen's, the room.
    assert len(captured) == 3, [query["sql"] for query in captured]


def test_poll__of_an_official_costs_three_queries_and_what_is_in_the_room(
    meeting: Meeting, official: Client
) -> None:
    ask(official, meeting, "enter", "room_official", window="w1")
    with CaptureQueriesContext(connection) as captured:
        ask(official, meeting, "poll", "room_official", window="w1")

    # Besides, whether this person has a second factor.
    assert len(captured) <= 5, [query["sql"] for query in captured]


def test_poll__that_would_tell_nothing_new_is_empty(
    meeting: Meeting, citizen: Client, official: Client
) -> None:
    meet(meeting, citizen, official)
    url = reverse("diia_videoreception:room_poll", args=[meeting.public_id])

    def poll(tag: str = "", **known: int) -> Any:
        headers = {"Accept": "application/json"} | ({"If-None-Match": tag} if tag else {})
        body = json.dumps({"window": "w1", **known})
        return citizen.post(url, body, content_type="application/json", headers=headers)

    first = poll()
    again = poll(first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (204, b"", first["ETag"])
    ask(official, meeting, "messages", "room_official", window="w1", text="Добрий день", key="1")
    news = poll(first["ETag"])
    assert news.status_code == 200
    assert [one["text"] for one in news.json()["messages"]] == ["Добрий день"]
    known = {name: news.json()[name] for name in ("after", "messages_after")}
    quiet = poll(news["ETag"], **known)
    assert quiet.json()["messages"] == [], "what was delivered is not new, so the answer is another"
    assert poll(quiet["ETag"], **known).status_code == 204


def test_poll__faster_than_any_page_of_ours_is_counted(
    meeting: Meeting, citizen: Client, settings: Any
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "THROTTLE": {"room_poll": "5/min"}
    }
    ask(citizen, meeting, "enter", window="w1")
    answers = [ask(citizen, meeting, "poll", window="w1") for _ in range(10)]

    assert {answer.status_code for answer in answers} == {200, 429}
    assert code(answers[-1]) == (429, "throttled")


def test_closed_room__says_so(meeting: Meeting, citizen: Client, time_machine: Any) -> None:
    ask(citizen, meeting, "enter", window="w1")
    time_machine.move_to(meeting.application.end + timedelta(minutes=61), tick=False)
    sign_in(citizen, meeting.application.citizen, level="high")

    assert ask(citizen, meeting, "poll", window="w1").json()["phase"] == "closed"
    refused = ask(citizen, meeting, "messages", window="w1", text="так", key="1")
    assert code(refused) == (409, "room_closed")


def test_external_program__has_no_room(meeting: Meeting, citizen: Client, settings: Any) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "CONFERENCE": {"default": {"BACKEND": "integrations.conference.external.ExternalProgram"}}
    }

    assert citizen.get(page(meeting)).status_code == 404
    assert code(ask(citizen, meeting, "enter", window="w")) == (404, "not_found")


def test_answers__carry_the_servers_clock(meeting: Meeting, citizen: Client) -> None:
    """A browser's clock may be an hour off: all moments are told together with the present one."""
    entered = ask(citizen, meeting, "enter", window="w1").json()

    moments = [entered[name] for name in ("opens_at", "now", "starts_at", "ends_at", "closes_at")]
    assert moments == sorted(moments)
    assert json.dumps(entered)


def test_document__is_added_and_saved_by_both(
    meeting: Meeting, citizen: Client, official: Client
) -> None:
    theirs, _ = meet(meeting, citizen, official)
    data = png()
    file = SimpleUploadedFile("рішення.png", data, content_type="image/png")
    added = citizen.post(f"{page(meeting)}documents/", {"window": "w1", "file": file})

    assert added.status_code == 201
    news = ask(official, meeting, "poll", "room_official", window="w1").json()
    assert [(one["name"], one["from"]) for one in news["documents"]] == [
        ("рішення.png", theirs["participant"])
    ]
    saved = official.get(news["documents"][0]["url"])
    assert "attachment" in saved.headers["Content-Disposition"]
    assert len(b"".join(saved.streaming_content)) == news["documents"][0]["size"]
    assert Client().get(news["documents"][0]["url"]).status_code in {302, 303}


def test_document__that_is_none_is_refused_in_words(
    meeting: Meeting, citizen: Client, official: Client
) -> None:
    meet(meeting, citizen, official)
    empty = SimpleUploadedFile("порожній.pdf", b"")
    url = f"{page(meeting)}documents/"

    assert code(citizen.post(url, {"window": "w1", "file": empty})) == (400, "file_empty")
    assert code(citizen.post(url, {"window": "w1"})) == (400, "malformed")
    huge = SimpleUploadedFile("великий.pdf", b"x" * (5 * 1024 * 1024 + 100_000))
    assert code(citizen.post(url, {"window": "w1", "file": huge})) == (413, "request_too_large")


def test_signal__nested_without_end_is_refused_in_words(
    meeting: Meeting, citizen: Client, official: Client
) -> None:
    _, ours = meet(meeting, citizen, official)
    for depth in (100, 400, 900, 3_000, 30_000):
        body = (
            f'{{"window": "w1", "to": "{ours["participant"]}", "session": 1, '
            f'"kind": "candidate", "payload": {"[" * depth}{"]" * depth}}}'
        )
        answer = citizen.post(f"{page(meeting)}signals/", body, content_type="application/json")

        assert code(answer) == (400, "malformed")


def test_policies__of_the_page_allow_every_conference_that_a_switch_leads_to(
    meeting: Meeting, citizen: Client, settings: Any
) -> None:
    """The page stays open when the official switches, and its policy stays as it came."""
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "CONFERENCE": own_room() | {"served": SERVED}
    }
    agency = meeting.application.official.agency
    agency.spare_conference = "served"
    agency.save(update_fields=["spare_conference"])

    headers = citizen.get(page(meeting)).headers

    policy, permissions = headers["Content-Security-Policy"], headers["Permissions-Policy"]
    assert "connect-src 'self' wss://media.example.gov.ua" in policy
    assert 'camera=(self "https://media.example.gov.ua"), microphone=(self), ' in permissions
    assert 'hid=(self "https://media.example.gov.ua")' in permissions
    elsewhere = citizen.get(reverse("diia_videoreception:cabinet"))
    assert "media.example" not in str(elsewhere.headers)


def test_staff_who_see_the_room__are_written_down_and_citizens_are_not(
    meeting: Meeting, citizen: Client, official: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen.get(page(meeting))
    assert not Look.objects.exists()
    official.get(page(meeting, "room_official"))
    meet(meeting, citizen, official)
    file = SimpleUploadedFile("довідка.png", png())
    citizen.post(f"{page(meeting)}documents/", {"window": "w1", "file": file})
    document = Document.objects.get()
    args = [meeting.public_id, document.public_id]
    saved = reverse("diia_videoreception:room_official_document", args=args)
    assert official.get(saved).status_code == 200

    looks = Look.objects.order_by("pk").values_list("role", "what", "object_id")
    assert list(looks) == [
        ("official", "room", meeting.public_id),
        ("official", "document", document.public_id),
    ]

    def fail(row: object) -> bool:
        raise DatabaseError

    monkeypatch.setattr(looking, "insert_new", fail)
    official.raise_request_exception = False
    for address in (page(meeting, "room_official"), saved):
        assert official.get(address).status_code == 500
