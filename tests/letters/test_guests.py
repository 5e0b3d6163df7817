"""The letter of a guest: whom the agency invites, and where the citizen may object before."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import Letter, RoomInvitation
from diia_videoreception.selectors.letters import worth_sending
from diia_videoreception.services.letters.rendering import NothingToSend
from diia_videoreception.services.rooms import inviting
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.letters import render
from tests.steps.people import sign_in
from tests.steps.rooms import Meeting, make_meeting, own_room

pytestmark = pytest.mark.any_database

EARLIER = NOW - timedelta(days=2)


@pytest.fixture
def meeting(db: None, settings: Any, frozen: datetime) -> Meeting:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": own_room()}
    return make_meeting()


def invite(meeting: Meeting, **changes: Any) -> RoomInvitation:
    values = {"role": "sign_interpreter", "name": "Руденко Павло", "now": EARLIER} | changes
    return inviting.invite(visitor=meeting.official, public_id=meeting.public_id, **values)[0]


def letters() -> list[Letter]:
    return list(Letter.objects.filter(kind=Letter.Kind.GUEST_INVITED))


def test_invited__the_citizen_learns_who_it_is_and_where_to_object(
    meeting: Meeting, client: Client
) -> None:
    invite(meeting)

    (letter,) = letters()
    rendered = render(letter, now=EARLIER)
    assert rendered.subject.startswith("Гість на прийомі: 23.11.2026")
    assert len(rendered.subject) <= 60
    url = reverse("diia_videoreception:room", args=[meeting.public_id])
    for part in (rendered.text, rendered.html):
        assert "Перекладач жестової мови, Руденко Павло" in part
        assert "Якщо Ви не згодні, заперечте на сторінці кімнати" in part
        assert url in part
    assert "Руденко" not in str(letter.facts), "names of guests go when the room ends"
    assert Page(rendered.html).language == "uk"
    sign_in(client, meeting.application.citizen, level="high")
    assert "Руденко Павло" in client.get(url).content.decode()


def test_invited__is_no_letter_to_who_sees_it_on_the_page(meeting: Meeting) -> None:
    meeting.meet()
    invite(meeting, now=NOW)
    assert letters() == []

    invite(meeting, now=NOW + timedelta(minutes=5))
    assert len(letters()) == 1, "who has been gone for a while is not there to see it"


@pytest.mark.parametrize("how", ["withdrawn", "objected to", "over", "called off"])
def test_invited__is_not_told_when_it_is_not_so_any_more(meeting: Meeting, how: str) -> None:
    invitation = invite(meeting)
    (letter,) = letters()
    application = letter.application
    assert application is not None
    now = EARLIER
    assert worth_sending([letter], application, now=now) == [letter]
    where = {
        "public_id": meeting.public_id, "invitation": invitation.public_id, "now": EARLIER,
    }  # fmt: skip
    match how:
        case "withdrawn":
            inviting.withdraw(visitor=meeting.official, **where)
        case "objected to":
            inviting.object_to(visitor=meeting.citizen, **where)
        case "over":
            now = meeting.application.end
        case _:
            application.state = "cancelled"
            application.save()

    with pytest.raises(NothingToSend):
        render(letter, now=now)
    assert worth_sending([letter], application, now=now) == []
    assert "Перекладач" in render(letter, for_sending=False, now=now).text, "the cabinet keeps it"


def test_invited__a_guest_without_a_name_is_told_by_role(meeting: Meeting) -> None:
    invitation = invite(meeting, name="")
    (letter,) = letters()
    assert "Перекладач жестової мови\n" in render(letter, now=EARLIER).text

    invitation.delete()

    assert "Установа запросила" in render(letter, for_sending=False, now=EARLIER).text
