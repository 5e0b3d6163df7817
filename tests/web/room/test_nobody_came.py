"""Receptions to which one side did not come, from the empty room to the next time."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from diia_videoreception.models import Application, Letter
from diia_videoreception.rules.transitions import Act
from tests.factories import ScheduleRuleFactory
from tests.harness.html import Page
from tests.steps.letters import render
from tests.steps.moderation import decide
from tests.steps.rooms import Meeting, ask, make_meeting

pytestmark = pytest.mark.any_database

DAY = timedelta(hours=24)


@pytest.fixture
def meeting(meeting: Meeting) -> Meeting:
    """With an official who receives on other days too."""
    return make_meeting(official=ScheduleRuleFactory().official)


@pytest.fixture
def admin(meeting: Meeting) -> Client:
    """The browser of a moderator, with the agency's address for letters."""
    call_command("setup_roles", verbosity=0)
    user = meeting.moderator.user
    user.groups.add(Group.objects.get(name="Модератор"))
    agency = meeting.application.official.agency
    agency.email = "agency@example.gov.ua"
    agency.save()
    client = Client()
    client.force_login(user)
    return client


def case(client: Client, meeting: Meeting) -> Page:
    return Page(client.get(reverse("diia_videoreception:case", args=[meeting.public_id])))


def words_of(letter: Letter) -> str:
    return render(letter, now=timezone.now()).text


def conclude(client: Client, meeting: Meeting, outcome: str) -> Any:
    sent = {
        "version": Application.objects.get(pk=meeting.application.pk).version,
        "answer_version": 0,
        "outcome": outcome,
        "text": "",
        "step": "draft",
    }
    url = reverse("diia_videoreception:official_conclude", args=[meeting.public_id])
    return client.post(url, sent, follow=True)


def test_official__never_comes(
    meeting: Meeting, citizen: Client, admin: Client, time_machine: Any
) -> None:
    entered = ask(citizen, meeting, "enter", window="w1")
    assert entered.status_code == 200, entered.content
    start = meeting.application.start
    time_machine.move_to(start + timedelta(minutes=9), tick=False)
    assert ask(citizen, meeting, "poll", window="w1").status_code == 200
    early = conclude(admin, meeting, "note_agency_absent").content.decode()
    assert "через 10 хв після початку" in early

    time_machine.move_to(start + timedelta(minutes=30), tick=False)
    refused = conclude(admin, meeting, "note_citizen_absent").content.decode()
    assert "Заявник був у кімнаті вчасно" in refused
    noted = conclude(admin, meeting, "note_agency_absent").content.decode()
    assert "Хто був у кімнаті" in noted
    assert meeting.application.citizen.full_name in noted

    page = case(citizen, meeting)
    assert "Прийом не відбувся з вини установи" in page.text
    assert "Хто був у кімнаті" in page.text
    values = [button.attribute("value") or "" for button in page.all("button[name=time]")]
    times = [datetime.fromisoformat(value) for value in values]
    assert len(times) == 3
    assert min(times) >= timezone.now() + DAY, "nobody has to come at once"

    letter = Letter.objects.get(kind="not_held")
    words = words_of(letter)
    assert "Прийом не відбувся з вини установи" in words
    assert f"{meeting.application.citizen.full_name}, заявник: " in words

    chosen = values[1]
    again = reverse("diia_videoreception:case_again", args=[meeting.public_id])
    answer = citizen.post(again, {"time": chosen})
    assert answer.status_code == 303
    assert chosen.replace(":", "%3A") in answer["Location"]
    assert meeting.application.citizen.draft.prior_number == meeting.application.number
    choosing = Page(citizen.get(answer["Location"]))
    checked = choosing.all("input[name=time][checked]")
    assert [one.attribute("value") for one in checked] == [chosen]


def test_citizen__never_comes(
    meeting: Meeting, citizen: Client, official: Client, time_machine: Any
) -> None:
    assert ask(official, meeting, "enter", "room_official", window="w1").status_code == 200
    time_machine.move_to(meeting.application.start + timedelta(minutes=10), tick=False)
    conclude(official, meeting, "note_citizen_absent")

    page = case(citizen, meeting)
    assert "Установа зазначила, що Ви не під’єдналися" in page.text
    assert meeting.application.official.full_name in page.text
    assert "Хто був у кімнаті" in page.text
    assert not page.all("button[name=time]")
    words = words_of(Letter.objects.get(kind="not_held"))
    assert f"{meeting.application.official.full_name}, посадова особа: " in words
    assert "заперечити на сторінці заявки до: субота, 28 листопада 2026 року, 23:59" in words


def test_citizen__never_comes_and_objects(
    meeting: Meeting, citizen: Client, official: Client, admin: Client, time_machine: Any
) -> None:
    time_machine.move_to(meeting.application.start + timedelta(minutes=10), tick=False)
    conclude(official, meeting, "note_citizen_absent")
    url = reverse("diia_videoreception:case_object", args=[meeting.public_id])
    empty = citizen.post(url, {"text": "  "}, follow=True)
    assert "Напишіть, що було інакше." in empty.content.decode()

    citizen.post(url, {"text": "У мене зникло світло, я телефонувала."})
    page = case(citizen, meeting)
    assert "У мене зникло світло, я телефонувала." in page.text
    assert "Установа відповість не пізніше: " in page.text
    assert not page.has("#objection-text"), "once"
    told = words_of(Letter.objects.get(kind="agency_objection"))
    assert meeting.application.number in told
    assert "світло" not in told, "nothing personal leaves the portal"
    assert meeting.application.citizen.last_name not in told

    case_url = reverse("videoreception_applications:inspect", args=[meeting.public_id])
    assert "У мене зникло світло" in admin.get(case_url).content.decode()
    answer = {
        "version": Application.objects.get(pk=meeting.application.pk).version,
        "outcome": "note_agency_absent",
        "text": "Перевірили дзвінок: вибачте.",
    }
    answer_url = reverse("videoreception_applications:objection", args=[meeting.public_id])
    stale = admin.post(answer_url, answer | {"version": 0})
    assert stale.status_code == 409
    assert "Перевірили дзвінок: вибачте." in stale.content.decode(), "what was written stays"
    assert admin.post(answer_url, answer).status_code == 302

    page = case(citizen, meeting)
    assert "Установа змінила запис" in page.text
    assert "Перевірили дзвінок: вибачте." in page.text
    assert page.all("button[name=time]"), "it was the agency now: other times are offered"
    letter = words_of(Letter.objects.get(kind="objection_answered", copy_of=None))
    assert "Установа змінила запис" in letter
    assert "не відбувся з вини установи" in letter
    assert admin.post(answer_url, answer).status_code == 409, "answered once"

    final = "Установа відповіла на заперечення проти цього запису. Змінити його вже не можна."
    of_moderator = Page(admin.get(case_url))
    assert final in of_moderator.text
    assert not of_moderator.all("button[name=outcome]")
    assert "Текст для людини після прийому" in of_moderator.text
    of_official = Page(
        official.get(reverse("diia_videoreception:official_reception", args=[meeting.public_id]))
    )
    assert final in of_official.text
    assert [
        one.attribute("value") for one in of_official.all("[name=outcome]:not([disabled])")
    ] == ["note_agency_absent"]


def test_a_program_outside__leaves_the_word_of_the_agency(
    meeting: Meeting, citizen: Client, settings: Any, time_machine: Any
) -> None:
    reception = meeting.application.reception
    reception.login, reception.password_encrypted = "vp-1", ""
    reception.save()
    time_machine.move_to(meeting.application.start + timedelta(minutes=10), tick=False)
    decide(
        "note_outcome",
        meeting.application,
        meeting.moderator.user,
        outcome=Act.NOTE_CITIZEN_ABSENT,
        now=timezone.now(),
    )

    told = "не повідомляє порталу, хто під’єднувався. Так зазначила установа."
    assert told in case(citizen, meeting).text
    assert told in words_of(Letter.objects.get(kind="not_held"))
