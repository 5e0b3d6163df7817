"""The pages on which an administrator types for a person who has agreed to it."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from diia_videoreception import models
from diia_videoreception.personal_data import decrypt
from diia_videoreception.rules.mandates import MandateState
from diia_videoreception.services.assistance.mandate_ends import EndedBy, end
from tests.factories import CitizenFactory, ConsentTextFactory, ScheduleRuleFactory
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.centres import CentreWorld
from tests.steps.mandates import may_act, sealed, takes_texts, visit_for
from tests.steps.second_factor import with_app
from tests.steps.typing import TOPIC

pytestmark = pytest.mark.any_database


@pytest.fixture
def official(db: None) -> models.Official:
    ConsentTextFactory()
    return ScheduleRuleFactory().official


@pytest.fixture
def client(world: CentreWorld) -> Client:
    return world.proven_client("administrator")


@pytest.fixture
def visit(world: CentreWorld, client: Client, settings: Any, tmp_path: Path) -> models.CentreVisit:
    takes_texts(settings, tmp_path)
    staff = may_act(world.administrator)
    if not staff.totpdevice_set.exists():
        with_app(staff)
    found = visit_for(world)
    sealed(found, staff)
    return found


def base_of(visit: models.CentreVisit) -> str:
    return f"/videoreception/centre/{visit.centre.public_id}/visits/{visit.public_id}/application/"


def send(client: Client, address: str, **sent: object) -> Any:
    """Send the form of a page with the version that it shows."""
    visit = models.CentreVisit.objects.latest("pk")
    return client.post(address, {"version": visit.version, **sent})


def test_an_application__is_typed_held_checked_and_confirmed_by_the_person(
    visit: models.CentreVisit, client: Client, official: models.Official, world: CentreWorld
) -> None:
    base = base_of(visit)
    form = Page(client.get(base))
    assert form.has("textarea[name=topic]")
    answer = send(client, base, topic=TOPIC, phone="050 123 45 18", needs=["more_time"])
    assert answer["Location"] == f"{base}time/"
    found = Page(client.get(f"{base}time/", {"q": official.last_name}))
    assert official.full_name in found.text
    times = Page(client.get(f"{base}time/", {"official": official.pk, "week": "2026-12-01"}))
    assert times.has("button[value='2026-12-01T08:30Z']")
    answer = send(client, f"{base}time/", official=official.pk, time="2026-12-01T08:30Z")
    assert answer["Location"] == f"{base}check/"
    page = Page(client.get(f"{base}check/"))
    for shown in (
        "Шевчук Петро Іванович",
        TOPIC,
        "вівторок, 1 грудня 2026 року, 10:30",
        official.full_name,
        "заповнив(ла) адміністратор",
        "Більше часу на розмову",
    ):
        assert shown in page.text, shown
    assert not page.has("input[name=code]")
    send(client, f"{base}check/", act="send")
    assert "Усе гаразд. Можна надсилати." in Page(client.get(f"{base}check/")).text
    answer = send(client, f"{base}check/", act="confirm", code="000000")
    assert "не підходить" in Page(client.get(answer["Location"])).text
    assert not models.Application.objects.exists()
    code = decrypt(models.TypedCode.objects.get().code_encrypted)
    answer = send(client, f"{base}check/", act="confirm", code=code)
    slip = Page(client.get(answer["Location"]))
    application = models.Application.objects.get()
    assert application.number in slip.text
    assert f"відкликати Вашу згоду {models.Mandate.objects.get().reference}" in slip.text
    assert "Шевчук" not in slip.text
    assert client.get(f"{base}check/").status_code == 303


def test_without_a_consent_in_force__nothing_is_shown_or_kept(
    visit: models.CentreVisit, client: Client, official: models.Official
) -> None:
    base = base_of(visit)
    send(client, base, topic=TOPIC, phone="050 123 45 18")
    mandate = models.Mandate.objects.get()
    end(mandate, MandateState.REVOKED, EndedBy.PERSON, now=NOW)
    for page in ("", "time/", "check/"):
        answer = client.get(base + page, follow=True)
        assert TOPIC not in answer.content.decode()
        send(client, base + page, topic="Інше", phone="050 123 45 18", act="send")
    assert models.Draft.objects.get().topic == TOPIC


@pytest.mark.parametrize("stranger", ["head", "consultant", "foreign_head"])
def test_what_is_typed__is_not_there_for_anybody_else(
    visit: models.CentreVisit, client: Client, world: CentreWorld, stranger: str
) -> None:
    base = base_of(visit)
    send(client, base, topic=TOPIC, phone="050 123 45 18")
    other = world.proven_client(stranger)
    for page in ("", "time/", "check/"):
        assert other.get(base + page).status_code == 404
        assert send(other, base + page, topic="Інше", act="send").status_code in {303, 404}
    assert models.Draft.objects.get().topic == TOPIC


def test_for_who_has_an_account__the_visit_says_it_before_anything_is_typed(
    visit: models.CentreVisit, client: Client
) -> None:
    address = f"/videoreception/centre/{visit.centre.public_id}/visits/{visit.public_id}/"
    assert "Ввести заявку" in Page(client.get(address)).text
    models.Mandate.objects.update(person=CitizenFactory())
    shown = Page(client.get(address)).text
    assert "Ввести заявку" not in shown
    assert "має власний кабінет" in shown
