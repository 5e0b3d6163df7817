"""A moderator finds a person who calls; nobody finds those of another agency."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from diia_videoreception.selectors import searching
from tests import factories
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import World

LIST = "/admin/videoreception/applications/"
LUHOVA = "ВП-2026-000123-7"


@pytest.fixture
def moderator(world: World) -> Client:
    return world.client("moderator")


@pytest.fixture
def luhova(world: World) -> None:
    """An application of hers at each of the two agencies."""
    citizen = factories.CitizenFactory(last_name="Лугова", first_name="Дар’я")
    consent = factories.ConsentAcceptanceFactory(citizen=citizen)
    for official, number, hour in (
        (world.official, LUHOVA, 8),
        (world.foreign.official, "ВП-2026-000456-0", 9),
    ):
        factories.ApplicationFactory(
            official=official,
            citizen=citizen,
            consent=consent,
            number=number,
            phone="+380501112233",
            topic="Субсидія на опалення\nне нарахована з вересня",
            start=datetime(2026, 12, 3, hour, tzinfo=UTC),
        )


def numbers_in(response: Any) -> set[str]:
    return set(re.findall(r"ВП-\d{4}-\d{6}-\d", response.content.decode()))


@pytest.mark.parametrize(
    "typed",
    [
        "лугова",
        "Дар'я Лугова",
        "ДАРЯ",
        "лугова субсидія",
        "050 111 22 33",
        "+38 (050) 111-22-33",
        "111-22-33",
        "лугова 0501112233",
        "bп 2026 000123 7",
        "20260001237",
        "000123",
    ],
)
def test_application__is_found_by_person_phone_number_and_topic(
    luhova: None, moderator: Client, typed: str
) -> None:
    assert numbers_in(moderator.get(f"{LIST}results/", {"q": typed})) == {LUHOVA}


@pytest.mark.parametrize("typed", ["лугова дніпро", "050 111 22 34", "’’", "%"])
def test_application__is_not_found_by_half_of_what_is_typed(
    luhova: None, moderator: Client, typed: str
) -> None:
    assert numbers_in(moderator.get(f"{LIST}results/", {"q": typed})) == set()


@pytest.mark.parametrize(("typed", "is_found"), [("су лугова", True), ("уб лугова", False)])
def test_a_word_of_two_letters__has_to_begin_a_word(
    luhova: None, moderator: Client, typed: str, is_found: bool
) -> None:
    assert bool(numbers_in(moderator.get(f"{LIST}results/", {"q": typed}))) is is_found


@pytest.mark.parametrize("typed", ["лугова", "лугова субсидія", "дар’я коваль 0501112233"])
def test_application__is_found_by_words_that_many_have(
    luhova: None, moderator: Client, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    for name, source in searching.SOURCES.items():
        monkeypatch.setitem(searching.SOURCES, name, source._replace(max_rows=0))

    assert numbers_in(moderator.get(f"{LIST}results/", {"q": typed})) == {LUHOVA}


@pytest.mark.only_postgres
@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("лугова", True),
        ("Лугова Дар", True),
        ("коваль", True),
        ("ВП-2026-0001", True),
        ("угова", False),
        ("субсидія", False),
    ],
)
def test_application__is_found_by_beginnings_where_there_is_no_index_of_parts(
    luhova: None, moderator: Client, monkeypatch: pytest.MonkeyPatch, typed: str, is_found: bool
) -> None:
    monkeypatch.setattr(searching, "searches_parts", lambda alias: False)

    found = numbers_in(moderator.get(f"{LIST}results/", {"q": typed}))

    assert (LUHOVA in found) is is_found


def test_application__of_another_agency_is_not_found(luhova: None, world: World) -> None:
    found = world.client("foreigner").get(f"{LIST}results/", {"q": "лугова"})

    assert numbers_in(found) == {"ВП-2026-000456-0"}


def test_list_and_panels__name_person_question_and_time_left(
    luhova: None, moderator: Client
) -> None:
    for page in (moderator.get(LIST), moderator.get("/admin/")):
        text = " ".join(page.content.decode().split())
        assert "Лугова Дар’я Василівна" in text
        assert "Субсидія на опалення не нарахована з вересня" in text
        assert "на рішення: 9 днів" in text


def test_list__costs_as_much_with_more_applications(
    world: World, moderator: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        factories.ApplicationFactory(
            official=world.official,
            number=f"ВП-2026-001{number:03}-0",
            start=NOW + timedelta(days=20, hours=number),
        )
    with django_assert_max_num_queries(30):
        assert len(numbers_in(moderator.get(f"{LIST}results/", {"q": "мельник"}))) > 20


@pytest.mark.parametrize("typed", ["Олена Коваль", "коваль  ОЛЕНА", "начальниця коваль"])
def test_reference_data__is_found_by_words_in_any_order(
    world: World, moderator: Client, typed: str
) -> None:
    page = moderator.get("/admin/videoreception/officials/results/", {"q": typed})
    absences = moderator.get("/admin/videoreception/absences/results/", {"q": typed})

    assert world.official.full_name in page.content.decode()
    assert world.idle_official.full_name not in page.content.decode()
    assert "відрядження" in absences.content.decode()


@pytest.mark.parametrize(("ordering", "backwards"), [("name", False), ("-name", True)])
def test_agencies__are_sorted_by_the_ukrainian_alphabet(
    world: World, ordering: str, backwards: bool
) -> None:
    names = ["Агенція ґ", "Бюро", "Ґанок", "Єдність", "Їзда"]
    for name in reversed(names):
        factories.AgencyFactory(name=name)

    page = world.client("superuser").get(
        "/admin/videoreception/agencies/results/", {"ordering": ordering}
    )

    found = [name for name, _ in Page(page).links() if name in names]
    assert found == sorted(names, reverse=backwards, key=names.index)
