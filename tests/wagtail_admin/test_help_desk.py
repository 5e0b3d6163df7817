"""The help desk: two facts open an application for half an hour, without what it is about."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diia_videoreception.models import Application, JournalRecord, Letter, Look
from diia_videoreception.rules.numbers import format_number
from diia_videoreception.services.assistance import help_desk
from diia_videoreception.services.letters import queue
from tests.factories import ApplicationFactory
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import MARKER, World, client_of, helper
from tests.steps.people import sign_in

pytestmark = pytest.mark.any_database

ADDRESS = reverse("videoreception_help_desk:index")
CABINET = "/videoreception/cabinet/"
OF_SECOND_FACTOR = 1
"""Asked once whatever the screen."""
CLOSED = "Ця заявка для Вас закрита"
NUMBER = format_number(2025, 101)
NOTHING = "Жодна заявка не відповідає"


@pytest.fixture
def desk(world: World) -> Client:
    world.submitted.number = NUMBER
    world.submitted.save()
    return world.client("helper")


def facts(**changed: str) -> dict[str, str]:
    return {
        "about": NUMBER.replace("-", " ").lower(),
        "surname": f"мельник{MARKER}",
        "day": "2026-12-01",
    } | changed


def one(application: Application) -> str:
    return reverse("videoreception_help_desk:one", args=[application.public_id])


def acts() -> list[str]:
    return list(JournalRecord.objects.order_by("pk").values_list("act", flat=True))


def test_two_facts__open_the_application_without_what_it_is_about(
    world: World, desk: Client
) -> None:
    answer = desk.post(ADDRESS, facts())
    assert answer["Location"] == one(world.submitted)
    assert answer["Location"].count(world.submitted.number) == 0
    page = desk.get(answer["Location"])
    text = page.text
    assert world.submitted.number in text
    assert "Адреси не існує" in text or "не приймає листів" in text
    assert "не перевірила камеру" in text or "ще не перевір" in text
    for hidden in (
        world.submitted.topic,
        f"Мельник{MARKER}",
        world.document.name,
        world.submitted.phone,
        f"Коваль{MARKER}",
        str(world.submitted.citizen.public_id),
    ):
        assert not hidden or hidden not in text, hidden
    assert "no-store" in page["Cache-Control"]
    record = JournalRecord.objects.get(act="application.opened_for_help")
    assert (record.actor_id, record.details) == (str(world.helper.pk), {})
    look = Look.objects.get()
    assert (look.role, look.what, look.ground) == ("help_desk", "state", "help")
    assert (look.staff_id, look.application_id) == (
        str(world.helper.pk),
        world.submitted.public_id,
    )


def test_the_phone__finds_it_too_and_several_are_listed(world: World, desk: Client) -> None:
    first = world.submitted
    first.phone = "+380501234567"
    first.save()
    second = ApplicationFactory(
        official=world.idle_official,
        citizen=first.citizen,
        phone=first.phone,
        start=first.start + timedelta(hours=2),
    )
    page = Page(desk.post(ADDRESS, facts(about="050 123-45-67")))
    for application in (first, second):
        assert page.has(f'a[href="{one(application)}"]')
        assert desk.get(one(application)).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"surname": "Мельниченко"},
        {"day": "2026-12-02"},
        {"about": format_number(2025, 102)},
        {"about": f"{NUMBER[:-1]}x"},
        {"about": "050 000 00 00"},
        {"about": "щось"},
        {"day": "9999-12-31"},
        {"day": "0001-01-01"},
    ],
)
def test_whatever_is_wrong__the_answer_is_the_same(
    world: World, desk: Client, wrong: dict[str, str]
) -> None:
    page = Page(desk.post(ADDRESS, facts(**wrong)))
    assert NOTHING in page.text
    assert acts() == ["user.facts_missed"]
    assert JournalRecord.objects.get().details == {}
    assert not Look.objects.exists()
    assert CLOSED in desk.get(one(world.submitted), follow=True).text


def test_tries__are_counted_by_person_and_by_what_is_asked_about(
    world: World, desk: Client, settings: Any
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "THROTTLE": {"help_desk": "3/hour", "help_desk_about": "2/hour"}
    }
    for _ in range(2):
        assert NOTHING in desk.post(ADDRESS, facts(surname="Інша")).text
    other = client_of(helper("support2"))
    assert "Забагато спроб" in other.post(ADDRESS, facts(about=NUMBER)).text
    assert NOTHING in desk.post(ADDRESS, facts(about="щось")).text
    assert "Забагато спроб" in desk.post(ADDRESS, facts(about="щось")).text


def test_it_closes_by_itself__and_is_nobody_elses(
    world: World, desk: Client, time_machine: Any
) -> None:
    desk.post(ADDRESS, facts())
    other = client_of(helper("support2"))
    assert CLOSED in other.get(one(world.submitted), follow=True).text
    time_machine.move_to(NOW + timedelta(minutes=29), tick=False)
    assert world.submitted.number in desk.get(one(world.submitted)).text
    time_machine.move_to(NOW + timedelta(minutes=30), tick=False)
    assert CLOSED in desk.get(one(world.submitted), follow=True).text
    letter = {"act": "letter", "letter": str(world.failed_letter.public_id)}
    desk.post(one(world.submitted), letter)
    assert "application.send_letter_again" not in acts()
    staff = world.helper
    with pytest.raises(help_desk.HelpOver):
        help_desk.end_sessions(
            staff=staff, public_id=world.submitted.public_id, now=NOW + timedelta(minutes=30)
        )


def test_a_letter__goes_again_and_only_of_this_application(world: World, desk: Client) -> None:
    desk.post(ADDRESS, facts())
    foreign = queue(Letter.Kind.RECEIPT, application=world.foreign, now=NOW)
    for letter in (str(foreign.public_id), "nonsense", ""):
        sent = desk.post(one(world.submitted), {"act": "letter", "letter": letter})
        assert sent.status_code == 404
    desk.post(one(world.submitted), {"act": "letter", "letter": str(world.failed_letter.public_id)})
    world.failed_letter.refresh_from_db()
    assert world.failed_letter.state == "queued"
    record = JournalRecord.objects.get(act="application.send_letter_again")
    assert record.actor_id == str(world.helper.pk)


def test_sessions__end_after_a_question(world: World, desk: Client) -> None:
    browser, neighbour = Client(), Client()
    sign_in(browser, world.submitted.citizen)
    sign_in(neighbour)
    desk.post(ADDRESS, facts())
    ending = reverse("videoreception_help_desk:help_end_sessions", args=[world.submitted.public_id])
    assert f"Мельник{MARKER}" not in desk.get(ending).text
    assert browser.get(CABINET).status_code == 200
    desk.post(ending)
    assert "/sign-in/" in browser.get(CABINET).headers["Location"]
    assert neighbour.get(CABINET).status_code == 200


def test_a_sign_in_case__reaches_who_sorts_them_out_once_an_hour(
    world: World, desk: Client
) -> None:
    desk.post(ADDRESS, facts())
    for _ in range(2):
        sent = {"act": "sign_in", "trouble": "somebody_else"}
        assert desk.post(one(world.submitted), sent).status_code == 302
    assert acts().count("citizen.sign_in_case") == 1
    cases = world.client("superuser").get(reverse("videoreception_sign_in_cases:index")).text
    assert "від її імені увійшов хтось інший" in cases
    assert "служба підтримки" in cases
    assert desk.post(one(world.submitted), {"act": "sign_in", "trouble": "x"}).status_code == 422
    assert desk.post(one(world.submitted), {"act": "delete"}).status_code == 404


def test_the_help_desk__sees_no_list_and_the_person_sees_who_looked(
    world: World, desk: Client
) -> None:
    desk.post(ADDRESS, facts())
    desk.get(one(world.submitted))
    for name in ("applications:index", "agenda:index", "people:index", "integrations:index"):
        assert desk.get(reverse(f"videoreception_{name}")).status_code == 302
    browser = Client()
    sign_in(browser, world.submitted.citizen)
    page = browser.get(reverse("diia_videoreception:case", args=[world.submitted.public_id]))
    assert "Служба підтримки порталу" in page.text


def test_the_page__takes_at_most_15_statements(world: World, desk: Client) -> None:
    desk.post(ADDRESS, facts())
    desk.get(one(world.submitted))
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(one(world.submitted)).status_code == 200
    assert len(queries) <= 15 + OF_SECOND_FACTOR
