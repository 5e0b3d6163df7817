"""The head ends a consideration and sees the letter first; moderators are not offered it."""

from typing import Any

from django.test import Client
from django.urls import reverse

from diia_videoreception.models import Application
from tests.harness.html import Page
from tests.steps.admin import World
from tests.steps.closing import LAW, WHY
from tests.steps.people import sign_in

SENT: dict[str, Any] = {
    "version": 1,
    "ground": "repeated",
    "earlier_number": "08-12/<7>",
    "reason": WHY,
    "legal_ground": LAW,
}
BUTTON = "Припинити розгляд"


def url(name: str, application: Application) -> str:
    return reverse(f"videoreception_applications:{name}", args=[application.public_id])


def test_the_head__sees_the_letter_and_ends_the_consideration(world: World) -> None:
    head = world.client("head")
    case, where = url("inspect", world.submitted), url("end_consideration", world.submitted)
    assert BUTTON in Page(head.get(case)).texts("a.button")
    assert "стаття 8 Закону України" in Page(head.get(where)).text

    preview = Page(head.post(where, SENT | {"step": "preview"}))
    assert "08-12/<7>" in preview.one("blockquote.vr-preview").text
    edit = Page(head.post(where, SENT | {"step": "edit"}))
    assert edit.field("earlier_number").value == "08-12/<7>"
    for wrong in ({"ground": ""}, {"reason": " "}, {"legal_ground": ""}, {"earlier_number": ""}):
        assert head.post(where, SENT | wrong | {"step": "end"}).status_code == 422
    assert head.post(where, SENT | {"version": 7, "step": "end"}).status_code == 409
    assert Application.objects.get(pk=world.submitted.pk).state == "submitted"

    done = Page(head.post(where, SENT | {"step": "end"}, follow=True))
    assert "Розгляд припинено. Ми надішлемо заявникові лист." in done.text
    assert "повторна заявка: 08-12/<7>" in done.text
    assert BUTTON not in done.texts("a.button")


def test_a_moderator__is_not_offered_it_and_refused(world: World) -> None:
    moderator = world.client("moderator")
    assert BUTTON not in Page(moderator.get(url("inspect", world.submitted))).texts("a.button")
    where = url("end_consideration", world.submitted)
    for step in ("preview", "end"):
        answer = moderator.post(where, SENT | {"step": step})
        assert answer.status_code == 409
        assert "може лише керівник установи" in answer.content.decode()
    assert Application.objects.get(pk=world.submitted.pk).state == "submitted"


def test_the_citizen__reads_ground_and_how_to_complain(world: World) -> None:
    head, citizen = world.client("head"), Client()
    head.post(url("end_consideration", world.submitted), SENT | {"step": "end"})
    sign_in(citizen, world.submitted.citizen)
    where = reverse("diia_videoreception:case", args=[world.submitted.public_id])
    page = Page(citizen.get(where))
    for said in (
        "Розгляд припинено", "Заявка повторює справу № 08-12/<7>", WHY, LAW, "Так вирішив керівник",
        "а також до суду",
    ):  # fmt: skip
        assert said in page.text
    assert "Вибрати інший час" not in page.text
