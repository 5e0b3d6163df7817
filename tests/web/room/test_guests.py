"""The addresses of guests: a link, its cookie, who may do what with it."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diia_videoreception.models import RoomInvitation
from diia_videoreception.services.rooms import inviting
from tests.harness.clock import NOW
from tests.steps.rooms import Meeting, ask

pytestmark = pytest.mark.any_database

SIDE = "room_guest"


def invite(meeting: Meeting, official: Client, **changes: object) -> tuple[str, str]:
    """Address of the page and secret of a new link."""
    values = {"role": "interpreter", "name": "Руденко Павло"} | changes
    answer = ask(official, meeting, "invite", "room_official", **values)
    address, _, secret = answer.json()["url"].partition("#")
    return urlsplit(address).path, secret


def accept(client: Client, address: str, given: str, **changes: object) -> Any:
    values = {"secret": given, "role": "interpreter", "name": "Руденко Павло"} | changes
    values.setdefault("key", f"{id(client):064}")
    return client.post(f"{address}accept/", values, content_type="application/json")


def post(client: Client, address: str, act: str, **data: object) -> Any:
    return client.post(f"{address}{act}/", data, content_type="application/json")


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_link__is_exchanged_for_a_cookie_of_this_browser_and_spent(
    meeting: Meeting, official: Client
) -> None:
    address, secret = invite(meeting, official)
    guest, other = Client(), Client()
    before = guest.get(address)
    assert before.status_code == 200
    assert "Запрошення на відеоприйом" in before.content.decode()
    assert before.headers["Referrer-Policy"] == "same-origin"

    answer = accept(guest, address, secret)

    assert answer.status_code == 200
    cookie = answer.cookies["vr_guest"]
    path = reverse("diia_videoreception:room_guest", args=[RoomInvitation.objects.get().public_id])
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (path, True, "Lax")
    assert secret not in str(cookie)
    assert cookie["max-age"] == 95 * 60, "until the room closes"
    assert post(guest, address, "enter", window="w1").json()["role"] == "guest"
    assert code(accept(other, address, secret)) == (409, "link_spent")
    assert code(post(other, address, "enter", window="w1")) == (403, "guest_ended")
    assert post(guest, address, "poll", window="w1").json()["link_tried"] is True


def test_cookie__lasts_until_the_room_closes_also_when_the_reception_is_moved(
    meeting: Meeting, official: Client
) -> None:
    address, secret = invite(meeting, official)
    guest = Client()
    accept(guest, address, secret)
    application = meeting.application
    application.start, application.end = (
        moment + timedelta(days=1) for moment in (application.start, application.end)
    )
    application.save()

    cookie = guest.get(address).cookies["vr_guest"]

    assert cookie["max-age"] == (24 * 60 + 95) * 60
    assert cookie["httponly"]
    assert cookie.value == guest.cookies["vr_guest"].value


def test_link__opening_it_tells_nobody_whether_there_is_one(
    meeting: Meeting, official: Client
) -> None:
    address, _ = invite(meeting, official)
    unknown = reverse(
        "diia_videoreception:room_guest", args=["00000000-0000-4000-8000-000000000000"]
    )

    assert Client().get(address).status_code == Client().get(unknown).status_code == 200
    for url in (address, unknown):
        assert code(accept(Client(), url, "x" * 43)) == (404, "link_invalid")


def test_link__guessing_is_slowed_down(meeting: Meeting, official: Client) -> None:
    address, secret = invite(meeting, official)
    guesser = Client()
    answers = {accept(guesser, address, f"{number:043}").status_code for number in range(25)}

    assert answers == {404, 429}
    assert code(accept(guesser, address, secret)) == (429, "throttled")


def test_accept__needs_the_token_of_the_page(meeting: Meeting, official: Client) -> None:
    address, secret = invite(meeting, official)
    forging = Client(enforce_csrf_checks=True)
    forging.get(address)

    assert code(accept(forging, address, secret)) == (403, "csrf")
    assert RoomInvitation.objects.get().spent_at is None
    assert forging.get(f"{address}accept/").status_code == 405


@pytest.mark.parametrize(
    "changes",
    [{"key": ""}, {"key": "short"}, {"key": "k" * 65}, {"name": ""}, {"name": 5}, {"role": "official"}, {"role": None}, {"secret": 5},
     {"name": "\ud800"}, {"name": "х" * 2000}],
)  # fmt: skip
def test_accept__that_no_page_of_ours_sends_is_refused(
    meeting: Meeting, official: Client, changes: dict[str, object]
) -> None:
    address, secret = invite(meeting, official)

    assert code(accept(Client(), address, secret, **changes)) == (400, "malformed")
    assert accept(Client(), address, secret).status_code == 200, "and spends nothing"


def test_page__of_a_guest_shows_nothing_of_the_case(meeting: Meeting, official: Client) -> None:
    address, secret = invite(meeting, official)
    guest = Client()
    accept(guest, address, secret)
    answer = guest.get(address)
    shown = answer.content.decode()
    application = meeting.application

    assert "camera=(self)" in answer.headers["Permissions-Policy"]
    for secret_of_case in (
        application.topic, application.number, application.citizen.full_name,
        application.citizen.last_name, str(application.public_id),
    ):  # fmt: skip
        assert secret_of_case
        assert secret_of_case not in shown
    entered = post(guest, address, "enter", window="w1").json()
    news = post(guest, address, "poll", window="w1").json()
    for told in (str(entered), str(news)):
        assert application.citizen.last_name not in told
        assert application.number not in told
    assert guest.post(f"{address}documents/", {}).status_code == 404


def test_page__of_a_guest_is_that_of_nobody_else_who_is_signed_in(
    meeting: Meeting, official: Client, citizen: Client
) -> None:
    """The official opens the link that they made: they are a guest there, and nothing more."""
    address, secret = invite(meeting, official)
    accept(official, address, secret)

    assert post(official, address, "enter", window="w1").json()["phase"] == "waiting"
    assert post(official, address, "end").status_code == 404
    shown = citizen.get(address).content.decode()
    assert meeting.application.citizen.last_name not in shown


def test_withdrawn__the_page_and_its_script_say_so(meeting: Meeting, official: Client) -> None:
    address, secret = invite(meeting, official)
    guest = Client()
    accept(guest, address, secret)
    post(guest, address, "enter", window="w1")
    ask(
        official, meeting, "withdraw", "room_official",
        guest=str(RoomInvitation.objects.get().public_id),
    )  # fmt: skip

    assert code(post(guest, address, "poll", window="w1")) == (403, "guest_ended")
    shown = guest.get(address)
    assert shown.status_code == 403
    assert "Ваш доступ до цього прийому закінчився" in shown.content.decode()


def test_objection__is_the_citizens_and_reaches_the_official(
    meeting: Meeting, official: Client, citizen: Client
) -> None:
    address, secret = invite(meeting, official)
    invitation = RoomInvitation.objects.get()
    ask(official, meeting, "enter", "room_official", window="w1")
    shown = citizen.get(reverse("diia_videoreception:room", args=[meeting.public_id]))
    assert "Руденко Павло" in shown.content.decode()

    assert ask(citizen, meeting, "object", guest=str(invitation.public_id)).status_code == 200

    told = ask(official, meeting, "poll", "room_official", window="w1").json()["guests"]
    assert [one["end"] for one in told] == ["objected"]
    assert code(accept(Client(), address, secret)) == (403, "guest_ended")


def test_poll__of_a_guest_who_waits_costs_three_queries(meeting: Meeting, official: Client) -> None:
    address, secret = invite(meeting, official)
    guest = Client()
    accept(guest, address, secret)
    post(guest, address, "enter", window="w1")
    with CaptureQueriesContext(connection) as captured:
        post(guest, address, "poll", window="w1")

    assert len(captured) <= 3, [query["sql"] for query in captured]


def test_over__the_page_of_a_guest_says_so(meeting: Meeting, official: Client) -> None:
    address, secret = invite(meeting, official)
    guest = Client()
    accept(guest, address, secret)
    post(guest, address, "enter", window="w1")
    RoomInvitation.objects.update(ended_at=NOW, end=inviting.End.OVER)

    assert code(post(guest, address, "poll", window="w1")) == (409, "room_closed")
