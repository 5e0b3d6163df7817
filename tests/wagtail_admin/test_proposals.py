"""A moderator proposes another time, sees what became of it, and takes it back."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from diia_videoreception.models import Application, Letter, Occupancy, Proposal
from diia_videoreception.services.letters.rendering import render_letter
from tests.factories import NOW, ApplicationFactory
from tests.harness.html import Page
from tests.steps import proposals
from tests.steps.admin import World
from tests.steps.reassigning import colleague_of

pytestmark = pytest.mark.any_database

OTHER = "2026-12-01T10:00:00+02:00"
SENT = {"version": 1, "start": OTHER, "week": "2026-11-30", "reason": "Засідання <уряду>."}


BUTTONS = {
    "Підтвердити…",
    "Запропонувати інший час",
    "Призначити погоджений час",
    "Відхилити заявку",
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


def propose(moderator: Client, application: Application, **changes: Any) -> Any:
    data = SENT | {"step": "confirm"} | changes
    return moderator.post(url("propose", application), data, follow=True)


def test_the_times__are_free_ones_beside_the_present(world: World, moderator: Client) -> None:
    page = moderator.get(url("propose", world.submitted))

    offered = Page(page).values("start")
    assert OTHER in offered
    assert "2026-12-01T09:00:00+02:00" not in offered, "its own time"
    assert "Новий час тримаємо за заявником до його відповіді." in text(page)


def test_what_is_too_near__is_not_offered(world: World, moderator: Client) -> None:
    proposed = Page(moderator.get(url("propose", world.submitted), {"week": "2026-11-23"}))
    agreed = Page(moderator.get(url("other_time", world.submitted), {"week": "2026-11-23"}))

    assert min(proposed.values("start")) == "2026-11-24T10:00:00+02:00", "24 hours after 10:00"
    assert min(agreed.values("start")) == "2026-11-23T10:30:00+02:00"


def test_the_letter__is_seen_before_it_is_sent(world: World, moderator: Client) -> None:
    page = Page(moderator.post(url("propose", world.submitted), SENT | {"step": "preview"}))

    assert "Ще нічого не надіслано." in page.text
    assert "Чекаємо відповіді до" in page.text
    assert not Proposal.objects.exists()
    shown = page.one("blockquote.vr-preview").text

    edit = Page(moderator.post(url("propose", world.submitted), SENT | {"step": "edit"}))
    assert edit.field("start").value == OTHER
    assert edit.field("reason").value.strip() == "Засідання <уряду>."

    done = propose(moderator, world.submitted)
    assert "Час запропоновано. Заявник отримає лист." in text(done)
    letter = Letter.objects.get(kind="proposal", copy_of=None)
    rendered = render_letter(letter, for_sending=True, now=NOW)
    assert rendered.subject in shown
    body = render_to_string("diia_videoreception/letters/body.html", {"letter": rendered})
    assert Page(body).text in shown
    entry = ModelLogEntry.objects.get(action="diia_videoreception.propose")
    assert (entry.user, entry.data) == (world.moderator, {})


def test_the_day_until_which_to_wait__stays_through_the_letter(
    world: World, moderator: Client
) -> None:
    chosen = SENT | {"answer_by": "2026-11-24", "step": "preview"}
    seen = Page(moderator.post(url("propose", world.submitted), chosen))

    assert ("Чекаємо відповіді до", "вівторок, 24 листопада 2026 року, 18:00") in seen.facts()
    sent = {"answer_by": seen.field("answer_by").value}
    propose(moderator, world.submitted, **sent)
    assert Proposal.objects.get().deadline == NOW + timedelta(hours=32)


def test_the_case__waits_for_the_answer(world: World, moderator: Client) -> None:
    page = propose(moderator, world.submitted)

    assert buttons_on(page) == {"Призначити погоджений час", "Відхилити заявку"}
    assert "Відкликати пропозицію" in text(page)
    shown = Page(page)
    assert "Чекаємо на відповідь заявника" in shown.text
    assert "Чекаємо до: середа, 25 листопада 2026 року, 10:00" in shown.text
    assert ("Причина", "Засідання <уряду>.") in shown.facts()
    assert "01.12.2026, 9:00 → 01.12.2026, 10:00" in shown.text


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"reason": "  "}, 422, "Напишіть причину"),
        ({"reason": "\u200b"}, 422, "Напишіть причину"),
        ({"start": "2026-12-02T09:00:00+02:00"}, 409, "Цей час щойно зайняли"),
        ({"start": "2026-12-01T09:00:00+02:00"}, 409, "Цей час щойно зайняли"),
        ({"start": "2026-11-24T09:00:00+02:00"}, 409, "До цього часу менше ніж 24 години"),
        ({"start": "2026-12-01T03:00:00+02:00"}, 409, "не веде прийом"),
        ({"start": "вчора"}, 422, "Виберіть час"),
        ({"version": 7}, 409, "Заявка змінилася"),
    ],
)
def test_what_cannot_be_proposed__is_said_and_what_was_typed_stays(
    world: World, moderator: Client, changes: dict[str, Any], status: int, said: str
) -> None:
    steps = ["confirm"] if "version" in changes else ["preview", "confirm"]
    for step in steps:
        sent = SENT | {"step": step} | changes
        answer = moderator.post(url("propose", world.submitted), sent)

        assert (answer.status_code, said in text(answer)) == (status, True), step
        assert Page(answer).field("reason").value.strip() == sent["reason"].strip()
    assert not Proposal.objects.exists()
    assert Occupancy.objects.filter(application=world.submitted).count() == 1


def test_an_agreed_time__needs_the_tick(world: World, moderator: Client) -> None:
    sent = {"version": 1, "start": OTHER, "week": "2026-11-30", "step": "confirm"}
    answer = moderator.post(url("other_time", world.submitted), sent)

    assert answer.status_code == 422
    assert "Спершу погодьте час із заявником або запропонуйте його." in text(answer)
    assert Application.objects.get(pk=world.submitted.pk).state == "submitted"


def test_wishes__are_read_on_the_case(world: World, moderator: Client) -> None:
    propose(moderator, world.submitted)
    proposal = Proposal.objects.get()
    proposals.answer("refuse", proposal, day_parts=["morning"], wishes="Крім <середи>")

    page = Page(moderator.get(url("inspect", world.submitted)))

    assert "Заявник відмовився від запропонованого часу." in page.text
    assert "зранку, 9:00–12:00" in page.text
    assert "Крім <середи>" in page.text
    assert "Підтвердити…" in buttons_on(moderator.get(url("inspect", world.submitted)))


def test_an_unanswered_one__is_told_apart(
    world: World, moderator: Client, time_machine: Any
) -> None:
    propose(moderator, world.submitted)
    time_machine.move_to(NOW + timedelta(hours=48), tick=False)

    page = world.client("moderator").get(url("inspect", world.submitted))

    assert "Заявник не відповів." in text(page)
    assert "Підтвердити…" in buttons_on(page)


def test_withdrawing__asks_first(world: World, moderator: Client) -> None:
    closed = moderator.get(url("withdraw", world.submitted), follow=True)
    assert "Заявка змінилася" in text(closed), "there is nothing to withdraw"
    propose(moderator, world.submitted)

    asked = text(moderator.get(url("withdraw", world.submitted)))
    assert "Відкликати і надіслати лист" in asked
    assert Occupancy.objects.filter(kind="proposal").exists()

    done = moderator.post(url("withdraw", world.submitted), {"version": 2}, follow=True)
    assert "Пропозицію відкликано. Заявник отримає лист." in text(done)
    assert not Occupancy.objects.filter(kind="proposal").exists()


def test_the_list__tells_what_waits_for_the_citizen_and_what_comes_back(
    world: World, moderator: Client, time_machine: Any
) -> None:
    where, own = reverse("videoreception_applications:index_results"), world.submitted.number

    def found(value: str, client: Client = moderator) -> bool:
        return own in text(client.get(where, {"proposed": value}))

    assert not found("open")
    assert not found("back")
    propose(moderator, world.submitted)
    assert found("open")
    assert not found("back")
    assert "подано, запропоновано інший час" in text(moderator.get(where))

    time_machine.move_to(NOW + timedelta(hours=48), tick=False)
    later = world.client("moderator")
    assert not found("open", later)
    assert found("back", later), "nobody has to have noted that it expired"
    assert "запропоновано інший час" not in text(later.get(where))


def test_another_officials_times__are_chosen_and_read_in_the_letter(
    world: World, moderator: Client
) -> None:
    other = colleague_of(world.official)
    ApplicationFactory(official=other, start=world.submitted.start + timedelta(minutes=90))
    shown = {"week": "2026-11-30", "official": other.pk}
    page = Page(moderator.get(url("propose", world.submitted), shown))
    offered = page.values("start")
    assert OTHER in offered
    assert world.submitted.start.astimezone(ZoneInfo("Europe/Kyiv")).isoformat() not in offered
    assert f"Якщо людина погодиться, прийматиме {other.full_name}." in page.text
    assert page.values("official").count(str(other.pk)) == 2, "in the list, and sent along"

    sent = SENT | {"official": other.pk}
    preview = Page(moderator.post(url("propose", world.submitted), sent | {"step": "preview"}))

    assert f"Хто Вас тоді прийме {other.full_name}" in preview.one("blockquote.vr-preview").text
    assert preview.field("official").value == str(other.pk)
    answer = moderator.post(
        url("propose", world.submitted), sent | {"step": "confirm"}, follow=True
    )
    assert Proposal.objects.get().official == other
    assert f"Хто тоді прийме {other.full_name}" in Page(answer).text


@pytest.mark.parametrize("who", ["foreign", "resting", "nonsense"])
def test_nobody_elses_time__is_proposed_instead_of_one_who_cannot(
    world: World, moderator: Client, who: str
) -> None:
    resting = colleague_of(world.official)
    resting.receives = False
    resting.save()
    named = {"foreign": world.foreign.official_id, "resting": resting.pk, "nonsense": "x"}[who]

    for step in ("preview", "confirm"):
        answer = moderator.post(
            url("propose", world.submitted), SENT | {"official": named, "step": step}
        )
        assert answer.status_code == 409
        assert (
            "Ця посадова особа зараз не проводить відеоприйоми. Виберіть, будь ласка, іншу."
            in Page(answer).text
        )

    assert not Proposal.objects.exists()
