"""What a citizen wrote beside the rating: a moderator reads it first, then the official may, or is spared it."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from diia_videoreception.errors import NotFound
from diia_videoreception.models import Application, JournalRecord, Rating
from diia_videoreception.services.booking.comments import judge_comment
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import World, client_of
from tests.steps.people import sign_in

pytestmark = pytest.mark.any_database
WORDS = "Посадова особа вислухала, але рішення чекаю досі."
LIST = reverse("videoreception_applications:index")


@pytest.fixture
def rating(world: World) -> Rating:
    Application.objects.filter(pk=world.confirmed.pk).update(state="completed")
    return Rating.objects.create(application=world.confirmed, stars=3, words=WORDS, created_at=NOW)


def case(client: Client, world: World) -> Page:
    return Page(
        client.get(reverse("videoreception_applications:inspect", args=[world.confirmed.public_id]))
    )


def official_page(world: World) -> str:
    address = reverse("diia_videoreception:official_reception", args=[world.confirmed.public_id])
    return Page(world.client("receiver").get(address)).text


def own_page(world: World) -> str:
    client = Client()
    sign_in(client, world.confirmed.citizen)
    return Page(
        client.get(reverse("diia_videoreception:case", args=[world.confirmed.public_id]))
    ).text


def decide(client: Client, world: World, **sent: str) -> Page:
    address = reverse("videoreception_applications:comment", args=[world.confirmed.public_id])
    return Page(client.post(address, {"seen": "new", "shown": "yes"} | sent, follow=True))


def acts() -> list[str]:
    found = JournalRecord.objects.filter(act__endswith="_comment").order_by("pk")
    return list(found.values_list("act", flat=True))


def test_words__reach_the_official_once_a_moderator_lets_them(world: World, rating: Rating) -> None:
    moderator = world.client("moderator")
    listed = Page(moderator.get(LIST, {"comments": "new"})).text
    assert world.confirmed.number in listed
    assert WORDS not in official_page(world)
    assert "Спершу його читає модератор." in official_page(world)
    assert "Оцінка людини: 3 з 5" in official_page(world)
    assert WORDS in case(moderator, world).text

    decide(moderator, world)

    assert WORDS in official_page(world)
    assert "Посадова особа бачить Ваші слова." in own_page(world)
    assert world.confirmed.number not in Page(moderator.get(LIST, {"comments": "new"})).text
    assert acts() == ["application.show_comment"]
    assert WORDS not in str(JournalRecord.objects.order_by("pk").last().details)


def test_kept_back__with_a_reason_that_the_citizen_reads(world: World, rating: Rating) -> None:
    moderator = world.client("moderator")
    assert "Напишіть, чому слова не показано." in decide(moderator, world, shown="no").text
    assert acts() == []

    decide(moderator, world, shown="no", reason="Образи третіх осіб.")

    assert WORDS not in official_page(world)
    assert "словами" not in official_page(world)
    assert "Образи третіх осіб." in own_page(world)
    decide(moderator, world, seen="hidden")
    assert WORDS in official_page(world), "it can be changed"
    assert acts() == ["application.hide_comment", "application.show_comment"]


def test_two_moderators__do_not_undo_each_other(world: World, rating: Rating) -> None:
    decide(world.client("head"), world, shown="no", reason="Персональні дані сусіда.")

    page = decide(world.client("moderator"), world)

    assert WORDS not in official_page(world)
    assert "Персональні дані сусіда." in page.text
    assert len(acts()) == 1


def test_about_the_own_reception__another_decides(world: World, rating: Rating) -> None:
    official = world.confirmed.official
    official.user = world.moderator
    official.save()

    page = decide(world.client("moderator"), world)

    assert "Рішення щодо них ухвалює інший модератор." in page.text
    assert acts() == []


def test_of_others_agencies_or_of_no_words__nothing_is_decided(
    world: World, rating: Rating
) -> None:
    address = reverse("videoreception_applications:comment", args=[world.confirmed.public_id])
    sent = {"seen": "new", "shown": "yes"}
    assert client_of(world.foreigner).post(address, sent).status_code == 404
    with pytest.raises(NotFound):
        judge_comment(
            moderator=world.foreigner,
            public_id=world.confirmed.public_id,
            seen="new",
            is_shown=True,
            reason="",
            now=NOW,
        )
    Rating.objects.update(words="")
    assert world.client("moderator").post(address, sent).status_code == 404
    assert acts() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"words_state": "shown"},
        {"words_state": "hidden", "words_decided_at": NOW},
        {"words_reason": "без рішення"},
    ],
)
def test_database__knows_no_half_decision(rating: Rating, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.filter(pk=rating.pk).update(**wrong)
