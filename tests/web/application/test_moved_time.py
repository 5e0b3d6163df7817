"""What is filed is what the page showed, whatever another tab has done to the time meanwhile."""

from datetime import timedelta

import pytest
from django.test import Client

from diia_videoreception.models import Application, Draft, Occupancy, Official, SpentProof
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import holds
from tests.factories import NOW, ScheduleRuleFactory
from tests.harness.clock import START
from tests.harness.html import Page
from tests.steps.application import checked, hold_time, url

OTHER = START + timedelta(minutes=30)
SAID = "Час змінено в іншій вкладці: тепер за Вами вівторок, 1 грудня 2026 року, 11:00"

pytestmark = [pytest.mark.usefixtures("hold"), pytest.mark.any_database]


def test_filing__asks_again_when_another_tab_has_moved_the_time(
    client: Client, person: SignedIn, official: Official, draft: Draft
) -> None:
    shown = checked(client)
    hold_time(person, official, OTHER)

    page = Page(client.post(url("submit"), shown, follow=True))

    assert SAID in page.text
    assert "Заявку не подано" in page.text
    assert any(
        text.startswith("вівторок, 1 грудня 2026 року, 11:00") for text in page.texts("strong")
    )
    assert not Application.objects.exists()
    # The proof is not spent on what was not looked at.
    assert not SpentProof.objects.filter(act=SpentProof.Act.SUBMIT).exists()
    client.post(url("submit"), checked(client))
    assert Application.objects.get().start == OTHER


def test_filing__asks_again_when_another_tab_has_chosen_another_official(
    client: Client, person: SignedIn, official: Official, draft: Draft
) -> None:
    shown = checked(client)
    other = ScheduleRuleFactory(official__last_name="Савчук").official
    hold_time(person, other)

    page = client.post(url("submit"), shown, follow=True).text

    assert "Час змінено в іншій вкладці" in page
    assert "Савчук" in page
    assert not Application.objects.exists()


def test_filing__asks_again_when_the_time_was_given_back_and_another_reserved(
    client: Client, person: SignedIn, official: Official, draft: Draft
) -> None:
    shown = checked(client)
    holds.release(actor=person, token=Occupancy.objects.get().token, now=NOW)
    hold_time(person, official, OTHER)

    assert SAID in client.post(url("submit"), shown, follow=True).text
    assert not Application.objects.exists()


def test_going_on_from_the_form__says_that_the_time_was_moved(
    client: Client, person: SignedIn, official: Official, draft: Draft
) -> None:
    page = client.get(url("application")).text
    shown = Page(page).form(url("application")).hidden() | {
        "topic": draft.topic,
        "phone": draft.phone,
    }
    hold_time(person, official, OTHER)

    page = client.post(url("application"), shown, follow=True).text

    assert SAID in page
    assert "Крок 3 з 4" in page
    # Only once: the next look shows the time as any other.
    assert SAID not in client.get(url("check")).text


@pytest.mark.parametrize("start", ["", "never", "2026-12-01T08:30", "99999-01-01T00:00Z"])
def test_a_time_that_is_none__is_refused(client: Client, draft: Draft, start: str) -> None:
    answer = client.post(url("submit"), checked(client) | {"held_start": start}, follow=True)
    assert answer.status_code in {200, 400}
    assert not Application.objects.exists()
