"""The portal's operator: agencies, their heads, integrations, sign-ins that need staff; nothing of a case."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception import models
from diia_videoreception.errors import Incomplete, NotFound
from diia_videoreception.models import JournalAct
from diia_videoreception.services import journal
from diia_videoreception.services.accounts import sessions, staff_rights
from diia_videoreception.services.reference_data import OF_PORTAL, save_agency
from diia_videoreception.wagtail_admin import reference
from tests.factories import CitizenFactory
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import MARKER, XHR, World, dump, staff, text_of
from tests.steps.people import sign_in
from tests.steps.second_factor import require
from tests.wagtail_admin.routes import CASES, address_of
from tests.wagtail_admin.worlds import agency_form

pytestmark = pytest.mark.any_database

AGENCIES, MODERATORS = "videoreception_agencies", "videoreception_moderators"
KEPT = {AGENCIES, MODERATORS, "videoreception_visit_phrases"}
PAGES = {"videoreception_centres", "videoreception_integrations", "videoreception_sign_in_cases"}
ADD_RIGHT = f"{MODERATORS}:add"


@pytest.fixture
def client(world: World) -> Client:
    return world.client("operator")


def head_of(agency: models.Agency) -> list[str]:
    rights = models.AgencyModerator.objects.filter(agency=agency, is_head=True)
    return [right.user.username for right in rights.order_by("pk")]


def give(client: Client, agency: models.Agency, name: str, **sent: Any) -> Any:
    return client.post(reverse(ADD_RIGHT), {"agency": agency.pk, "user_name": name, **sent})


def test_an_operator__adds_an_agency_and_its_head(world: World, client: Client) -> None:
    sent = agency_form(world) | {"name": "Нова установа"}
    assert client.post(reverse(f"{AGENCIES}:add"), sent).status_code == 302
    made = models.Agency.objects.get(name="Нова установа")
    staff("nova")
    assert give(client, made, "nova").status_code == 302
    assert head_of(made) == ["nova"]
    assert "Нова установа" in text_of(client.get(reverse(f"{AGENCIES}:index")))
    assert "nova" in text_of(client.get(reverse(f"{MODERATORS}:index")))
    record = models.JournalRecord.objects.get(act=JournalAct.GIVE_RIGHT)
    assert (record.actor_id, record.details["head"]) == (str(world.operator.pk), True)


def test_an_operator__changes_what_binds_the_portal(world: World, client: Client) -> None:
    address = reverse(f"{AGENCIES}:edit", args=[world.agency.pk])
    assert OF_PORTAL <= set(client.get(address).context["form"].fields)
    client.post(address, agency_form(world) | {"lead_days": 7, "phone": "0 800 999 888"})
    changed = models.Agency.objects.get(pk=world.agency.pk)
    assert (changed.lead_days, changed.phone) == (7, "0 800 999 888")


def test_who_moderates__keeps_the_rest_whatever_the_form_held(world: World) -> None:
    before = models.Agency.objects.get(pk=world.agency.pk)
    forged = models.Agency.objects.get(pk=world.agency.pk)
    forged.name, forged.conference, forged.phone = "Інша назва", "other", "0 800 999 888"
    save_agency(forged, staff=world.moderator, now=NOW)
    after = models.Agency.objects.get(pk=world.agency.pk)
    assert (after.name, after.conference) == (before.name, before.conference)
    assert after.phone == "0 800 999 888"


def test_nobody_else__adds_or_keeps_an_agency(world: World) -> None:
    for somebody in (world.foreigner, world.helper, world.receiver):
        with pytest.raises(NotFound):
            save_agency(world.agency, staff=somebody, now=NOW)
    with pytest.raises(NotFound):
        save_agency(models.Agency(name="Моя"), staff=world.head, now=NOW)
    assert not models.Agency.objects.filter(name="Моя").exists()


def test_the_form__has_each_field_of_the_portal_once() -> None:
    handler = reference.AgencyViewSet.edit_handler.bind_to_model(models.Agency)
    panels = handler.get_form_options()["fields"]
    assert set(panels) >= OF_PORTAL
    assert len(panels) == len(set(panels))


def test_who_moderates_already__comes_to_head_the_agency(world: World, client: Client) -> None:
    assert give(client, world.agency, world.moderator.username).status_code == 302
    right = models.AgencyModerator.objects.get(agency=world.agency, user=world.moderator)
    assert right.is_head
    again = give(client, world.agency, world.moderator.username)
    assert "вже має це право" in text_of(again)


def test_an_operator__takes_a_head_away_but_not_the_last(world: World, client: Client) -> None:
    last = models.AgencyModerator.objects.get(user=world.head)
    address = reverse(f"{MODERATORS}:delete", args=[last.pk])
    assert "єдиний керівник" in text_of(client.post(address, follow=True))
    give(client, world.agency, world.moderator.username)
    client.post(address)
    assert head_of(world.agency) == [world.moderator.username]


def test_the_operator__heads_no_agency_themselves(world: World, client: Client) -> None:
    answer = give(client, world.agency, world.operator.username)
    assert "Ви не можете призначити керівником установи себе" in text_of(answer)
    own = models.AgencyModerator(agency=world.agency, user=world.operator, is_head=True)
    with pytest.raises(Incomplete):
        staff_rights.save_moderator(own, staff=world.operator, now=NOW)
    assert not world.operator.moderated_agencies.exists()


def test_the_operator__makes_and_takes_no_moderator(world: World, client: Client) -> None:
    person = staff("somebody")
    right = models.AgencyModerator(agency=world.agency, user=person, is_head=False)
    with pytest.raises(NotFound):
        staff_rights.save_moderator(right, staff=world.operator, now=NOW)
    with pytest.raises(NotFound):
        staff_rights.take_moderator(world.moderation, staff=world.operator, now=NOW)
    give(client, world.agency, "somebody", is_head="")
    assert person.moderated_agencies.get().is_head
    listed = Page(client.get(reverse(f"{MODERATORS}:index"))).texts("tbody tr")
    assert not any(str(world.moderator) in row for row in listed)


def test_the_operator__comes_to_nothing_of_a_case(world: World, settings: Any) -> None:
    addresses = {name: address_of(name, world) for name in CASES}
    require(settings)
    client, before = world.proven_client("operator"), dump()
    secrets = (world.submitted.number, world.submitted.topic, world.submitted.phone)
    opened = set()
    for name, address in addresses.items():
        answer = client.get(address, **XHR)
        if answer.status_code == 200:
            opened.add(name.partition(":")[0])
            assert not any(secret in text_of(answer) for secret in secrets), name
        else:
            assert answer.status_code in {302, 403, 404, 405}, name
            assert MARKER not in text_of(answer)
    assert opened == KEPT | PAGES
    assert dump() == before


def test_by_password_alone__the_operator_keeps_nothing(world: World, settings: Any) -> None:
    require(settings)
    client = world.client("operator")
    for name in (f"{AGENCIES}:index", ADD_RIGHT, "videoreception_integrations:index"):
        assert "second-factor" in client.get(reverse(name))["Location"]
    answer = client.post(reverse(f"{AGENCIES}:add"), agency_form(world) | {"name": "Нова"})
    assert "second-factor" in answer["Location"]
    assert not models.Agency.objects.filter(name="Нова").exists()


def test_sessions__are_ended_of_an_account_that_a_case_names(world: World, client: Client) -> None:
    citizen, other = CitizenFactory(), CitizenFactory()
    browser = Client()
    sign_in(browser, citizen)
    address = reverse("videoreception_sign_in_cases:end_sessions", args=[citizen.public_id])
    assert client.post(address).status_code == 404
    journal.record(
        JournalAct.SIGN_IN_CASE,
        subject=other,
        now=NOW,
        details={"reason": "conflict", "provider": "kep", "others": [str(citizen.public_id)]},
    )
    assert client.post(address).status_code == 302
    assert not sessions.CitizenSession.objects.live(NOW).filter(citizen=citizen).exists()


def test_the_menu__leads_the_operator_to_what_is_theirs(client: Client) -> None:
    menu = text_of(client.get(reverse("wagtailadmin_home")))
    for name in (AGENCIES, MODERATORS, *PAGES):
        assert reverse(f"{name}:index") in menu
    for name in ("units", "officials", "people", "applications", "agency_lists"):
        assert reverse(f"videoreception_{name}:index") not in menu
