"""«Згоди на допомогу» in the account: what a person has agreed to, and taking it back."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception import models
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.rules.mandates import ConsentMethod, MandateTerm
from tests.factories import CitizenFactory
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.centres import new_centre_world
from tests.steps.mandates import RNOKPP, by, may_act, sealed, takes_texts, visit_for
from tests.steps.people import sign_in
from tests.steps.second_factor import with_app

pytestmark = pytest.mark.any_database


@pytest.fixture
def mandate(db: None, time_machine: Any, settings: Any, tmp_path: Path) -> models.Mandate:
    time_machine.move_to(NOW, tick=False)
    takes_texts(settings, tmp_path)
    world = new_centre_world()
    with_app(world.administrator)
    may_act(world.administrator)
    consent = by(ConsentMethod.SMS_CODE, term=MandateTerm.DAYS_30)
    return sealed(visit_for(world), world.administrator, consent=consent)


@pytest.fixture
def client(mandate: models.Mandate) -> Client:
    """The browser of who signs in with the number that was told at the centre."""
    client = Client()
    hashed = lookup_hash("rnokpp", RNOKPP)
    sign_in(client, CitizenFactory(identifier_kind="rnokpp", identifier_hash=hashed))
    return client


ADDRESS = "diia_videoreception:consents"


def test_a_consent__is_shown_in_plain_words_and_taken_back(
    client: Client, mandate: models.Mandate
) -> None:
    profile = Page(client.get(reverse("diia_videoreception:profile")))
    assert profile.has(f'a[href="{reverse(ADDRESS)}"]')
    page = Page(client.get(reverse(ADDRESS)))
    for words in (mandate.reference, mandate.centre.name, "записати на прийом", "Кодом із SMS"):
        assert words in page.text
    # What was said under the number of somebody is not shown to its owner.
    assert "Шевчук" not in page.text
    page = Page(client.post(reverse(ADDRESS), {"consent": mandate.public_id}, follow=True))
    assert "Згоду відкликано" in page.text
    assert "відкликана" in page.text
    assert not page.has("[name=consent]")


def test_the_consent_of_somebody_else__is_not_there(mandate: models.Mandate) -> None:
    client = Client()
    sign_in(client)
    assert "Жоден центр" in Page(client.get(reverse(ADDRESS))).text
    assert client.post(reverse(ADDRESS), {"consent": mandate.public_id}).status_code == 404
    assert client.post(reverse(ADDRESS), {"consent": "x"}).status_code == 404
    mandate.refresh_from_db()
    assert mandate.state == "active"
