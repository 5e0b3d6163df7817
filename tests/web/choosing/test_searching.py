"""However a name is typed, the page and the API find it, on either database."""

from typing import Any

import pytest
from django.test import Client

from diia_videoreception.models import Agency, Citizen, Official
from diia_videoreception.selectors.booking import catalogue
from tests.factories import AgencyFactory, CitizenFactory, OfficialFactory, UnitFactory

API = "/videoreception/api/v1"
SPELLINGS = [
    "Гончар’як Андрій",
    "Андрій Гончар’як",
    "андрій  гончар'як",
    "Андрій\u00a0Гончар＇як",
    "ГОНЧАР′ЯК",
    "Гончаряк",
    "Гон\u00adчар’як\u200b",
    "Андріи\u0306 директор",
    "субсидії гонч",
    "соціальних гончаряк",
]


@pytest.fixture
def person(official: Official) -> Official:
    found = Official.objects.get(last_name="Гончар’як")
    found.first_name, found.competence = "Андрій", "Субсидії, пільги"
    found.save()
    return found


@pytest.mark.parametrize("typed", SPELLINGS)
def test_officials__are_found_in_every_spelling(
    client: Client, person: Official, typed: str
) -> None:
    agency = person.agency.pk
    page = client.get("/videoreception/choose/", {"agency": agency, "q": typed}).text
    answer = client.get(f"{API}/agencies/{agency}/officials", {"search": typed}).json()

    assert "Гончар’як" in page
    assert "Коваленко" not in page
    assert [one["id"] for one in answer["results"]] == [person.pk]


@pytest.mark.parametrize(
    "typed",
    ["освіти міністерство", "Міністерство  освіти", "МІНІСТЕРСТВО ОСВІТИ", "мон", "науки, освіти"],
)
def test_agencies__are_found_by_words_in_any_order(client: Client, db: None, typed: str) -> None:
    OfficialFactory(
        unit__agency=AgencyFactory(name="Міністерство освіти і науки", short_name="МОН")
    )
    OfficialFactory(unit__agency=AgencyFactory(name="Міністерство юстиції"))

    answer = client.get(f"{API}/agencies", {"search": typed}).json()

    assert [one["name"] for one in answer["results"]] == ["Міністерство освіти і науки"]


@pytest.mark.parametrize("typed", ["%", "_", "\\", "’", "а" * 10_000, "а б " * 5_000, "\x00\x01"])
def test_search__finds_nothing_and_costs_nothing_for_what_is_no_name(
    client: Client, person: Official, typed: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(4):
        answer = client.get(f"{API}/agencies", {"search": typed})

    assert answer.status_code == 200
    assert answer.json()["count"] == 0


def test_names__stand_in_the_order_of_the_ukrainian_alphabet(client: Client, db: None) -> None:
    names = ["Бойчук", "Гриб", "Ґудзь", "Єременко", "Жук", "Ільченко", "Рудий"]
    unit = UnitFactory()
    for name in reversed(names):
        OfficialFactory(unit=unit, last_name=name)
        OfficialFactory(unit__agency=AgencyFactory(name=f"{name} і партнери"))

    officials = client.get(f"{API}/agencies/{unit.agency.pk}/officials").json()["results"]
    agencies = [agency.name.split()[0] for agency in catalogue.connected_agencies()]

    assert [one["last_name"] for one in officials] == names
    assert [name for name in agencies if name in names] == names


def test_folded_columns__follow_every_way_of_saving(db: None) -> None:
    citizen = CitizenFactory(last_name="Мельник")
    citizen.last_name = "Гончар’як"
    citizen.save(update_fields=["last_name"])
    Agency.objects.bulk_create([Agency(name="Служба зв’язку")])

    assert Citizen.objects.filter(search_text__contains="гончаряк").exists()
    agency = Agency.objects.get(search_text="служба звязку")
    assert agency.sort_key

    stale = Citizen.objects.get()
    Citizen.objects.update(last_name="Ящук", search_text="ящук")
    stale.save(update_fields=["phone"])

    assert Citizen.objects.get().search_text == "ящук", "what is not saved is not derived anew"
