"""«Що зміниться»: a schedule or an absence over applications is saved only with a choice for each."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception import models
from tests import factories
from tests.harness.clock import NOW, START
from tests.harness.html import Page
from tests.steps.admin import World
from tests.wagtail_admin.worlds import absence_form, exception_form, rule_form

HALF_HOUR = timedelta(minutes=30)
MAX_QUERIES = 45
"""Of a page with one application that is touched, the other time for it included."""


@pytest.fixture
def moderator(world: World) -> Client:
    return world.client("moderator")


def over(world: World, **changes: Any) -> dict[str, Any]:
    """An absence over the submitted application."""
    times = {"start": "2026-12-01 08:00", "end": "2026-12-01 12:00"}
    return absence_form(world) | times | changes


def chosen(page: Page, choice: str, **changes: Any) -> dict[str, Any]:
    """What the page sends when this is chosen for all."""
    sent = page.form("what-changes").hidden()
    names = {field.name for field in page.fields() if field.name.startswith("touched-")}
    choices = {name: choice for name in names if "-" in name.removeprefix("touched-")}
    return sent | choices | {"touched-why": "Відрядження.", "touched-step": "apply"} | changes


ADD = reverse("videoreception_absences:add")


def test_an_absence_over_an_application__is_shown_first(world: World, moderator: Client) -> None:
    page = Page(moderator.post(ADD, over(world)))
    assert "Ще нічого не збережено" in page.text
    assert "Зміна зачепить 1 заявку" in page.text
    assert "Запропонувати інший час: 01.12.2026, 12:00" in page.text
    assert page.leads_to(
        reverse("videoreception_applications:inspect", args=[world.submitted.public_id])
    )
    assert models.Absence.objects.get() == world.absence

    answer = moderator.post(ADD, chosen(page, "propose"))
    assert answer.status_code == 302
    assert models.Absence.objects.count() == 2
    assert models.Proposal.objects.get().reason == "Відрядження."


def test_letters__are_shown_as_they_would_be_sent(world: World, moderator: Client) -> None:
    second = factories.ApplicationFactory(official=world.official, start=START + HALF_HOUR)
    page = Page(moderator.post(ADD, over(world)))
    choices = {
        f"touched-{world.submitted.public_id}": "propose",
        f"touched-{second.public_id}": "cancel",
    }
    sent = page.form("what-changes").hidden() | choices | {"touched-why": "Відрядження."}
    shown = Page(moderator.post(ADD, sent | {"touched-step": "letters"}))
    letters = shown.one("#letters").text
    assert "Запропонувати найближчий інший час (1)" in letters
    assert "Скасувати з листом (1)" in letters
    assert letters.count("Відрядження.") == 2
    assert world.submitted.letters_address in letters
    assert "01.12.2026, 12:00" in letters or "1 грудня" in letters
    kept = shown.all("input[type=radio][checked]")
    assert {one.attribute("value") for one in kept} == {"propose", "cancel"}
    assert models.Absence.objects.get() == world.absence, "nothing is saved"
    kinds = models.Letter.objects.filter(created_at__gte=NOW)
    assert not kinds.filter(kind__in=["proposal", "declined"]).exists()

    sent = shown.form("what-changes").hidden() | choices | {"touched-why": "Відрядження."}
    assert moderator.post(ADD, sent | {"touched-step": "apply"}).status_code == 302
    told = models.Letter.objects.filter(kind__in=["proposal", "declined"], copy_of=None)
    assert sorted(told.values_list("kind", flat=True)) == ["declined", "proposal"]


def test_letters__need_the_explanation_and_are_none_where_all_keep(
    world: World, moderator: Client
) -> None:
    page = Page(moderator.post(ADD, over(world)))
    asked = {"touched-step": "letters", "touched-why": " "}
    answer = moderator.post(ADD, chosen(page, "cancel", **asked))
    assert answer.status_code == 400
    assert "Напишіть причину" in Page(answer).text
    answer = moderator.post(ADD, chosen(page, "keep", **asked))
    assert answer.status_code == 200
    assert "Жодного листа не буде" in Page(answer).text


def test_the_same__is_chosen_for_all_for_whom_it_is_possible(
    world: World, moderator: Client
) -> None:
    factories.ApplicationFactory(official=world.official, start=START + HALF_HOUR)
    page = Page(moderator.post(ADD, over(world)))
    sent = page.form("what-changes").hidden() | {"touched-why": "Моє пояснення"}
    answer = moderator.post(ADD, sent | {"touched-step": "all", "touched-all": "cancel"})
    again = Page(answer)
    assert "Моє пояснення" in again.text
    assert len(again.all("input[type=radio][value=cancel][checked]")) == 2
    odd = moderator.post(ADD, sent | {"touched-step": "all", "touched-all": "odd"})
    assert not Page(odd).has("input[type=radio][checked]")
    assert models.Absence.objects.get() == world.absence


def test_going_back__keeps_what_was_filled_in(world: World, moderator: Client) -> None:
    page = Page(moderator.post(ADD, over(world, reason="нарада в області")))
    again = Page(moderator.post(ADD, chosen(page, "keep", **{"touched-step": "edit"})))
    assert again.field("reason").value == "нарада в області"
    assert models.Absence.objects.get() == world.absence


def test_without_a_choice__the_page_asks_again(world: World, moderator: Client) -> None:
    page = Page(moderator.post(ADD, over(world)))
    sent = chosen(page, "propose")
    name = f"touched-{world.submitted.public_id}"
    for wrong in ("", "withdraw", "odd"):
        answer = moderator.post(ADD, sent | {name: wrong, "touched-why": "Моє пояснення"})
        assert answer.status_code == 400
        assert "Виберіть, що робити з кожною заявкою" in Page(answer).text
        assert "Моє пояснення" in Page(answer).text
    assert models.Absence.objects.get() == world.absence


def test_what_changed_meanwhile__is_shown_anew(world: World, moderator: Client) -> None:
    page = Page(moderator.post(ADD, over(world)))
    late = factories.ApplicationFactory(official=world.official, start=START)
    answer = moderator.post(ADD, chosen(page, "cancel"))
    assert answer.status_code == 409
    assert "Тим часом щось змінилося" in Page(answer).text
    assert late.number in Page(answer).text
    world.submitted.refresh_from_db()
    assert world.submitted.state == "submitted"


@pytest.mark.parametrize("name", ["schedule_rules", "schedule_exceptions"])
def test_schedules__are_saved_and_deleted_with_a_choice(
    world: World, moderator: Client, name: str
) -> None:
    if name == "schedule_rules":
        where, sent = "edit", rule_form(world) | {"weekdays": ["MO"], "valid_from": "2026-01-05"}
        address = reverse(f"videoreception_{name}:edit", args=[world.rule.pk])
    else:
        where, sent = "add", exception_form(world) | {"date": "2026-12-01"}
        address = reverse(f"videoreception_{name}:add")
    page = Page(moderator.post(address, sent))
    assert world.submitted.number in page.text, where
    assert moderator.post(address, chosen(page, "keep")).status_code == 302


def test_deleting_hours__is_shown_first(world: World, moderator: Client) -> None:
    address = reverse("videoreception_schedule_rules:delete", args=[world.rule.pk])
    page = Page(moderator.post(address))
    assert "Видалити і надіслати листи" in page.text
    assert models.ScheduleRule.objects.filter(pk=world.rule.pk).exists()
    assert moderator.post(address, chosen(page, "", **{"touched-step": "edit"})).status_code == 302
    assert models.ScheduleRule.objects.filter(pk=world.rule.pk).exists()
    answer = moderator.post(address, chosen(page, "keep"))
    assert answer.status_code == 302
    assert not models.ScheduleRule.objects.filter(pk=world.rule.pk).exists()
    world.submitted.refresh_from_db()
    assert world.submitted.state == "submitted"


def test_a_held_time__is_told_in_the_form(world: World, moderator: Client) -> None:
    models.Occupancy.objects.create(
        kind="hold",
        official=world.official,
        citizen=factories.CitizenFactory(),
        start=START,
        end=START.replace(hour=9),
        created_at=START.replace(month=11, day=23, hour=8, minute=0),
        expires_at=START.replace(month=11, day=23, hour=8, minute=15),
    )
    page = Page(moderator.post(ADD, over(world, start="2026-12-01 10:00")))
    assert "До 10:15" in page.text
    assert models.Absence.objects.get() == world.absence


def test_the_page__takes_few_queries(
    world: World, moderator: Client, django_assert_max_num_queries: Any
) -> None:
    moderator.get(ADD)
    with django_assert_max_num_queries(MAX_QUERIES):
        moderator.post(ADD, over(world))


def test_a_stranger__learns_nothing(world: World) -> None:
    answer = world.client("foreigner").post(ADD, over(world))
    assert world.submitted.number not in Page(answer).text
    assert models.Absence.objects.get() == world.absence
