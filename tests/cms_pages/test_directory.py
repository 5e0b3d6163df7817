"""The directory of centres: who is in it, how one is found, what it costs."""

from datetime import time
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Site

from cms_pages.models import CentreDirectoryPage
from diia_videoreception import models
from tests.harness import html
from tests.harness.clock import NOW
from tests.steps.centres import centre, decided, member, user

pytestmark = pytest.mark.any_database


@pytest.fixture
def url(db: None) -> str:
    home = Site.objects.get().root_page
    page = home.add_child(instance=CentreDirectoryPage(title="Центри", lead="Прийдіть."))
    return str(page.url)


def hours(of: models.Centre, *weekdays: int, opens: int = 9) -> None:
    for weekday in weekdays:
        of.hours.create(weekday=weekday, opens=time(opens), closes=time(17))


def test_the_directory__tells_of_working_centres_and_of_no_people(url: str, client: Client) -> None:
    first = centre("YAV-1", name="ЦНАП Яворівки", phone="0 (800) 000-010")
    member(first, user("head", last_name="Гнатюк"))
    decided(first)
    hours(first, 0, 1, 2, 4)
    hours(first, 5, opens=10)
    suspended = {"state": "suspended", "suspended_at": NOW, "suspension_reason": "Перевірка."}
    centre("GONE-1", name="Зачинений центр", **suspended)
    answer = client.get(url)
    page = html.Page(answer)
    assert "Понеділок – середа: 9:00–17:00" in page.text
    assert "П’ятниця: 9:00–17:00" in page.text
    assert "Субота: 10:00–17:00" in page.text
    assert "Цифровий посередник" in page.text
    assert page.leads_to("tel:0800000010")
    for hidden in ("Зачинений", "Гнатюк", "head@cnap.example", "Перевірка."):
        assert hidden not in answer.content.decode()


@pytest.mark.parametrize(
    ("search", "found"),
    [("яворівка", "YAV"), ("ЛУГ нова", "LUH"), ("", "YAV LUH"), ("немає такого", ""), ("...", "")],
)
def test_a_centre__is_found_by_name_or_place(
    url: str, client: Client, search: str, found: str
) -> None:
    centre("YAV-1", name="Перший ЦНАП", place="Яворівка")
    centre("LUH-1", name="Другий ЦНАП", place="Лугове", address="вул. Нова, 2")
    text = html.Page(client.get(url, {"q": search})).text
    assert ("Перший ЦНАП" in text, "Другий ЦНАП" in text) == ("YAV" in found, "LUH" in found)


def test_many_centres__are_paged_and_cost_no_more(
    url: str, client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(45):
        hours(centre(f"C-{number:02}", name=f"Центр {number:02}"), 0, 1)
    client.get(url)
    with django_assert_max_num_queries(15):
        first = html.Page(client.get(url))
    assert "Центр 19" in first.text
    assert "Центр 20" not in first.text
    last = client.get(url, {"q": "центр", "p": "3"})
    assert "Центр 44" in html.Page(last).text
    assert "p=2" in last.content.decode()


@pytest.mark.parametrize(
    "asked", ["?p=-1", "?p=x", "?p=99999999999999999999", "?q=%00", "?q=" + "я" * 5000]
)
def test_odd_questions__are_answered(url: str, client: Client, asked: str) -> None:
    centre()
    assert client.get(url + asked).status_code == 200
