"""The day list of a centre, and the browser of its seat: a code between them, no session of staff."""

from typing import Any

import pytest
from django.test import Client

from diia_videoreception.models import SeatEntry
from tests.harness.html import Page
from tests.steps.centres import CentreWorld, new_centre_world
from tests.steps.people import sign_in
from tests.steps.rooms import Meeting

pytestmark = pytest.mark.any_database

START = "/videoreception/seat/"


@pytest.fixture
def centres(meeting: Meeting) -> CentreWorld:
    world = new_centre_world()
    meeting.application.seat = world.workplace
    meeting.application.save(update_fields=["seat"])
    return world


def day_of(centres: CentreWorld) -> str:
    return f"/videoreception/centre/{centres.centre.public_id}/receptions/"


def press(staff: Client, centres: CentreWorld, meeting: Meeting, act: str) -> Any:
    sent = {"act": act, "reception": meeting.application.public_id}
    return staff.post(day_of(centres), sent)


def opened(centres: CentreWorld, meeting: Meeting) -> tuple[Client, str]:
    staff = centres.proven_client("administrator")
    press(staff, centres, meeting, "arrived")
    press(staff, centres, meeting, "open")
    return staff, Page(staff.get(day_of(centres))).one(".vr-number .vr-code").text


def post(client: Client, address: str, act: str, **data: object) -> Any:
    return client.post(f"{address}{act}/", data, content_type="application/json")


def test_the_day__tells_who_comes_and_when_and_not_about_what(
    meeting: Meeting, centres: CentreWorld, django_assert_max_num_queries: Any
) -> None:
    application = meeting.application
    staff = centres.proven_client("administrator")
    with django_assert_max_num_queries(15):
        page = staff.get(day_of(centres)).content.decode()
    assert application.citizen.full_name in page
    assert centres.workplace.label in page
    for hidden in (
        application.topic,
        application.official.last_name,
        application.number,
        application.phone,
    ):
        assert hidden not in page
    type(application).objects.update(state="submitted")
    page = staff.get(day_of(centres)).content.decode()
    assert "Установа ще не підтвердила" in page
    assert application.citizen.full_name not in page


def test_the_code__brings_another_browser_into_the_room_and_no_session(
    meeting: Meeting, centres: CentreWorld
) -> None:
    staff, code = opened(centres, meeting)
    seat, stranger = Client(), Client()

    answer = seat.post(f"{START}begin/", {"code": code})

    entry = SeatEntry.objects.get()
    room = f"{START}room/{entry.public_id}/"
    assert answer["Location"] == room
    kept = seat.cookies["vr_seat"]
    assert (kept["path"], kept["httponly"], kept["samesite"]) == (room, True, "Strict")
    page = seat.get(room).content.decode()
    assert meeting.application.topic not in page
    assert "Долучити" not in page
    assert post(seat, room, "enter", window="w1").json()["role"] == "citizen"
    assert post(seat, room, "documents", window="w1").status_code == 404
    assert seat.get("/videoreception/cabinet/").status_code == 303, "nobody is signed in there"
    assert stranger.get(room)["Location"] == START
    assert post(stranger, room, "enter", window="w1").status_code == 401
    assert stranger.post(f"{START}begin/", {"code": code}).status_code == 422
    assert Page(staff.get(day_of(centres))).all(".vr-number .vr-code") == []

    press(staff, centres, meeting, "close")
    assert post(seat, room, "poll", window="w1").status_code == 401


def test_the_browser_of_staff__is_no_seat(meeting: Meeting, centres: CentreWorld) -> None:
    staff, code = opened(centres, meeting)
    assert staff.get(START).status_code == 403
    assert staff.post(f"{START}begin/", {"code": code}).status_code == 403

    seat = Client()
    room = seat.post(f"{START}begin/", {"code": code})["Location"]
    seat.force_login(centres.administrator)
    assert seat.get(room).status_code == 403
    assert post(seat, room, "enter", window="w1").status_code == 401


def test_a_citizen_who_is_signed_in_there__has_no_part_in_it(
    meeting: Meeting, centres: CentreWorld
) -> None:
    _staff, code = opened(centres, meeting)
    seat = Client()
    other = sign_in(seat)
    room = seat.post(f"{START}begin/", {"code": code})["Location"]
    assert other.full_name not in seat.get(room).content.decode() or (
        other.full_name == meeting.application.citizen.full_name
    )


def test_beside__leads_to_the_page_of_a_guest_with_the_secret_behind_the_hash(
    meeting: Meeting, centres: CentreWorld
) -> None:
    staff, _code = opened(centres, meeting)
    address = press(staff, centres, meeting, "beside")["Location"]
    page, _, secret = address.partition("#")
    assert page.startswith("/videoreception/guest/room/")
    assert len(secret) > 40
