"""The citizen reads what the agency answered instead of a reception."""

from django.test import Client
from django.urls import reverse

from diia_videoreception.models import Agency, Application
from tests.harness.html import Page
from tests.steps.moderation import moderator_of
from tests.steps.written_answers import ANSWER, NUMBER, PAPER, answer_in_writing


def test_the_case__shows_the_answer_and_how_to_go_on(
    client: Client, submitted: Application
) -> None:
    Agency.objects.update(complaints="Скаржитися можна до Секретаріату.")
    answer_in_writing(submitted, moderator_of(submitted.agency, name="second"))

    page = Page(client.get(reverse("diia_videoreception:case", args=[submitted.public_id])))

    for said in (
        "Установа відповіла Вам письмово",
        "Прийому не буде.",
        f"Вихідний номер: {NUMBER}.",
        f"Підписано на папері: {PAPER.signer}, {PAPER.signed_on:%d.%m.%Y}.",
        "Скаржитися можна до Секретаріату.",
        "Відповіли письмово",
        *ANSWER.splitlines(),
    ):
        assert said in page.text
    # Phones broke it at its hyphen.
    assert NUMBER in page.texts("span.vr-unbroken")
    assert "Скасувати заявку" not in page.text
    assert "Вибрати інший час" in page.text
    cabinet = Page(client.get(reverse("diia_videoreception:cabinet")))
    assert "Відповіли письмово" in cabinet.texts("span")
