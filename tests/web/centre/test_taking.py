"""Taking the test in the browser: one question a screen, two tabs, Back, handing in; right answers are not there."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from diia_videoreception import models
from diia_videoreception.services.centres import testing
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import client_of
from tests.steps.centres import (
    CentreWorld,
    accredited,
    begun_test,
    member,
    place_of,
    published_test,
    user,
)
from tests.steps.second_factor import verify

pytestmark = pytest.mark.any_database


@pytest.fixture
def taker(world: CentreWorld) -> models.CentreMember:
    somebody = member(world.centre, user("taker"))
    accredited(somebody.user, world.centre, "training")
    return somebody


@pytest.fixture
def client(taker: models.CentreMember) -> Client:
    return verify(client_of(taker.user), taker.user)


def of(taker: models.CentreMember, name: str, *args: object) -> str:
    return reverse(f"diia_videoreception:centre_{name}", args=[taker.centre.public_id, *args])


def fill_in(client: Client, taker: models.CentreMember, *, wrong: int) -> models.CentreTestAttempt:
    """Begin and answer by the forms; so many answers are wrong."""
    first = client.post(of(taker, "test"))["Location"]
    attempt = models.CentreTestAttempt.objects.get(finished_at=None)
    assert first == of(taker, "test_question", attempt.public_id, 1)
    for number in (1, 2, 3):
        place = place_of(attempt, number, is_right=number > wrong)
        there = client.post(
            of(taker, "test_question", attempt.public_id, number), {"answer": str(place)}
        )["Location"]
        expected = (
            of(taker, "test_question", attempt.public_id, number + 1)
            if number < 3
            else of(taker, "test_attempt", attempt.public_id)
        )
        assert there == expected
    return attempt


def test_who_answers_all_rightly__passes_and_reads_what_is_next(
    client: Client, taker: models.CentreMember
) -> None:
    published_test()
    attempt = fill_in(client, taker, wrong=0)
    here = of(taker, "test_attempt", attempt.public_id)
    assert client.post(here)["Location"] == here
    page = Page(client.get(here))
    assert "Тест складено: 3 з 3" in page.text
    assert "Прочитайте інструкцію." in page.text
    assert "24.11.2027" in Page(client.get(of(taker, "home"))).text
    assert "Ваш тест діє" in Page(client.get(of(taker, "test"))).text
    client.post(of(taker, "test"))
    assert models.CentreTestAttempt.objects.count() == 1


def test_who_fails__reads_where_and_not_what_is_right(
    client: Client, taker: models.CentreMember
) -> None:
    published_test()
    attempt = fill_in(client, taker, wrong=1)
    here = of(taker, "test_attempt", attempt.public_id)
    client.post(here)
    page = Page(client.get(here))
    assert "Поки що 2 з 3" in page.text
    assert "Пояснення" in page.text
    assert "Правильно" not in page.text, "the next attempt asks the same"
    assert "Залишилася 1 спроба." in page.text
    again = client.post(of(taker, "test"))["Location"]
    assert again != here
    assert "/1/" in again


def test_a_question__does_not_tell_the_right_answer(world: CentreWorld, client: Client) -> None:
    """Not in what is sent nor in what is named; and not by its place, which is drawn."""
    attempt = begun_test(models.CentreMember.objects.get(user__username="taker"))
    address = reverse(
        "diia_videoreception:centre_test_question",
        args=[world.centre.public_id, attempt.public_id, 1],
    )
    html = client.get(address).content.decode()
    # What is drawn by chance, for forms and scripts, may hold any letters.
    html = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", html)
    for hidden in ("is_right", "Пояснення", 'value="q1"', "q1", '"0", "1"'):
        assert hidden not in html
    assert "checked" not in html


def test_back_and_a_second_tab__find_what_was_answered(
    client: Client, taker: models.CentreMember
) -> None:
    published_test()
    attempt = fill_in(client, taker, wrong=3)
    second = of(taker, "test_question", attempt.public_id, 2)
    html = client.get(second).content.decode()
    assert "checked" in html
    client.post(second, {"answer": str(place_of(attempt, 2, is_right=True))})
    attempt.refresh_from_db()
    assert len(attempt.answers) == 3
    assert client.get(of(taker, "test"))
    here = of(taker, "test_attempt", attempt.public_id)
    client.post(here)
    for answer in (client.post(second, {"answer": "0"}), client.get(second)):
        assert answer["Location"] == here, "the other tab handed in"
    assert client.post(here)["Location"] == here
    assert models.CentreTestAttempt.objects.get().correct == 1


@pytest.mark.parametrize(
    "sent", [{}, {"answer": ""}, {"answer": "3"}, {"answer": "-1"}, {"answer": "x" * 3000}]
)
def test_no_answer__is_asked_for_again(
    client: Client, taker: models.CentreMember, sent: dict[str, str]
) -> None:
    published_test()
    client.post(of(taker, "test"))
    attempt = models.CentreTestAttempt.objects.get()
    here = of(taker, "test_question", attempt.public_id, 1)
    answer = client.post(here, sent, follow=True)
    assert answer.status_code in {200, 422}
    assert "Виберіть відповідь." in Page(answer).text
    attempt.refresh_from_db()
    assert attempt.answers == {}


def test_handing_in_too_early__names_what_is_missing(
    client: Client, taker: models.CentreMember
) -> None:
    published_test()
    client.post(of(taker, "test"))
    attempt = models.CentreTestAttempt.objects.get()
    here = of(taker, "test_attempt", attempt.public_id)
    assert "1, 2, 3" in Page(client.post(here, follow=True)).text
    for number in (0, 4, 99):
        address = of(taker, "test_question", attempt.public_id, number)
        assert client.get(address).status_code == 404


def test_when_the_time_is_over__the_page_says_so(
    client: Client, taker: models.CentreMember, time_machine: Any
) -> None:
    published_test(days_to_finish=1)
    client.post(of(taker, "test"))
    attempt = models.CentreTestAttempt.objects.get()
    time_machine.move_to(NOW + timedelta(days=1), tick=False)
    client = verify(client_of(taker.user), taker.user)
    question = of(taker, "test_question", attempt.public_id, 1)
    answer = client.post(question, {"answer": "0"}, follow=True)
    assert "Час цієї спроби минув." in Page(answer).text
    assert testing.close_overdue(now=timezone.now()) == 1


def test_the_head__allows_the_test_once_more(
    world: CentreWorld, client: Client, taker: models.CentreMember
) -> None:
    published_test(max_attempts=1)
    person = of(taker, "person", taker.public_id)
    head = world.proven_client("head")
    assert "Дозволити скласти тест ще раз" not in Page(head.get(person)).text
    attempt = fill_in(client, taker, wrong=1)
    client.post(of(taker, "test_attempt", attempt.public_id))
    assert "Ви використали всі спроби." in Page(client.get(of(taker, "test"))).text
    assert "Дозволити скласти тест ще раз" in Page(head.get(person)).text
    head.post(person, {"act": "test"})
    assert client.post(of(taker, "test"))["Location"] != of(taker, "test")


def test_without_a_published_test__the_page_says_so(
    client: Client, taker: models.CentreMember
) -> None:
    assert "Портал ще не опублікував тесту." in Page(client.get(of(taker, "test"))).text
    assert client.post(of(taker, "test"))["Location"] == of(taker, "test")
