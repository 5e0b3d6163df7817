"""A moderator sees what the citizen has corrected, and decides nothing on what was before."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diia_videoreception.models import Application, Document
from tests.factories import NOW
from tests.harness.html import Page
from tests.steps.admin import World
from tests.steps.corrections import CORRECTED, add_to_correction, correct
from tests.steps.inspection import examine_inside
from tests.steps.written_answers import ANSWER, NUMBER, ON_PAPER

pytestmark = pytest.mark.any_database

LIST = reverse("videoreception_applications:index_results")
MARK = "виправлено заявником"
WRITTEN = {"text": ANSWER, "outgoing_number": NUMBER}


def url(name: str, application: Application) -> str:
    return reverse(f"videoreception_applications:{name}", args=[application.public_id])


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def moderator(world: World) -> Client:
    return world.client("moderator")


def test_the_case_and_the_list__are_marked_until_somebody_has_read(
    world: World, moderator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    examine_inside(monkeypatch)
    filed = world.submitted.topic
    replaced = Document.objects.get(pk=world.document.pk)
    add_to_correction(world.submitted, "Нова.png")
    correct(world.submitted, replaced=[replaced.public_id])

    page = Page(moderator.get(url("inspect", world.submitted)))
    assert MARK in page.text
    assert (CORRECTED in page.text, filed in page.text) == (True, True)
    assert "замінено" in page.text
    assert page.texts("a").count("Нова.png") == 2
    assert MARK in text(moderator.get(LIST))
    only = Page(moderator.get(LIST, {"waiting": "corrected"})).text
    assert (world.submitted.number in only, world.confirmed.number in only) == (True, False)

    done = moderator.post(url("read_correction", world.submitted), {"version": 2}, follow=True)

    assert "Заявку більше не позначено як виправлену." in text(done)
    assert "Зміни прочитано" not in text(done)
    assert filed in text(done), "both stay to be read"
    assert MARK not in text(moderator.get(LIST))
    none = moderator.get(LIST, {"waiting": "corrected"})
    assert world.submitted.number not in text(none)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("confirm", {}),
        ("decline", {"words": "Не наше питання.", "step": "decline"}),
        ("ask", {"question": "Коли?", "step": "ask"}),
        ("answer", WRITTEN | ON_PAPER | {"step": "send"}),
        ("read_correction", {}),
        # What is only looked at, or typed wrongly, would bring the page up to date unnoticed.
        ("decline", {"words": "Не наше питання.", "step": "preview"}),
        ("decline", {"words": "", "step": "preview"}),
        ("decline", {"words": "Не наше питання.", "step": "edit"}),
        ("ask", {"question": "Коли?", "step": "preview"}),
        ("answer", WRITTEN | {"step": "preview"}),
        ("reassign", {"official": "", "step": "preview"}),
    ],
)
def test_a_page_of_before__decides_nothing_and_says_why(
    world: World, moderator: Client, name: str, sent: dict[str, str]
) -> None:
    correct(world.submitted)

    answer = moderator.post(url(name, world.submitted), {"version": 1} | sent, follow=True)

    assert "Заявник виправив заявку: 23.11.2026, 10:00." in text(answer)
    application = Application.objects.get(pk=world.submitted.pk)
    assert (application.state, application.corrected_at) == ("submitted", NOW)


@pytest.mark.parametrize("name", ["confirm", "decline", "ask", "other_time", "answer"])
def test_the_page_of_an_act__tells_who_may_not_have_read_it(
    world: World, moderator: Client, name: str
) -> None:
    said = "Заявник виправив заявку: 23.11.2026, 10:00."
    assert said not in text(moderator.get(url(name, world.submitted)))
    correct(world.submitted)

    page = Page(moderator.get(url(name, world.submitted)))

    assert said in page.text
    there = f"{url('inspect', world.submitted)}#corrections-section"
    assert there in [link.attribute("href") for link in page.all("a")]
    moderator.post(url("read_correction", world.submitted), {"version": 2})
    assert said not in text(moderator.get(url(name, world.submitted)))


def test_what_is_printed__says_what_was_replaced_and_is_not_signed(
    world: World, moderator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    examine_inside(monkeypatch)
    add_to_correction(world.submitted, "Нова.png")
    correct(world.submitted, replaced=[world.document.public_id])
    world.submitted.corrections.update(is_after_signature=True)

    printed = Page(moderator.get(url("print", world.submitted))).text

    assert f"{world.document.name}, 1 КБ (замінено)" in printed
    assert "Що заявник виправив після цього, не підписано." in printed


def test_a_decision__reads_the_correction(world: World, moderator: Client) -> None:
    correct(world.submitted)

    moderator.post(url("confirm", world.submitted), {"version": 2})

    application = Application.objects.get(pk=world.submitted.pk)
    assert (application.state, application.corrected_at) == ("confirmed", None)


def test_case_with_a_correction__takes_few_more_queries(
    world: World, moderator: Client, django_assert_max_num_queries: Any
) -> None:
    where = url("inspect", world.submitted)
    moderator.get(where)
    with CaptureQueriesContext(connection) as without:
        moderator.get(where)
    correct(world.submitted)

    # The corrections, what came with them and what went.
    with django_assert_max_num_queries(len(without) + 3):
        assert moderator.get(where).status_code == 200
