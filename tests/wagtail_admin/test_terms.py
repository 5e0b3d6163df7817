"""«Строки»: a head sets them; the list, the page of a case and the home page tell what is late; extending."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception.checks import check_terms
from diia_videoreception.models import Agency, Application, Letter, Term, TermExtension
from diia_videoreception.rules.terms import TermKind
from tests.factories import ApplicationFactory
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import World
from tests.steps.terms import GROUND, REASON, set_term

LIST = reverse("videoreception_applications:index")
TERMS = reverse("videoreception_terms:index")
DAY = timedelta(days=1)
FORM = {
    "days": 5,
    "counting": "working",
    "legal_ground": GROUND,
    "extended_by": "head",
    "max_days": 10,
    "seen": 0,
}
pytestmark = pytest.mark.any_database


@pytest.fixture
def head(world: World) -> Client:
    return world.client("head")


@pytest.fixture
def late(world: World) -> Application:
    """One whose term passed two days ago."""
    return ApplicationFactory(official=world.official, start=NOW + 9 * DAY, decide_by=NOW - 2 * DAY)


def edit(world: World) -> str:
    return reverse("videoreception_terms:edit", args=[world.agency.pk, "decision"])


def case(application: Application, name: str = "inspect") -> str:
    return reverse(f"videoreception_applications:{name}", args=[application.public_id])


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_terms__are_not_filled_in_until_somebody_does(world: World, head: Client) -> None:
    before = text(head.get(TERMS))
    answer = head.post(edit(world), FORM)
    after = text(head.get(TERMS))

    assert before.count("не заповнено") == len(TermKind)
    assert world.foreign.agency.name not in before
    assert answer.status_code == 302
    assert after.count("не заповнено") == len(TermKind) - 1
    assert "5 робочих днів" in after
    assert "лише керівник установи: разом щонайбільше 10 робочих днів" in after
    assert GROUND in after


def test_no_number__is_offered_as_if_it_were_the_agencys(world: World, head: Client) -> None:
    page = Page(head.get(edit(world)))
    assert (page.field("days").value, page.field("max_days").value) == ("", "")


def test_a_wrong_term__comes_back_with_its_field(world: World, head: Client) -> None:
    answer = head.post(edit(world), FORM | {"max_days": 3})

    assert answer.status_code == 422
    assert "Із продовженням днів має бути більше" in text(answer)
    assert not Term.objects.exists()


def test_two_heads_at_once__the_second_is_told(world: World, head: Client) -> None:
    head.post(edit(world), FORM)
    answer = head.post(edit(world), FORM | {"days": 7})

    assert answer.status_code == 409
    assert Term.objects.get().days == 5


@pytest.mark.parametrize("who", ["moderator", "foreigner"])
def test_terms__are_for_the_head_of_the_agency(world: World, who: str) -> None:
    client = world.client(who)
    assert world.agency.name not in client.get(TERMS).content.decode()
    assert client.post(edit(world), FORM).status_code in {302, 404}
    assert not Term.objects.exists()


def test_an_agency_without_a_term__is_told_by_a_check(world: World, head: Client) -> None:
    Agency.objects.exclude(pk=world.agency.pk).update(is_connected=False)
    texts = [message.msg for message in check_terms(["default"])]
    named = f"The agency {world.agency.pk} has not filled in the term: "
    assert [text.partition(". ")[0] for text in texts] == [f"{named}{kind}" for kind in TermKind]
    head.post(edit(world), FORM)
    (left,) = check_terms(["default"])
    assert left.msg.startswith(f"{named}{TermKind.ANSWER}")
    assert check_terms() == [], "no question to the database unless it is asked for"


def test_what_is_late__stands_out_wherever_it_is_shown(world: World, late: Application) -> None:
    client = world.client("moderator")
    passed = "прострочено: 2 дні"

    only_late = text(client.get(LIST, {"waiting": "overdue"}))
    home = text(client.get(reverse("wagtailadmin_home")))

    assert "Усього: 1" in only_late
    assert late.number in only_late
    assert passed in only_late
    assert "Прострочено: 1" in home
    assert passed in home
    assert passed in text(client.get(case(late)))
    assert late.number not in text(world.client("foreigner").get(LIST, {"waiting": "overdue"}))


def test_nothing_late__says_nothing(world: World) -> None:
    assert "Прострочено" not in text(world.client("moderator").get(reverse("wagtailadmin_home")))


def test_extending__shows_the_letter_first(world: World) -> None:
    set_term(world.agency)
    Application.objects.filter(pk=world.submitted.pk).update(
        decide_by=NOW + DAY, start=NOW + 30 * DAY, end=NOW + 31 * DAY
    )
    client, where = world.client("moderator"), case(world.submitted, "extend")
    sent = {"version": 1, "days": 8, "reason": REASON}

    assert where in client.get(case(world.submitted)).content.decode()
    preview = client.post(where, sent | {"step": "preview"})
    assert "Установі потрібно більше часу на рішення" in text(preview)
    assert not TermExtension.objects.exists()
    done = client.post(where, sent | {"step": "extend"})

    assert done.status_code == 302
    assert TermExtension.objects.get().reason == REASON
    assert Letter.objects.filter(kind="term_extended").exists()
    assert "Строк рішення продовжено" in text(client.get(case(world.submitted)))


def test_a_term_that_nobody_extends__is_told_before_anything_is_typed(world: World) -> None:
    set_term(world.agency)
    Application.objects.filter(pk=world.submitted.pk).update(decide_by=NOW + DAY)
    client, where = world.client("moderator"), case(world.submitted, "extend")
    assert "5 робочих днів; разом щонайбільше 10" in text(client.get(where))
    world.agency.terms.update(max_days=None, extended_by="nobody")

    assert "Цей строк не можна продовжити" in text(client.get(where, follow=True))


@pytest.mark.parametrize("step", ["preview", "extend"])
def test_extending_too_far__is_told_at_the_field(world: World, step: str) -> None:
    set_term(world.agency)
    Application.objects.filter(pk=world.submitted.pk).update(decide_by=NOW + DAY)
    client = world.client("moderator")

    answer = client.post(
        case(world.submitted, "extend"), {"version": 1, "days": 11, "reason": REASON, "step": step}
    )

    assert answer.status_code == 422
    assert "щонайбільше 10 дн." in text(answer)
    assert REASON in text(answer), "what was written is handed back"


def test_what_only_the_head_extends__is_not_offered_to_a_moderator(
    world: World, head: Client
) -> None:
    set_term(world.agency, extended_by="head")
    Application.objects.filter(pk=world.submitted.pk).update(decide_by=NOW + DAY)
    where = case(world.submitted, "extend")

    assert where not in world.client("moderator").get(case(world.submitted)).content.decode()
    assert where in head.get(case(world.submitted)).content.decode()
    refused = world.client("moderator").post(
        where, {"version": 1, "days": 8, "reason": REASON, "step": "extend"}
    )
    assert refused.status_code == 409
    assert "лише керівник установи" in text(refused)


def test_a_suggested_number__is_told_as_to_be_confirmed_and_not_filled_in(
    world: World, head: Client
) -> None:
    page = head.get(reverse("videoreception_terms:edit", args=[world.agency.pk, "answer"]))
    assert "потребує підтвердження" in text(page)
    assert Page(page).field("days").value == ""
    option = 'option[value="reception"]'
    assert Page(page).has(option)
    assert not Page(head.get(edit(world))).has(option), "a decision comes before it"
