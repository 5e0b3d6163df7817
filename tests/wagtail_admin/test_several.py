"""Several applications of the list at once: each its own act; what is refused leaves the others done."""

from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diia_videoreception.models import (
    AgencyModerator,
    Application,
    CaseAssignment,
    CaseNote,
    JournalRecord,
    Letter,
)
from diia_videoreception.services.booking import assignments
from diia_videoreception.wagtail_admin.cases import several
from tests.factories import ApplicationFactory
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import MARKER, World, staff

pytestmark = pytest.mark.any_database
LIST = reverse("videoreception_applications:index")
SEVERAL = reverse("videoreception_applications:several")


@pytest.fixture
def moderator(world: World, time_machine: Any) -> Client:
    time_machine.move_to(NOW, tick=False)
    return world.client("moderator")


@pytest.fixture
def both(world: World) -> list[Application]:
    return [world.submitted, ApplicationFactory(official=world.official)]


def address(act: str, cases: list[Application], left: str = "") -> str:
    keys = [str(one.public_id) for one in cases]
    return f"{SEVERAL}?{urlencode({'act': act, 'case': keys, 'list': left}, doseq=True)}"


def shown(client: Client, act: str, cases: list[Application]) -> Page:
    response = client.get(address(act, cases))
    assert response.status_code == 200
    return Page(response)


def send(client: Client, act: str, cases: list[Application], page: Page, **typed: Any) -> Page:
    """Sends the form of a page that was shown, and goes where it leads."""
    where = address(act, cases)
    response = client.post(where, {**page.form(where).hidden(), **typed}, follow=True)
    return Page(response)


def taken() -> dict[str, str]:
    return {
        one.application.number: one.right.user.get_username()
        for one in CaseAssignment.objects.select_related("application", "right__user")
    }


def test_list__has_a_box_for_each_and_comes_back_with_its_filters(
    moderator: Client, both: list[Application]
) -> None:
    page = Page(moderator.get(LIST, {"q": "ВП", "waiting": "yes"}))

    boxes = [one for one in page.fields("case") if one.attribute("form") == "vr-several"]
    assert {one.value for one in boxes} >= {str(one.public_id) for one in both}
    assert f"Вибрати {both[0].number}" in [one.attribute("aria-label") for one in boxes]
    left = page.form("vr-several").field("list").value
    assert parse_qs(left) == {"q": ["ВП"], "waiting": ["yes"]}
    preview = Page(moderator.get(address("take", both, left)))
    assert preview.leads_to(f"{LIST}?{left}")


def test_taking__is_an_act_of_its_own_for_each(
    world: World, moderator: Client, both: list[Application]
) -> None:
    page = shown(moderator, "take", both)
    assert all(one.number in page.text for one in both)
    assert "Взяти собі: 2" in page.buttons()
    assert not CaseAssignment.objects.exists(), "looking takes nothing"

    page = send(moderator, "take", both, page)

    assert "Готово: 2 заявки." in page.text
    assert taken() == {one.number: world.moderator.get_username() for one in both}
    acts = JournalRecord.objects.filter(act="application.take").values_list("subject_id", flat=True)
    assert len(acts) == len(set(acts)) == 2
    again = shown(moderator, "take", both)
    assert "за неї вже відповідаєте Ви" in again.text
    assert "жодною з цих заявок" in again.text


def test_what_a_colleague_has_taken_meanwhile__stays_theirs_and_is_named(
    world: World, moderator: Client, both: list[Application]
) -> None:
    page = shown(moderator, "take", both)
    public_id = both[0].public_id
    assignments.take(moderator=world.head, public_id=public_id, seen=0, now=NOW)

    page = send(moderator, "take", both, page)

    assert "Готово: 1 заявка." in page.text
    assert f"Не зроблено: {both[0].number}:" in page.text
    assert taken() == {
        both[0].number: world.head.get_username(),
        both[1].number: world.moderator.get_username(),
    }


def test_accepting__sends_each_a_letter_and_leaves_out_what_is_decided(
    world: World, moderator: Client, both: list[Application]
) -> None:
    page = shown(moderator, "accept", [*both, world.confirmed])
    assert "зараз не можна прийняти до розгляду" in page.text
    assert "Кожен із цих заявників отримає лист." in page.text
    assert "Прийняти й надіслати листи: 2" in page.buttons()
    # A page of before: somebody has changed it since.
    Application.objects.filter(pk=both[1].pk).update(version=2)

    page = send(moderator, "accept", [*both, world.confirmed], page)

    assert "Готово: 1 заявка." in page.text
    states = {
        one.number: one.state for one in Application.objects.filter(pk__in=[one.pk for one in both])
    }
    assert states == {both[0].number: "in_review", both[1].number: "submitted"}
    assert list(Letter.objects.filter(kind="accepted").values_list("application", flat=True)) == [
        both[0].pk
    ]


def test_handing_over__gives_all_to_a_colleague_of_the_agency_with_one_note(
    world: World, moderator: Client, both: list[Application]
) -> None:
    to = AgencyModerator.objects.get(
        agency=world.agency, user=staff("kolega", world.agency, last_name="Дяченко")
    )
    page = shown(moderator, "hand_over", both)
    nobody = send(moderator, "hand_over", both, page, note="Обидві про пільги.")
    assert "Виберіть колегу" in nobody.text
    assert nobody.field("note").value == "Обидві про пільги."

    page = send(moderator, "hand_over", both, page, colleague=to.pk, note="Обидві про пільги.")

    assert "Готово: 2 заявки." in page.text
    assert taken() == {one.number: "kolega" for one in both}
    assert [one.text for one in CaseNote.objects.all()] == ["Обидві про пільги."] * 2


def test_applications_of_two_agencies__are_not_handed_over_together(
    world: World, moderator: Client, both: list[Application]
) -> None:
    AgencyModerator.objects.create(agency=world.foreign.official.agency, user=world.moderator)
    mixed = [both[0], world.foreign]

    page = shown(moderator, "hand_over", mixed)

    assert "належать кільком установам" in page.text
    assert not page.has_field("colleague")
    forged = shown(moderator, "take", mixed).form(address("take", mixed)).hidden()
    response = moderator.post(address("hand_over", mixed), forged | {"colleague": 1}, follow=True)
    assert response.status_code == 200
    assert not CaseAssignment.objects.exists()


def test_of_others_agencies__nothing_is_shown_or_done(
    world: World, moderator: Client, both: list[Application]
) -> None:
    assert moderator.get(address("take", [world.foreign])).status_code == 404
    page = shown(moderator, "take", [*both, world.foreign])
    assert world.foreign.number not in page.text
    forged = page.form(address("take", [*both, world.foreign])).hidden()
    forged["form-0-public_id"] = str(world.foreign.public_id)
    where = address("take", [*both, world.foreign])
    moderator.post(where, forged)
    assert len(taken()) == 1
    assert world.foreign.number not in taken()

    page = shown(moderator, "take", both)
    AgencyModerator.objects.filter(user=world.moderator).delete()
    response = moderator.post(address("take", both), page.form(address("take", both)).hidden())
    assert response.status_code == 302, "Wagtail sends away who has no right any more"
    assert not taken()
    foreigner = world.client("foreigner").get(address("take", both))
    assert foreigner.status_code == 404
    assert MARKER not in foreigner.text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("act=take", 200),
        ("act=take&case=", 404),
        ("act=take&case=%00", 404),
        ("act=take&case=00000000-0000-0000-0000-000000000000", 404),
        ("act=delete", 404),
        ("", 404),
    ],
)
def test_odd_addresses__are_answered_in_words(moderator: Client, query: str, status: int) -> None:
    response = moderator.get(f"{SEVERAL}?{query}", follow=True)

    assert response.status_code == status
    if status == 200:
        assert "Спершу позначте заявки." in Page(response).text


def test_more_than_a_page__is_told(world: World, moderator: Client) -> None:
    many = [ApplicationFactory(official=world.official) for _ in range(several.MAX_CASES + 1)]

    response = moderator.get(address("take", many), follow=True)

    assert "не більше ніж 50 заявок" in Page(response).text


def test_page__asks_as_little_for_many_as_for_two(
    world: World, moderator: Client, both: list[Application]
) -> None:
    def statements(cases: list[Application]) -> int:
        with CaptureQueriesContext(connection) as asked:
            shown(moderator, "accept", cases)
        return len(asked)

    statements(both)
    more = [ApplicationFactory(official=world.official) for _ in range(8)]
    assert statements([*both, *more]) == statements(both) <= 15
