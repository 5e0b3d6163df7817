"""What superusers learn of sign-ins that only they can sort out, and of rules that are missing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import JournalAct
from diia_videoreception.selectors.accounts.consents import RULES
from diia_videoreception.services import journal
from tests.factories import NOW, CitizenFactory, ConsentTextFactory
from tests.steps.ways import redirect_way

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, django_user_model: Any) -> Client:
    client.force_login(django_user_model.objects.create_superuser("root"))
    return client


def test_a_case__names_the_reason_and_no_person(desk: Client) -> None:
    citizen, other = CitizenFactory(last_name="Таємна"), CitizenFactory()
    journal.record(
        JournalAct.SIGN_IN_CASE,
        subject=citizen,
        now=NOW,
        details={
            "reason": "bound_elsewhere",
            "provider": "portal",
            "method": "kep+dstu",
            "others": [str(other.public_id)],
        },
    )
    page = desk.get(reverse("videoreception_sign_in_cases:index")).text
    assert "Ключ або банк прив’язано до іншого облікового запису" in page
    assert "Обліковий запис порталу" in page
    assert "23.11.2026, 10:00" in page
    assert str(citizen.public_id) in page
    assert str(other.public_id) in page
    assert "Таємна" not in page


def test_missing_rules__are_told_where_people_have_to_register(desk: Client, settings: Any) -> None:
    words = "Нові люди не можуть зареєструватися"
    address = reverse("videoreception_integrations:index")
    assert words not in desk.get(address).text, "the portal registers people itself"
    identity = settings.DIIA_VIDEORECEPTION["IDENTITY"] | {"bank": redirect_way()}
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"IDENTITY": identity}
    assert words in desk.get(address).text
    ConsentTextFactory(service=RULES)
    assert words not in desk.get(address).text
