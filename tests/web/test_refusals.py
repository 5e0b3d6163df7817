"""A form that is refused leads to a page of its own: Back and a reload send nothing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception import errors
from diia_videoreception.models import Citizen
from tests.factories import CitizenFactory
from tests.steps.people import sign_in

pytestmark = pytest.mark.django_db
FORM = {"sec-fetch-mode": "navigate"}


@pytest.fixture
def citizen() -> Citizen:
    return CitizenFactory()


@pytest.fixture
def client(citizen: Citizen) -> Client:
    client = Client()
    sign_in(client, citizen)
    return client


def refused(client: Client, error: errors.ActRefused, **headers: str) -> Any:
    """What a form gets whose act is refused so."""

    def refuse(*arguments: object, **how: object) -> None:
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("diia_videoreception.web.throttling.require_rate", refuse)
        return client.post(reverse("diia_videoreception:sign_out_elsewhere"), headers=headers)


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        (errors.TooManyRequests(), 429, "Зачекайте"),
        (errors.NotFound(), 404, "Такої сторінки немає"),
        (errors.SlotTaken(), 409, "Цей час щойно зайняли."),
        (errors.Busy(), 503, "за мить"),
    ],
)
def test_a_refused_form__leads_to_a_page_that_can_be_reloaded(
    client: Client, error: errors.ActRefused, status: int, text: str
) -> None:
    answer = refused(client, error, **FORM)

    assert answer.status_code == 303
    for _ in range(2):
        page = client.get(answer["Location"])
        assert (page.status_code, text in page.text) == (status, True)
        assert "no-store" in page.headers["Cache-Control"]


def test_a_refused_form_of_a_program_or_a_stranger__has_its_status(client: Client) -> None:
    """Programs read the status; who has no session yet shall not fill the table of sessions."""
    assert refused(client, errors.SlotTaken()).status_code == 409
    assert refused(Client(), errors.SlotTaken(), **FORM).status_code == 409


def test_what_was_refused_elsewhere__is_not_shown_on_another_page(client: Client) -> None:
    key = refused(client, errors.SlotTaken(), **FORM)["Location"].partition("?")[2]

    for name in ("choose", "application", "check", "user_type", "address"):
        page = client.get(f"{reverse(f'diia_videoreception:{name}')}?{key}", follow=True)
        assert page.status_code == 200
        assert "щойно зайняли" not in page.text


def test_the_page_of_a_refusal_that_is_over__leads_on(client: Client) -> None:
    assert client.get(reverse("diia_videoreception:refused")).status_code == 303
