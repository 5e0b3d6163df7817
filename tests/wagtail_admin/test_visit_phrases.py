"""The phrase bank of visits: the operator keeps it, and what it says is what people of centres read."""

import pytest
from django.urls import reverse

from diia_videoreception import models
from diia_videoreception.rules.visits import VisitPhase
from diia_videoreception.selectors.assistance.visits import phrases_of
from tests.factories import AgencyFactory
from tests.steps.admin import client_of, staff
from tests.steps.centres import operator
from tests.steps.second_factor import verify

pytestmark = pytest.mark.django_db
SCRIPT = "«Добрий день! Чим ми можемо Вам допомогти?»"


def test_the_bank__begins_with_the_phrases_of_the_source() -> None:
    assert [phrase.text for phrase in phrases_of(VisitPhase.GREETING)["script"]] == [SCRIPT]
    assert [phrase.text for phrase in phrases_of(VisitPhase.NEED)["script"]] == [
        "«У Вас є електронний підпис?»"
    ]
    for phase in VisitPhase:
        assert all(phrases_of(phase).values()), phase


def test_the_operator__changes_what_is_said() -> None:
    somebody = operator()
    client = verify(client_of(somebody), somebody)
    phrase = models.VisitPhrase.objects.get(text=SCRIPT)
    assert SCRIPT in client.get(reverse("videoreception_visit_phrases:index")).text
    history = reverse("videoreception_visit_phrases:history", args=[phrase.pk])
    assert "Тут ще нічого немає." in client.get(history).text
    sent = {"phase": "greeting", "kind": "script", "text": "«Вітаємо!»", "position": 0}
    client.post(reverse("videoreception_visit_phrases:edit", args=[phrase.pk]), sent)
    assert phrases_of(VisitPhase.GREETING)["script"][0].text == "«Вітаємо!»"


@pytest.mark.parametrize("is_superuser", [False, True])
def test_the_menu__is_for_who_keeps_the_bank(is_superuser: bool) -> None:
    somebody = staff("root", superuser=True) if is_superuser else staff("m", AgencyFactory())
    client = verify(client_of(somebody), somebody)
    answer = client.get(reverse("videoreception_visit_phrases:index"))
    assert (answer.status_code == 200) == is_superuser
