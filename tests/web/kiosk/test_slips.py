"""A visitor applies at a place, takes the slip along, and anybody reads by it how the case stands."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from diia_videoreception import models
from diia_videoreception.web.browser_state import KeptSlip
from tests.factories import CitizenFactory, ScheduleRuleFactory, signed_in
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.application import ANSWERS, checked, hold_time, sign_in_for_long, url, write_draft
from tests.steps.kiosk import BASE, KioskWorld
from tests.steps.slips import made_in, slip_of

pytestmark = pytest.mark.any_database
SHOWN = "/videoreception/status/shown/"
STATUS = "/videoreception/status/"
SLIP = f"{BASE}slip/"


def ask(client: Client, number: str, code: str) -> Any:
    return client.post(STATUS, {"number": number, "code": code})


def test_what_is_filed_at_a_place__is_of_its_centre_and_has_a_slip(world: KioskWorld) -> None:
    person = signed_in(CitizenFactory())
    official = ScheduleRuleFactory().official
    hold_time(person, official)
    write_draft(person)
    client = sign_in_for_long(world.visited(), person.citizen)
    client.post(url("submit"), checked(client))
    application = models.Application.objects.get()
    assert (application.channel, application.centre) == ("kiosk", world.centre)

    done = Page(client.get(url("done", application.public_id)))
    assert client.post(SLIP, done.form(SLIP).hidden())["Location"] == SLIP
    page = Page(client.get(SLIP))
    citizen = person.citizen
    for shown in (
        application.number,
        official.full_name,
        official.unit.agency.name,
        "вівторок, 1 грудня 2026 року, 10:30",
        "Дата і час можуть змінитися",
        world.centre.address,
        "0 800 000 010",
        "+380 67 ••• •• 67",
        "Наступного разу",
        "osvita.diia.gov.ua",
    ):
        assert shown in page.text.replace("\N{NO-BREAK SPACE}", " "), shown
    for hidden in (citizen.last_name, ANSWERS["topic"], "123 45", citizen.email):
        assert hidden not in page.text
    code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{2}\b", page.text)
    assert code
    assert ask(Client(), application.number, code[0])["Location"] == SHOWN
    client.post(f"{BASE}end/")
    assert client.get(SLIP)["Location"] == BASE


def test_the_slip_of_somebody_else__is_not_there(world: KioskWorld) -> None:
    application = made_in(world.centre)
    client = sign_in_for_long(world.visited(), CitizenFactory())
    assert client.post(SLIP, {"application": str(application.public_id)}).status_code == 404
    assert not models.Slip.objects.exists()


def test_the_status__is_told_in_words_without_name_and_question(
    world: KioskWorld, time_machine: Any
) -> None:
    application = made_in(world.centre)
    given = slip_of(application)
    client = Client()
    typed = application.number.replace("-", " ")
    assert ask(client, typed, given.code.lower())["Location"] == SHOWN
    answer = client.get(SHOWN)
    page = Page(answer)
    assert Client().get(SHOWN)["Location"] == STATUS
    assert page.texts("h1") == ["Подано"]
    assert application.number in page.text
    assert world.centre.name in page.text
    citizen, official = application.citizen, application.official
    for hidden in (
        citizen.last_name,
        citizen.first_name,
        application.topic,
        official.full_name,
        official.unit.agency.name,
        given.code,
        "67 123",
    ):
        assert hidden not in page.text
    assert "no-store" in answer["Cache-Control"]
    time_machine.move_to(NOW + KeptSlip.LIFETIME, tick=False)
    assert client.get(SHOWN)["Location"] == STATUS


def test_a_wrong_code__is_told_at_the_form_which_forgets_nothing(world: KioskWorld) -> None:
    application = made_in(world.centre)
    slip_of(application)
    answer = ask(Client(), application.number, "222222")
    assert answer.status_code == 422
    assert "не підходять" in Page(answer).text
    assert "Подано" not in Page(answer).text


def test_the_status__is_asked_for_ten_times_a_minute(world: KioskWorld, time_machine: Any) -> None:
    client = Client()
    found = [ask(client, "ВП-2026-000001-0", "R4KM27").status_code for _ in range(11)]
    assert found == [422] * 10 + [429]
    time_machine.move_to(NOW + timedelta(minutes=2), tick=False)
    assert ask(client, "ВП-2026-000001-0", "R4KM27").status_code == 422
