"""The test that editors write as a page: its versions, what the page tells, what cannot be published."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, streamfield

from cms_pages.models import CentreTestPage
from diia_videoreception.models import CentreTestVersion
from tests.harness import html

NO_COMMENTS = {
    "TOTAL_FORMS": "0",
    "INITIAL_FORMS": "0",
    "MIN_NUM_FORMS": "0",
    "MAX_NUM_FORMS": "",
}
QUESTION = "Людина просить ввести пароль. Що робите?"


def question(*rights: bool, text: str = QUESTION) -> dict[str, Any]:
    answers: dict[str, Any] = {"count": str(len(rights))}
    for place, is_right in enumerate(rights):
        answers[str(place)] = {
            "deleted": "",
            "order": str(place),
            "type": "item",
            "id": "",
            "value": {"text": f"Відповідь {place}"} | ({"is_right": "on"} if is_right else {}),
        }
    return {"text": text, "answers": answers, "explanation": "Ніколи не вводимо."}


@pytest.fixture
def send(desk: Client) -> Callable[..., Any]:
    def act(*questions: dict[str, Any], page: CentreTestPage | None = None, **changes: Any) -> Any:
        form = {
            "title": "Тест",
            "slug": "test",
            "lead": "Для працівників центрів.",
            "questions": streamfield([("question", one) for one in questions]),
            "asked": "10",
            "pass_percent": "100",
            "max_attempts": "3",
            "days_to_finish": "14",
            "valid_days": "365",
            "instruction": "Далі.",
            "comments": NO_COMMENTS,
            "action-publish": "action-publish",
            **changes,
        }
        address = (
            reverse("wagtailadmin_pages:edit", args=[page.pk])
            if page
            else reverse(
                "wagtailadmin_pages:add",
                args=["diia_cms_pages", "centretestpage", Page.objects.get(depth=2).pk],
            )
        )
        return desk.post(address, dict(nested_form_data(form)))

    return act


def test_a_published_test__is_a_version_and_the_page_tells_no_question(
    send: Callable[..., Any], client: Client, desk: Client
) -> None:
    assert send(question(False, True)).status_code == 302
    version = CentreTestVersion.objects.get()
    assert (version.number, version.language, version.asked, version.needed) == (1, "uk", 1, 1)
    asked = version.questions[0]
    assert [answer.is_right for answer in asked.answers] == [False, True]
    assert asked.explanation == "Ніколи не вводимо."

    page = CentreTestPage.objects.get()
    shown = client.get(page.get_url()).content.decode()
    assert "Для працівників центрів." in shown
    for hidden in (QUESTION, "Відповідь 1", "Ніколи не вводимо."):
        assert hidden not in shown
    assert not {field.field_name for field in CentreTestPage.search_fields} & {"questions"}
    assert not {field.name for field in getattr(CentreTestPage, "api_fields", [])}

    preview = page.make_preview_request(preview_mode="questions")
    assert QUESTION in html.Page(preview.render()).text

    send(question(True, False, text="Інше запитання?"), page=page)
    first, second = CentreTestVersion.objects.order_by("number")
    assert first.withdrawn_at is not None
    assert first.questions[0].text == QUESTION
    assert second.questions[0].text == "Інше запитання?"
    desk.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    second.refresh_from_db()
    assert second.withdrawn_at is not None


@pytest.mark.parametrize("rights", [(True,), (False, False), (True, True), ()])
def test_a_question_without_one_right_answer__is_not_published(
    send: Callable[..., Any], rights: tuple[bool, ...]
) -> None:
    answer = send(question(*rights))
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not CentreTestVersion.objects.exists()


def test_a_test_without_questions__is_not_published(send: Callable[..., Any]) -> None:
    assert send().status_code == 200
    for wrong in ({"pass_percent": "0"}, {"pass_percent": "101"}, {"max_attempts": "0"}):
        assert send(question(True, False), **wrong).status_code == 200
    assert not CentreTestVersion.objects.exists()
