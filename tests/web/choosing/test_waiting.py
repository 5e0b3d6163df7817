"""The pages of the queue: joining from the schedule, the offer, the cabinet, leaving."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diia_videoreception.models import Citizen, Occupancy, Official, WaitingEntry, WaitingOffer
from diia_videoreception.services.booking import applications
from tests.factories import CitizenFactory, signed_in
from tests.harness.clock import NOW, START
from tests.harness.html import Page
from tests.steps.people import sign_in
from tests.steps.sms import configure
from tests.steps.waiting import Full, fill, serve, wait

CHOOSE = reverse("diia_videoreception:choose")
JOIN = reverse("diia_videoreception:waiting_join")
CABINET = reverse("diia_videoreception:cabinet")
MAX_QUERIES = 22


@pytest.fixture
def full(official: Official, time_machine: Any) -> Full:
    time_machine.move_to(NOW, tick=False)
    return fill(official)


@pytest.fixture
def citizen() -> Citizen:
    return CitizenFactory()


@pytest.fixture
def client(full: Full, citizen: Citizen) -> Client:
    client = Client()
    sign_in(client, citizen)
    return client


def asked(full: Full) -> str:
    return f"{JOIN}?official={full.official.pk}"


def address(offer: WaitingOffer) -> str:
    return reverse("diia_videoreception:waiting_offer", args=[offer.public_id])


def offered(full: Full, citizen: Citizen) -> WaitingOffer:
    wait(full, signed_in(citizen))
    actor = signed_in(full.first.citizen)
    applications.cancel(actor=actor, public_id=full.first.public_id, now=NOW)
    (offer,) = serve()
    return offer


def test_the_schedule__leads_to_the_queue_and_it_to_the_cabinet(
    full: Full, client: Client, citizen: Citizen
) -> None:
    schedule = Page(client.get(CHOOSE, {"official": full.official.pk}))
    link = schedule.link("Повідомити, коли звільниться час")
    page = Page(client.get(link))
    assert page.heading == "Повідомити, коли звільниться час"
    assert "У черзі ще нікого немає." in page.text
    assert citizen.email in page.text
    assert page.has('input[name=weekdays][value="2"]')
    assert not page.has('input[name=weekdays][value="1"]'), "the official receives on Tuesdays"
    answer = client.post(asked(full), {"weekdays": ["2"]})
    assert answer.status_code == 303
    cabinet = Page(client.get(answer["Location"]))
    assert "Ви в черзі. Повідомимо, щойно звільниться час." in cabinet.text
    assert full.official.full_name in cabinet.text
    assert "Ви перші в черзі." in cabinet.text
    assert WaitingEntry.objects.get().language == "uk"


def test_a_guest__signs_in_first_and_comes_back(full: Full) -> None:
    answer = Client().get(asked(full))
    assert answer.status_code == 303
    assert "official%3D" in answer["Location"]


def test_what_is_wrong__is_said_at_its_place_and_what_was_typed_stays(
    full: Full, client: Client, settings: Any
) -> None:
    configure(settings, "http://127.0.0.1:9/")
    sent = {"by_sms": "on", "phone": "не номер", "comes_soon": "on"}
    page = Page(client.post(asked(full), sent | {"weekdays": ["2"]}, follow=True))
    assert (
        "phone",
        "На цей номер не можна надіслати SMS. Укажіть український мобільний номер.",
    ) in page.errors()
    assert page.field("comes_soon").is_checked
    page = Page(client.post(asked(full), {"weekdays": ["2"], "by_sms": "on"}, follow=True))
    assert page.errors()[0][0] == "phone", "nobody thinks that an SMS will come"
    page = Page(client.post(asked(full), {}, follow=True))
    assert "Оберіть дні, які Вам підходять." in page.text
    assert not WaitingEntry.objects.exists()


def test_who_has_no_address__is_told_where_to_add_one(full: Full) -> None:
    client = Client()
    sign_in(client, CitizenFactory(email="", email_confirmed_at=None))
    page = Page(client.post(asked(full), {"weekdays": ["2"]}, follow=True))
    (error,) = page.errors()
    assert error[0] == "told"
    assert page.link("Додати адресу для листів")


def test_free_times__are_to_be_chosen(full: Full, client: Client) -> None:
    actor = signed_in(full.first.citizen)
    applications.cancel(actor=actor, public_id=full.first.public_id, now=NOW)
    page = Page(client.post(asked(full), {"weekdays": ["2"]}, follow=True))
    assert "є вільний час" in page.text


def test_before_there_are_hours__any_day_can_be_chosen(full: Full, client: Client) -> None:
    full.official.schedule_rules.all().delete()
    page = Page(client.get(asked(full)))
    assert len(page.all("input[name=weekdays]")) == 7
    assert client.post(asked(full), {"weekdays": ["1", "5"]}).status_code == 303
    assert WaitingEntry.objects.get().weekdays == "15"


def test_an_offer__is_taken_and_leads_to_the_application(
    full: Full, client: Client, citizen: Citizen
) -> None:
    offer = offered(full, citizen)
    cabinet = Page(client.get(CABINET))
    page = Page(client.get(cabinet.link("Узяти час або відмовитися")))
    assert page.heading == "Звільнився час у посадової особи"
    assert "Цей час за Вами до 23.11.2026, 12:00" in page.text
    answer = client.post(address(offer), {"act": "accept"})
    assert answer["Location"] == reverse("diia_videoreception:application")
    assert Occupancy.objects.get(citizen=citizen, kind="hold").start == START
    assert client.get(answer["Location"]).status_code == 200
    assert "Ви взяли цей час." in Page(client.get(address(offer))).text
    assert client.post(address(offer), {"act": "accept"})["Location"] == answer["Location"]


def test_an_offer__is_declined_once(full: Full, client: Client, citizen: Citizen) -> None:
    offer = offered(full, citizen)
    for _ in range(2):
        assert client.post(address(offer), {"act": "decline"})["Location"] == CABINET
    assert "Ви відмовилися від цього часу." in Page(client.get(address(offer))).text
    page = Page(client.post(address(offer), {"act": "accept"}, follow=True))
    assert "Цей час Вам уже не пропонуємо." in page.text
    assert WaitingEntry.objects.get().missed == 1


def test_somebody_else__finds_neither_offer_nor_place(full: Full, citizen: Citizen) -> None:
    offer = offered(full, citizen)
    stranger = Client()
    sign_in(stranger)
    leave = reverse("diia_videoreception:waiting_leave", args=[offer.entry.public_id])
    for url in (address(offer), leave):
        assert stranger.get(url).status_code == 404
        assert stranger.post(url, {"act": "accept"}).status_code == 404
    assert WaitingOffer.objects.open(NOW).get() == offer


def test_leaving__is_asked_once_and_done_by_a_post(
    full: Full, client: Client, citizen: Citizen
) -> None:
    entry = wait(full, signed_in(citizen))
    leave = Page(client.get(CABINET)).link("Вийти з черги")
    assert "Ви втратите місце." in Page(client.get(leave)).text
    entry.refresh_from_db()
    assert entry.state == "waiting"
    cabinet = Page(client.post(leave, follow=True))
    assert "Ви вийшли з черги." in cabinet.text
    entry.refresh_from_db()
    assert entry.state == "left"
    assert client.get(leave)["Location"] == CABINET


def test_the_page__asks_a_fixed_number_of_queries(full: Full, client: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(asked(full)).status_code == 200
        return len(queries)

    few = count()
    for _ in range(5):
        wait(full)
    assert count() == few <= MAX_QUERIES
