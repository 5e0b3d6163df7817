"""Letters with codes go to addresses that may be anybody's: only so many a day."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from diia_videoreception.models import Letter
from tests.factories import NOW
from tests.steps.people import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

ADDRESS = "/videoreception/address/"
FORM = "/videoreception/application/"


@pytest.fixture(autouse=True)
def two_a_day(settings: Any) -> None:
    settings.DIIA_VIDEORECEPTION = {
        **settings.DIIA_VIDEORECEPTION,
        "THROTTLE": {"code_letter": "2/day"},
    }


def test_nobody__sends_codes_to_strangers_all_day(client: Client, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    sign_in(client)
    statuses = []
    for number in range(4):
        time_machine.move_to(NOW + timedelta(minutes=2 * number), tick=False)
        answer = client.post(ADDRESS, {"email": f"stranger{number}@example.com"})
        statuses.append(answer.status_code)

    assert statuses == [303, 303, 429, 429]
    assert Letter.objects.count() == 2


def test_the_form__goes_on_without_a_letter_to_strangers(client: Client, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    citizen = sign_in(client)
    citizen.email, citizen.email_confirmed_at = "", None
    citizen.save()
    for number in range(4):
        time_machine.move_to(NOW + timedelta(minutes=2 * number), tick=False)
        email = f"stranger{number}@example.com"
        form = {"topic": "Питання", "phone": "067 123 45 67", "email": email}
        assert client.post(FORM, form).status_code == 303

    assert Letter.objects.count() == 2
