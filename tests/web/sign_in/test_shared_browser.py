"""A citizen and a member of staff in one browser, and what a guest may leave in its session."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from tests.steps.people import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

CABINET = "/videoreception/cabinet/"


def test_a_staff_sign_out__leaves_the_citizen_alone(client: Client) -> None:
    sign_in(client)
    client.force_login(get_user_model().objects.create_superuser("root"))
    before = client.session.session_key

    client.post(reverse("wagtailadmin_logout"))

    assert client.get("/admin/").status_code == 302
    assert client.get(CABINET).status_code == 200
    assert client.session.session_key != before


def test_a_staff_sign_out__signs_no_citizen_in(client: Client) -> None:
    client.force_login(get_user_model().objects.create_superuser("root"))

    client.post(reverse("wagtailadmin_logout"))

    assert client.get(CABINET).status_code == 303
    assert not dict(client.session.items())


def test_a_guest__cannot_fill_the_session_store(client: Client) -> None:
    far = "/" + "a" * 1_000_000

    answer = client.post("/videoreception/sign-in/portal/start/", {"next": far})

    assert answer.status_code == 200
    assert len(str(dict(client.session.items()))) < 5_000


def test_forms_of_the_signed_out__are_slowed_down_too(client: Client, settings: Any) -> None:
    settings.DIIA_VIDEORECEPTION = {
        **settings.DIIA_VIDEORECEPTION,
        "THROTTLE": {"draft": "1/min"},
    }
    sign_in(client)
    session = client.session
    session["diia_videoreception"] = "11111111-1111-1111-1111-111111111111"
    session.save()

    answers = [client.post("/videoreception/application/", {"topic": "Питання"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [401, 429]
