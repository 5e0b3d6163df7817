"""The directory of agencies: who is in it, how they are found, where it leads, what it costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from cms_pages.models import AgencyDirectoryPage
from diia_videoreception.models import Official, ReceptionPause
from tests.factories import AgencyFactory, OfficialFactory, UnitFactory
from tests.harness import html

pytestmark = pytest.mark.any_database


@pytest.fixture
def url(db: None) -> str:
    home = Site.objects.get().root_page
    page = home.add_child(instance=AgencyDirectoryPage(title="Установи", lead="Оберіть."))
    return str(page.url)


def official(agency: str, region: str = "", **fields: Any) -> Official:
    unit = UnitFactory(agency=AgencyFactory(name=agency, region=region))
    return OfficialFactory(unit=unit, **fields)


def test_the_directory__shows_who_receives_and_leads_to_a_time(url: str, client: Client) -> None:
    one = official("Пенсійний фонд", last_name="Мельник", competence="пенсії")
    OfficialFactory(unit=one.unit, last_name="Прихована", receives=False)
    AgencyFactory(name="Безлюдна установа")
    gone = official("Від’єднана установа")
    gone.agency.is_connected = False
    gone.agency.save()
    answer = client.get(url)
    page = html.Page(answer)
    for shown in ("Пенсійний фонд", "Мельник", "пенсії", "уся Україна"):
        assert shown in page.text
    for hidden in ("Прихована", "Безлюдна", "Від’єднана", "example.gov.ua"):
        assert hidden not in answer.content.decode()
    assert page.leads_to(f"{reverse('diia_videoreception:choose')}?agency={one.agency.pk}")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "ФОНД пенсійний"}, "P"),
        ({"q": "субсидії"}, "S"),
        ({"q": "фонд субсидії"}, ""),
        ({"q": "..."}, ""),
        ({"region": "UA-46"}, "PS"),
        ({"region": "UA-05"}, "P"),
        ({"region": "UA-99"}, "PS"),
        ({"region": "UA-05", "q": "субсидії"}, ""),
    ],
)
def test_an_agency__is_found_by_words_and_region(
    url: str, client: Client, asked: dict[str, str], found: str
) -> None:
    official("Пенсійний фонд", competence="пенсії")
    official("Львівська рада", region="UA-46", competence="субсидії")
    text = html.Page(client.get(url, asked)).text
    assert ("Пенсійний фонд" in text, "Львівська рада" in text) == ("P" in found, "S" in found)


def test_only_agencies_where_nobody_can_receive_now__are_called_paused(
    url: str, client: Client
) -> None:
    now = timezone.now()
    first = official("Пенсійний фонд")
    second = OfficialFactory(unit=first.unit)
    pause = ReceptionPause.objects.create(
        agency=first.agency,
        cause=ReceptionPause.Cause.POWER,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1),
    )
    pause.officials.add(first)
    assert "призупинено" not in html.Page(client.get(url)).text
    pause.officials.add(second)
    assert "призупинено" in html.Page(client.get(url)).text
    pause.ended_at = now
    pause.save()
    assert "призупинено" not in html.Page(client.get(url)).text


def test_many_agencies_and_officials__are_cut_and_cost_no_more(
    url: str, client: Client, django_assert_max_num_queries: Any
) -> None:
    big = official("Установа 000", last_name="Перша")
    for number in range(6):
        OfficialFactory(unit=big.unit, last_name=f"Людина{number}", position=1)
    for number in range(1, 100):
        official(f"Установа {number:03}")
    client.get(url)
    with django_assert_max_num_queries(15):
        first = html.Page(client.get(url))
    assert "Установа 019" in first.text
    assert "Установа 020" not in first.text
    assert "Людина3" in first.text
    assert "Людина4" not in first.text
    assert "ще 2" in first.text
    last = client.get(url, {"q": "установа", "p": "5"})
    assert "Установа 099" in html.Page(last).text
    assert "p=4" in last.content.decode()


@pytest.mark.parametrize(
    "asked",
    ["?p=-1", "?p=x", "?p=99999999999999999999", "?q=%00", "?q=" + "я" * 5000, "?region=%00"],
)
def test_odd_questions__are_answered(url: str, client: Client, asked: str) -> None:
    assert "Поки що ніхто" in html.Page(client.get(url)).text
    official("Пенсійний фонд")
    assert client.get(url + asked).status_code == 200
