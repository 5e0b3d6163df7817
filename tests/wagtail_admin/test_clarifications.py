"""A moderator asks the citizen, reads the answer on the case, and does not wait if they do not want to."""

from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from diia_videoreception.models import Application, Clarification, Letter
from diia_videoreception.services.booking import reply_documents
from diia_videoreception.services.letters.rendering import render_letter
from tests.factories import NOW, signed_in
from tests.harness.html import Page
from tests.steps import clarifications
from tests.steps.admin import World
from tests.steps.clarifications import REPLY
from tests.steps.inspection import examine_inside
from tests.steps.samples import png

pytestmark = pytest.mark.any_database

SENT = {"version": 1, "question": "Хто <ухвалив> рішення?"}
BUTTONS = {
    "Підтвердити…",
    "Запропонувати інший час",
    "Запитати уточнення",
    "Призначити погоджений час",
    "Відхилити заявку",
    "Не чекати, прийняти рішення зараз",
}


def url(name: str, application: Application) -> str:
    return reverse(f"videoreception_applications:{name}", args=[application.public_id])


def text(response: Any) -> str:
    return str(response.content.decode())


def buttons_on(response: Any) -> set[str]:
    return set(Page(response).texts("a.button, button.button")) & BUTTONS


@pytest.fixture
def moderator(world: World) -> Client:
    return world.client("moderator")


def ask(moderator: Client, application: Application, **changes: Any) -> Any:
    return moderator.post(url("ask", application), SENT | {"step": "ask"} | changes, follow=True)


def test_the_letter__is_seen_before_it_is_sent(world: World, moderator: Client) -> None:
    empty = text(moderator.get(url("ask", world.submitted)))
    assert "Поки чекаємо, час залишається за людиною." in empty

    page = Page(moderator.post(url("ask", world.submitted), SENT | {"step": "preview"}))
    assert "Ще нічого не надіслано." in page.text
    assert ("Чекаємо відповіді до", "середа, 25 листопада 2026 року, 10:00") in page.facts()
    assert "заявка повернеться до Вас на рішення" in page.text
    assert not Clarification.objects.exists()
    shown = page.one("blockquote.vr-preview").text

    edit = Page(moderator.post(url("ask", world.submitted), SENT | {"step": "edit"}))
    assert edit.field("question").value.strip() == SENT["question"]

    done = ask(moderator, world.submitted)
    assert "Запитання надіслано. Заявник отримає лист." in text(done)
    letter = Letter.objects.get(kind="clarification", copy_of=None)
    rendered = render_letter(letter, for_sending=True, now=NOW)
    assert rendered.subject in shown
    body = render_to_string("diia_videoreception/letters/body.html", {"letter": rendered})
    assert Page(body).text in shown
    entry = ModelLogEntry.objects.get(action="diia_videoreception.ask_clarification")
    assert (entry.user, entry.data) == (world.moderator, {})


def test_the_day_until_which_to_wait__is_chosen_and_stays_through_the_letter(
    world: World, moderator: Client
) -> None:
    page = Page(moderator.get(url("ask", world.submitted)))
    assert page.texts("select[name=answer_by] option") == [
        "середа, 25 листопада 2026 року, 10:00 (найпізніше)",
        "вівторок, 24 листопада 2026 року, 18:00",
    ]
    chosen = SENT | {"answer_by": "2026-11-24"}

    seen = Page(moderator.post(url("ask", world.submitted), chosen | {"step": "preview"}))
    assert ("Чекаємо відповіді до", "вівторок, 24 листопада 2026 року, 18:00") in seen.facts()
    assert "24 листопада 2026 року, 18:00" in seen.one("blockquote.vr-preview").text
    assert seen.field("answer_by").value == "2026-11-24"
    closed = moderator.post(url("ask", world.submitted), SENT | {"answer_by": "2026-11-28"})
    assert (closed.status_code, "Виберіть інший" in text(closed)) == (422, True)

    ask(moderator, world.submitted, answer_by="2026-11-24")
    assert Clarification.objects.get().deadline == NOW + timedelta(hours=32)


def test_the_case__waits_for_the_answer(world: World, moderator: Client) -> None:
    page = ask(moderator, world.submitted)

    assert buttons_on(page) == {"Не чекати, прийняти рішення зараз"}
    shown = Page(page)
    assert "Чекаємо уточнення" in shown.text
    assert "Чекаємо до: середа, 25 листопада 2026 року, 10:00" in shown.text
    assert "Хто <ухвалив> рішення?" in shown.text
    assert "потрібне уточнення" in shown.text


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"question": "  "}, 422, "Напишіть запитання"),
        ({"question": "\u200b"}, 422, "Напишіть запитання"),
        ({"question": "а" * 100_000}, 422, "2000"),
        ({"version": 7}, 409, "Заявка змінилася"),
    ],
)
def test_what_cannot_be_asked__is_said_and_what_was_typed_stays(
    world: World, moderator: Client, changes: dict[str, Any], status: int, said: str
) -> None:
    sent = SENT | {"step": "ask"} | changes
    answer = moderator.post(url("ask", world.submitted), sent)

    assert (answer.status_code, said in text(answer)) == (status, True)
    assert Page(answer).field("question").value.strip() == sent["question"].strip()
    assert not Clarification.objects.exists()


def test_asking_twice__is_refused_and_the_text_stays(world: World, moderator: Client) -> None:
    ask(moderator, world.submitted)

    answer = moderator.post(url("ask", world.submitted), SENT | {"step": "ask"})

    assert answer.status_code == 409
    assert "Зараз про цю заявку не можна запитати. Ваш текст нижче." in text(answer)
    assert Page(answer).field("question").value.strip() == SENT["question"]
    confirm = moderator.get(url("confirm", world.submitted), follow=True)
    assert "Заявка змінилася" in text(confirm)


def test_the_answer__is_read_on_the_case_with_its_documents(
    world: World, moderator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    examine_inside(monkeypatch)
    asked = clarifications.ask(world.submitted, world.moderator)
    document = reply_documents.add(
        actor=signed_in(world.submitted.citizen),
        public_id=world.submitted.public_id,
        question_id=asked.public_id,
        data=png(),
        filename="Рішення.png",
        now=NOW,
    )
    address = reverse(
        "videoreception_applications:document",
        args=[world.submitted.public_id, document.public_id],
    )
    assert "Рішення.png" not in text(moderator.get(url("inspect", world.submitted)))
    assert moderator.get(address).status_code == 404, "not sent yet"
    clarifications.reply(asked, text=f"{REPLY} <обидва>")

    response = moderator.get(url("inspect", world.submitted))

    page = Page(response)
    assert f"{REPLY} <обидва>" in page.text
    assert page.texts("a").count("Рішення.png") == 2
    assert moderator.get(address).status_code == 200
    assert "Підтвердити…" in buttons_on(response)


def test_without_an_answer__the_case_can_be_decided_at_once(
    world: World, moderator: Client, time_machine: Any
) -> None:
    ask(moderator, world.submitted)
    time_machine.move_to(NOW + timedelta(hours=48), tick=False)

    response = world.client("moderator").get(url("inspect", world.submitted))

    assert "не відповіли вчасно" in Page(response).text
    assert {"Підтвердити…", "Запитати уточнення", "Відхилити заявку"} <= buttons_on(response)
    again = ask(world.client("moderator"), world.submitted, version=2)
    assert "Запитання надіслано" in text(again)
    assert Clarification.objects.filter(outcome="expired").count() == 1


def test_withdrawing__asks_first(world: World, moderator: Client) -> None:
    closed = moderator.get(url("withdraw_question", world.submitted), follow=True)
    assert "Заявка змінилася" in text(closed), "there is nothing to withdraw"
    ask(moderator, world.submitted)

    asked = text(moderator.get(url("withdraw_question", world.submitted)))
    assert "Відкликати запитання і надіслати лист" in asked

    done = moderator.post(url("withdraw_question", world.submitted), {"version": 2}, follow=True)
    assert "Запитання відкликано. Заявник отримає лист." in text(done)
    assert "Підтвердити…" in buttons_on(done)


def test_the_list_and_the_home_page__tell_what_waits_for_the_citizen_and_what_comes_back(
    world: World, moderator: Client, time_machine: Any
) -> None:
    where, own = reverse("videoreception_applications:index_results"), world.submitted.number
    home = reverse("wagtailadmin_home")
    waits = "чекає на відповідь заявника на запитання"

    def found(client: Client, **filters: str) -> bool:
        return own in text(client.get(where, filters))

    assert not found(moderator, asked="open")
    assert not found(moderator, asked="back")
    ask(moderator, world.submitted)
    assert found(moderator, asked="open")
    assert found(moderator, state="clarification")
    assert not found(moderator, asked="back")
    assert not found(moderator, waiting="yes")
    assert "потрібне уточнення" in text(moderator.get(where))
    assert waits in text(moderator.get(home))

    time_machine.move_to(NOW + timedelta(hours=48), tick=False)
    later = world.client("moderator")
    assert not found(later, asked="open")
    assert found(later, asked="back"), "nobody has to have noted that it expired"
    assert found(later, waiting="yes")
    assert waits not in text(later.get(home))
