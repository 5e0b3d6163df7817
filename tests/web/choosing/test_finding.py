"""«Не знаю, до кого звернутися»: words lead to officials, with the reason, and never to a dead end."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import Agency, Official
from diia_videoreception.personal_data import encrypt
from diia_videoreception.selectors.booking.suggesting import MAX_SUGGESTED, suggest, whom_to_call
from diia_videoreception.web.browser_state import TOLD as TOLD_HERE
from tests.factories import NOW, AgencyFactory, OfficialFactory, UnitFactory
from tests.harness.html import Page
from tests.steps.api import API

FIND = reverse("diia_videoreception:find_official")
API_URL = f"{API}/officials/suggestions"
CHOOSE = reverse("diia_videoreception:choose")
TOLD = "Мамі 80 років. Припинили компенсацію за догляд."


@pytest.fixture
def care(official: Official) -> Official:
    """Receives on care, from one region."""
    official.competence = "компенсації за догляд за людьми"
    official.save()
    Agency.objects.filter(pk=official.agency.pk).update(region="UA-46")
    return official


def found(client: Client, **sent: str) -> Page:
    return Page(client.post(FIND, sent, follow=True))


def test_choosing__leads_here(client: Client, care: Official) -> None:
    assert Page(client.get(CHOOSE)).leads_to(FIND)


def test_words__lead_to_an_official_with_the_reason(client: Client, care: Official) -> None:
    page = found(client, words=TOLD, region="UA-46")

    assert "Знайшли 1 посадову особу" in page.text
    assert care.full_name in page.text
    assert page.texts("mark") == ["компенсації", "догляд"]
    assert "Приймає: Львівська область" in page.text
    where = f"/videoreception/choose/?agency={care.agency.pk}&official={care.pk}#times"
    assert (f"Вибрати час: {care.full_name}", where) in page.links()
    assert page.field("words").value.strip() == TOLD, "what was told stays to be changed"


@pytest.mark.parametrize(
    "sent",
    [
        {"words": "Шумлять уночі"},
        {"words": TOLD, "region": "UA-05"},
        {"topic": "land"},
        # The name of an official is no topic.
        {"words": "Коваленко"},
    ],
)
def test_nothing_found__leads_on(
    client: Client, care: Official, settings: Any, sent: dict[str, str]
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"SUPPORT_PHONE": "0800000000"}
    near = care.agency
    Agency.objects.filter(pk=near.pk).update(phone="+380441234567", region="")
    if sent.get("region"):
        Official.objects.update(competence="пенсії", search_text="пенсії")
    page = found(client, **sent)

    assert "За цими словами нікого не знайдено" in page.text
    assert care.full_name not in page.text
    hrefs = [href for _, href in page.links()]
    assert {"tel:0800000000", "tel:+380441234567", CHOOSE, f"{CHOOSE}?agency={near.pk}"} <= {*hrefs}


def test_nothing_told__asks_for_something(client: Client, care: Official) -> None:
    answer = client.post(FIND, {"words": " "})
    page = Page(answer)
    assert page.field("words").is_invalid
    assert "Напишіть, що сталося, або виберіть тему." in page.text
    assert answer.status_code == 422
    assert "sessionid" not in client.cookies, "no row in the table of sessions for a stranger"


def test_what_was_told__stands_in_no_address_and_no_row_that_can_be_read(
    client: Client, care: Official
) -> None:
    answer = client.post(FIND, {"words": TOLD})

    assert (answer.status_code, answer.url) == (303, f"{FIND}#found")
    assert "догляд" not in json.dumps(dict(client.session), ensure_ascii=False)
    # Back from an official finds them again; another browser finds nothing.
    assert care.full_name in Page(client.get(FIND)).text
    assert care.full_name not in Page(Client().get(FIND)).text


@pytest.mark.parametrize("kept", ["late", "sealed by another key", "of old"])
def test_what_was_told__is_forgotten(client: Client, care: Official, clock: Any, kept: str) -> None:
    found(client, words=TOLD)
    sealed, until = TOLD_HERE.load(_request(client))
    told = {
        "late": (sealed, NOW.timestamp()),
        "sealed by another key": (sealed[:-4] + "AAAA", until),
        "of old": (encrypt(json.dumps({"words": TOLD, "topic": "of old"})), until),
    }[kept]
    session = client.session
    session[TOLD_HERE.key] = list(told)
    session.save()

    page = Page(client.get(FIND))

    assert page.field("words").value == ""
    assert care.full_name not in page.text


def _request(client: Client) -> HttpRequest:
    request = HttpRequest()
    request.session = client.session
    return request


def test_an_agency_of_another_region__is_not_suggested(care: Official) -> None:
    assert suggest(TOLD, region="UA-05", now=NOW) == []
    assert [one.official for one in suggest(TOLD, region="UA-46", now=NOW)] == [care]
    assert [one.official for one in suggest(TOLD, now=NOW)] == [care]


def test_whom_to_call__are_agencies_that_receive_from_there_the_likeliest_first(
    care: Official,
) -> None:
    def another(name: str, **values: str) -> Agency:
        return OfficialFactory(unit__agency=AgencyFactory(name=name, **values)).agency

    anywhere = another("Автопарк", phone="+380442222222")
    housing = another("Служба житла", phone="+380443333333")
    another("Без телефону", phone="", region="UA-46")
    near = Agency.objects.get(pk=care.agency.pk)

    assert whom_to_call("житло", region="UA-46") == [housing, near, anywhere]
    assert near not in whom_to_call("житло", region="UA-05")


def test_who_is_not_offered__is_not_suggested(care: Official) -> None:
    Official.objects.filter(pk=care.pk).update(receives=False)
    assert suggest(TOLD, now=NOW) == []
    Official.objects.filter(pk=care.pk).update(receives=True)
    Agency.objects.update(is_connected=False)
    assert suggest(TOLD, now=NOW) == []


@pytest.mark.parametrize("officials", [1, 60])
def test_a_search__costs_as_much_for_sixty(
    care: Official, officials: int, django_assert_max_num_queries: Any
) -> None:
    cache.clear()
    OfficialFactory.create_batch(
        officials - 1, unit=UnitFactory(agency=care.agency), competence=care.competence
    )
    with django_assert_max_num_queries(1):
        assert len(suggest(TOLD, now=NOW)) == min(officials, MAX_SUGGESTED)


def test_a_stranger__asks_so_often(client: Client, care: Official, settings: Any) -> None:
    rates = {"THROTTLE": {"suggestion": "2/min"}}
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | rates
    codes = [client.post(FIND, {"words": TOLD}).status_code for _ in range(3)]
    assert codes == [303, 303, 429]
    asked = [
        Client().post(API_URL, {"words": TOLD}, content_type="application/json", REMOTE_ADDR="::1")
        for _ in range(3)
    ]
    assert [answer.status_code for answer in asked] == [200, 200, 429]


def test_a_program__asks_the_same(client: Client, care: Official, clock: datetime) -> None:
    answer = client.post(API_URL, {"words": TOLD}, content_type="application/json").json()

    [one] = answer["results"]
    assert one["official"]["id"] == care.pk
    assert [part["text"] for part in one["competence"] if part["found"]] == [
        "компенсації",
        "догляд",
    ]
    assert one["region"] == "UA-46"
    refused = client.post(API_URL, {"words": "", "topic": ""}, content_type="application/json")
    assert refused.status_code == 400
