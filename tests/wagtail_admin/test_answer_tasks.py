"""An answer that is to come, at the screens: the case of a moderator, the form of the official, the cabinet."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import AnswerTask, Application, Letter
from tests.harness.clock import NOW
from tests.steps.admin import World
from tests.steps.people import sign_in
from tests.steps.terms import REASON, set_term

LIST = reverse("videoreception_applications:index")
DAY = timedelta(days=1)
BODY = "Пенсійний фонд України"
pytestmark = pytest.mark.any_database


@pytest.fixture
def moderator(world: World) -> Client:
    set_term(world.agency, kind="answer", counts_from="reception", days=20, max_days=30)
    return world.client("moderator")


def address(world: World, name: str = "inspect") -> str:
    return reverse(f"videoreception_applications:{name}", args=[world.held.public_id])


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def needs_answer(world: World, client: Client) -> AnswerTask:
    version = Application.objects.get(pk=world.held.pk).version
    client.post(address(world, "outcome"), {"version": version, "outcome": "needs_answer"})
    return AnswerTask.objects.get()


def cabinet(world: World) -> str:
    client = Client()
    sign_in(client, world.held.citizen)
    return text(client.get(reverse("diia_videoreception:case", args=[world.held.public_id])))


def test_a_moderator__opens_it_and_everybody_sees_until_when(
    world: World, moderator: Client
) -> None:
    task = needs_answer(world, moderator)
    page = text(moderator.get(address(world)))

    assert task.due is not None
    assert "очікується відповідь" in page
    assert "Відповідь потрібна до" in page or "Відповісти" in page
    assert "Установа розглядає Ваше питання далі" in cabinet(world)
    assert "Очікуються відповіді після прийому: 1" in text(
        moderator.get(reverse("wagtailadmin_home"))
    )
    assert world.held.number in text(moderator.get(LIST, {"waiting": "answer"}))
    assert world.held.number not in text(moderator.get(LIST, {"waiting": "answer_overdue"}))


def test_what_is_late__stands_out(world: World, moderator: Client) -> None:
    needs_answer(world, moderator)
    AnswerTask.objects.update(due=NOW - 2 * DAY)

    assert "прострочено: 2 дні" in text(moderator.get(address(world)))
    assert world.held.number in text(moderator.get(LIST, {"waiting": "answer_overdue"}))
    assert "Прострочено відповіді після прийому: 1" in text(
        moderator.get(reverse("wagtailadmin_home"))
    )


def test_passing_on__shows_the_letter_first(world: World, moderator: Client) -> None:
    task = needs_answer(world, moderator)
    sent = {"version": task.version, "body": BODY, "reason": REASON}

    preview = text(moderator.post(address(world, "pass_on"), sent | {"step": "preview"}))
    assert "На Ваше питання відповість інший орган" in preview
    assert not Letter.objects.filter(kind="passed_on").exists()
    done = moderator.post(address(world, "pass_on"), sent | {"step": "act"})

    assert done.status_code == 302
    assert Letter.objects.filter(kind="passed_on").exists()
    assert BODY in cabinet(world)
    assert BODY in text(moderator.get(address(world)))


def test_what_is_passed_on__has_no_day_of_ours_any_more(world: World, moderator: Client) -> None:
    task = needs_answer(world, moderator)
    Letter.objects.filter(kind="answer_to_come").update(
        state="failed", error_kind="out_of_date", next_attempt_at=None
    )
    assert "Відповісти не пізніше " in text(moderator.get(address(world)))
    sent = {"version": task.version, "body": BODY, "reason": REASON, "step": "act"}
    moderator.post(address(world, "pass_on"), sent)

    page, card = text(moderator.get(address(world))), text(moderator.get(address(world, "card")))

    assert BODY in page
    assert "Відповісти не пізніше " not in page
    assert "не дійшов до заявника" not in page, (
        "nobody is to be told of an answer that does not come"
    )
    assert BODY in card
    assert f"до {task.due:%d.%m.%Y}" not in card


def test_a_responsible_person__is_chosen_from_the_agency(world: World, moderator: Client) -> None:
    task = needs_answer(world, moderator)
    page = text(moderator.get(address(world, "assign_answer")))
    assert world.moderator.first_name in page
    assert world.foreigner.first_name not in page

    sent = {"version": task.version, "responsible": world.moderator.pk}
    assert moderator.post(address(world, "assign_answer"), sent).status_code == 302
    foreign = sent | {"version": task.version + 1, "responsible": world.foreigner.pk}
    assert moderator.post(address(world, "assign_answer"), foreign).status_code == 422
    task.refresh_from_db()
    assert task.responsible == world.moderator


def test_the_term__is_extended_with_the_letter_seen(world: World, moderator: Client) -> None:
    task = needs_answer(world, moderator)
    sent = {"version": task.version, "days": 25, "reason": REASON}
    where = address(world, "extend_answer")

    preview = text(moderator.post(where, sent | {"step": "preview"}))
    assert "Установі потрібно більше часу на відповідь" in preview
    assert moderator.post(where, sent | {"step": "extend"}).status_code == 302
    was = task.due
    task.refresh_from_db()
    assert was is not None
    assert task.due is not None
    assert task.due > was


@pytest.mark.parametrize("name", ["assign_answer", "extend_answer", "pass_on"])
def test_where_no_answer_is_to_come__there_is_nothing_to_do(
    world: World, moderator: Client, name: str
) -> None:
    assert "Заявка змінилася." in text(moderator.get(address(world, name), follow=True))
