"""After a reception: the outcome, the text to the citizen as a draft, the letter, the cabinet."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from diia_videoreception import models
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.inspection import examine_inside
from tests.steps.officials import World
from tests.steps.people import sign_in
from tests.steps.samples import png
from tests.steps.written_answers import ON_PAPER

pytestmark = pytest.mark.any_database

ANSWER = "Подайте нову довідку до 15 грудня.\n\nВиплату поновлять."


@pytest.fixture(autouse=True)
def over(world: World, time_machine: Any) -> None:
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)


def address(world: World, name: str = "official_conclude") -> str:
    return reverse(f"diia_videoreception:{name}", args=[world.today.public_id])


def send(client: Client, world: World, asked: str, **changed: Any) -> Any:
    version = models.Application.objects.get(pk=world.today.pk).version
    answer = models.Answer.objects.filter(application=world.today).first()
    sent = {
        "version": version,
        "answer_version": answer.version if answer else 0,
        "outcome": "complete",
        "text": ANSWER,
        "step": asked,
    }
    return client.post(address(world), sent | changed)


def case_page(world: World) -> str:
    client = Client()
    sign_in(client, world.today.citizen)
    page = client.get(reverse("diia_videoreception:case", args=[world.today.public_id]))
    return str(page.content.decode())


@pytest.mark.parametrize("who", ["receiver", "moderator"])
def test_conclusion__is_a_draft_until_it_is_sent(world: World, who: str) -> None:
    client = world.client(who)
    assert send(client, world, "draft").status_code == 303
    assert "Відповідь посадової особи" not in case_page(world)
    assert not models.Letter.objects.filter(kind="answer").exists()
    assert (
        "Подайте нову довідку" in client.get(address(world, "official_reception")).content.decode()
    )

    preview = send(client, world, "letter")
    assert preview["Location"] == address(world)
    letter = client.get(preview["Location"]).content.decode()
    assert "Подайте нову довідку до 15 грудня." in letter
    assert "Ще нічого не надіслано" in letter
    assert not models.Letter.objects.filter(kind="answer").exists()

    answered = send(client, world, "send")
    page = client.get(answered["Location"]).content.decode()
    assert page.count("Подайте нову довідку до 15 грудня.") == 1, "once, and not in the notice too"
    assert "Відповідь посадової особи" in case_page(world)
    assert "Виплату поновлять." in case_page(world)
    sent = models.Letter.objects.get(kind="answer")
    assert sent.citizen == world.today.citizen
    acts = models.JournalRecord.objects.filter(subject_id=str(world.today.public_id))
    assert [(record.act, record.actor_id) for record in acts] == [
        (name, str(getattr(world, who).pk))
        for name in (
            "application.complete",
            "application.save_answer",
            "application.save_answer",
            "application.send_answer",
        )
    ]


def test_sent_text__stays_as_it_is(world: World) -> None:
    client = world.client("receiver")
    send(client, world, "letter")
    send(client, world, "send")
    for step in ("draft", "letter", "send"):
        answer = send(client, world, step, text="Інше")
        assert answer.status_code in (303, 409)
    assert models.Answer.objects.get().text == ANSWER
    assert models.Letter.objects.filter(kind="answer", copy_of=None).count() == 1


def test_nobody__overwrites_what_they_have_not_seen(world: World) -> None:
    send(world.client("moderator"), world, "draft", text="Від модератора")
    answer = send(world.client("receiver"), world, "draft", answer_version=0)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Текст тим часом змінили" in page
    assert "Подайте нову довідку" in page, "what was typed is not lost"
    assert models.Answer.objects.get().text == "Від модератора"


def test_refused__is_a_page_of_its_own_with_what_was_typed_and_what_is_saved(world: World) -> None:
    client = world.client("receiver")
    send(world.client("moderator"), world, "draft", text="Від модератора")
    navigating = {"headers": {"Sec-Fetch-Mode": "navigate"}}
    sent = {"version": 0, "answer_version": 0, "outcome": "", "text": ANSWER, "step": "draft"}

    refused = client.post(address(world), sent, **navigating)
    assert refused.status_code == 303
    page = Page(client.get(refused["Location"]))

    assert "Текст тим часом змінили" in page.text
    assert "Подайте нову довідку" in page.one("textarea[name=text]").text
    assert page.texts("#answer-saved") == ["Від модератора"], (
        "nobody overwrites what they did not see"
    )
    assert not Page(client.get(address(world, "official_reception"))).has("#answer-saved")


def test_a_refused_conclusion__writes_nothing_of_it(world: World) -> None:
    """The version of the application is old: neither outcome nor text is kept."""
    answer = send(world.client("receiver"), world, "draft", version=99)

    assert answer.status_code == 409
    assert "Подайте нову довідку" in answer.content.decode(), "what was typed is not lost"
    assert not models.Answer.objects.exists()
    assert models.Application.objects.get(pk=world.today.pk).state == "confirmed"


def test_a_text_of_any_length__is_handed_back(world: World) -> None:
    text = "а" * 30_000
    for headers in ({}, {"Sec-Fetch-Mode": "navigate"}):
        answer = world.client("receiver").post(
            address(world),
            {"version": 1, "answer_version": 0, "outcome": "", "text": text, "step": "draft"},
            headers=headers,
        )
        assert answer.status_code == 400
        assert text in answer.content.decode()
        assert "щонайбільше" in Page(answer).one("[role=alert]").text


def test_letter__needs_outcome_and_text(world: World) -> None:
    client = world.client("receiver")
    answer = send(client, world, "letter", outcome="")
    assert answer.status_code == 400
    assert "Позначте, що сталося з прийомом." in answer.content.decode()
    assert "Напишіть текст" in send(client, world, "letter", text=" ").content.decode()
    assert send(client, world, "send", answer_version=0).status_code in (400, 409)
    assert not models.Letter.objects.filter(kind="answer").exists()


def test_before_its_start__nothing_is_concluded(world: World, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    client = world.client("receiver")
    for step in ("draft", "letter", "send"):
        assert send(client, world, step).status_code == 409
    assert not models.Answer.objects.exists()
    assert models.Application.objects.get(pk=world.today.pk).state == "confirmed"


def test_outcome_alone__is_noted(world: World) -> None:
    assert send(world.client("receiver"), world, "draft", text="", outcome="note_citizen_absent")
    assert models.Application.objects.get(pk=world.today.pk).state == "citizen_absent"
    assert not models.Answer.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"version": "x"},
        {"version": -1},
        {"answer_version": "99999999999999999999"},
        {"outcome": "confirm"},
        {"text": "a" * 10_001},
        {"text": "\x00\x01"},
        {"step": "other"},
    ],
)
def test_odd_forms__are_refused_in_words(world: World, changed: dict[str, Any]) -> None:
    answer = send(world.client("receiver"), world, "draft", **changed)
    assert answer.status_code in (303, 400, 409)


# --- The citizen -----------------------------------------------------------------------------------


def citizen(world: World) -> Client:
    client = Client()
    sign_in(client, world.today.citizen)
    return client


def rate(client: Client, world: World, **sent: Any) -> Any:
    address = reverse("diia_videoreception:case_rate", args=[world.today.public_id])
    return client.post(address, {"stars": "4", "words": "Дякую"} | sent)


def test_rating__once_and_seen_by_the_agency(world: World) -> None:
    send(world.client("receiver"), world, "draft")
    client = citizen(world)
    assert "Оцініть прийом" in case_page(world)
    assert rate(client, world).status_code == 303
    rate(client, world, stars="1")
    (rating,) = models.Rating.objects.all()
    assert (rating.stars, rating.words) == (4, "Дякую")
    page = world.client("receiver").get(address(world, "official_reception")).content.decode()
    assert "Оцінка людини: 4 з 5" in page
    assert "Оцініть прийом" not in case_page(world)


@pytest.mark.parametrize("stars", ["", "0", "6", "4.5", "٣", "x" * 5000])
def test_rating__is_a_number_from_1_to_5(world: World, stars: str) -> None:
    send(world.client("receiver"), world, "draft")
    client = citizen(world)
    answer = rate(client, world, stars=stars)
    assert "Виберіть число від 1 до 5." in client.get(answer["Location"]).content.decode()
    assert not models.Rating.objects.exists()


def test_rating__of_nobody_elses_reception(world: World) -> None:
    send(world.client("receiver"), world, "draft")
    client = Client()
    sign_in(client)
    assert rate(client, world).status_code in (303, 404)
    assert not models.Rating.objects.exists()


def test_again__fills_in_the_number(world: World) -> None:
    send(world.client("receiver"), world, "draft")
    client = citizen(world)
    models.Draft.objects.create(
        citizen=world.today.citizen, topic="Уже написане", created_at=NOW, updated_at=NOW
    )
    again = reverse("diia_videoreception:case_again", args=[world.today.public_id])
    answer = client.post(again)
    assert answer.status_code == 303
    official = world.official
    assert answer["Location"].endswith(f"?agency={official.agency.pk}&official={official.pk}#times")
    draft = models.Draft.objects.get()
    assert (draft.prior_number, draft.topic) == (world.today.number, "Уже написане")
    assert client.get(again).status_code == 405


def test_a_question_that_needs_consideration__wants_a_number_with_its_answer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    examine_inside(monkeypatch)
    client = world.client("receiver")
    send(client, world, "draft", outcome="needs_answer")
    task = models.AnswerTask.objects.get()
    assert (task.is_open, task.responsible) == (True, world.receiver)
    send(client, world, "letter", outcome="needs_answer")

    refused = send(client, world, "send")
    assert refused.status_code == 422
    assert Page(refused).field("number").is_invalid
    assert "Подайте нову довідку" in refused.content.decode()
    unsigned = send(client, world, "send", number="01-15/342")
    assert unsigned.status_code == 422
    assert "Зазначте, як підписано відповідь." in Page(unsigned).text
    assert Page(unsigned).field("number").value == "01-15/342"
    early = send(
        client, world, "send", number="01-15/342", **ON_PAPER | {"signed_on": "2020-01-01"}
    )
    assert Page(early).field("signed_on").is_invalid
    text = send(client, world, "text", number="01-15/342")
    assert "Подайте нову довідку" in b"".join(text.streaming_content).decode()
    no_scan = SimpleUploadedFile("скан.pdf", b"<html>")
    refused = send(client, world, "send", number="01-15/342", **ON_PAPER, scan=no_scan)
    assert Page(refused).field("scan").is_invalid
    scan = SimpleUploadedFile("скан.png", png())
    assert send(client, world, "send", number="01-15/342", **ON_PAPER, scan=scan).status_code == 303

    task.refresh_from_db()
    assert task.status == "answered"
    assert "Вихідний номер: 01-15/342" in case_page(world)
    assert "Підписано на папері: Коваленко Олена Петрівна" in case_page(world)
    assert "Завантажити відповідь із підписом" in case_page(world)
