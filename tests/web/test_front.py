"""The bare address of the app leads on, whoever comes."""

from typing import Any

import pytest
from django.test import Client

from tests.factories import CitizenFactory
from tests.steps.people import sign_in

pytestmark = pytest.mark.django_db

FRONT = "/videoreception/"


def with_service(settings: Any, address: str) -> None:
    settings.DIIA_VIDEORECEPTION = {**settings.DIIA_VIDEORECEPTION, "SERVICE_URL": address}


def test_guest__comes_to_the_service_of_the_portal(client: Client, settings: Any) -> None:
    with_service(settings, "/pryiom-hromadian/")

    assert client.get(FRONT).headers["Location"] == "/pryiom-hromadian/"


@pytest.mark.parametrize("address", ["", FRONT])
def test_guest_of_a_portal_without_a_page_of_the_service__chooses_a_time(
    client: Client, settings: Any, address: str
) -> None:
    with_service(settings, address)

    assert client.get(FRONT, follow=True).redirect_chain == [("/videoreception/choose/", 302)]


def test_citizen__comes_to_their_applications(client: Client, settings: Any) -> None:
    with_service(settings, "/pryiom-hromadian/")
    sign_in(client, CitizenFactory())

    assert client.get(FRONT).headers["Location"] == "/videoreception/cabinet/"
