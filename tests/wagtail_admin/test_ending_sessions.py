"""Staff end a citizen's sessions: at once, everywhere, written down (rule C.9)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception.errors import NotFound, SessionEnded
from diia_videoreception.models import Citizen, CitizenSession, JournalAct, JournalRecord
from diia_videoreception.services.accounts import sessions
from integrations.identity.base import IdentityError, Proof
from tests.factories import NOW, CitizenFactory
from tests.harness.html import Page
from tests.steps.admin import World, staff
from tests.steps.people import sign_in
from tests.steps.portal import Portal, person

CABINET = "/videoreception/cabinet/"


def end(client: Client, world: World) -> None:
    address = reverse("videoreception_applications:end_sessions", args=[world.submitted.public_id])
    assert client.post(address).status_code == 302


def test_every_browser_of_the_citizen__is_signed_out_at_once(world: World) -> None:
    phone, computer, neighbour = Client(), Client(), Client()
    citizen = world.submitted.citizen
    sign_in(phone, citizen)
    sign_in(computer, citizen)
    sign_in(neighbour)
    assert phone.get(CABINET).status_code == 200
    end(world.client("moderator"), world)
    for browser in (phone, computer):
        assert "/sign-in/" in browser.get(CABINET).headers["Location"]
    assert neighbour.get(CABINET).status_code == 200
    record = JournalRecord.objects.get(act="citizen.end_sessions")
    assert (record.actor_kind, record.subject_id) == ("staff", str(citizen.public_id))
    assert record.details == {"sessions": 2}
    sign_in(phone, citizen)
    assert phone.get(CABINET).status_code == 200, "signing in again is not forbidden"


@pytest.mark.parametrize("owner", ["moderator", "superuser"])
def test_ending__asks_first(world: World, owner: str) -> None:
    citizen, client = world.submitted.citizen, world.client(owner)
    browser = Client()
    sign_in(browser, citizen)
    address, argument = {
        "moderator": ("videoreception_applications:end_sessions", world.submitted.public_id),
        "superuser": ("videoreception_sign_in_cases:end_sessions", citizen.public_id),
    }[owner]
    page = client.get(reverse(address, args=[argument])).text
    assert "одразу вийдуть на всіх пристроях" in page
    assert browser.get(CABINET).status_code == 200, "nothing has happened yet"
    case = reverse("videoreception_applications:inspect", args=[world.submitted.public_id])
    assert not Page(client.get(case)).has('form[action*="end-sessions"]')


def test_the_citizen_of_another_agency__is_not_found(world: World) -> None:
    session = CitizenSession.objects.create(
        citizen=world.submitted.citizen,
        provider="portal",
        level="high",
        method="kep",
        auth_time=NOW,
        started_at=NOW,
        idle_deadline=NOW + timedelta(hours=1),
        deadline=NOW + timedelta(hours=1),
    )
    stranger = world.foreigner
    with pytest.raises(NotFound):
        sessions.end_by_staff(staff=stranger, public_id=session.citizen.public_id, now=NOW)
    session.refresh_from_db()
    assert session.ended_at is None


def test_a_superuser__ends_the_sessions_of_a_sign_in_case(world: World) -> None:
    citizen: Citizen = CitizenFactory()
    browser = Client()
    sign_in(browser, citizen)
    address = reverse("videoreception_sign_in_cases:end_sessions", args=[citizen.public_id])
    assert world.client("superuser").post(address).status_code == 302
    assert browser.get(CABINET).status_code == 303


def test_programs_of_the_citizen__need_a_new_token(world: World, settings: Any) -> None:
    portal = Portal()
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "IDENTITY": {"portal": portal.settings}
    }
    token = portal.access(now=NOW)
    citizen = sessions.sign_in_by_access_token(token, now=NOW).citizen
    sessions.end_by_staff(staff=staff("root", superuser=True), public_id=citizen.public_id, now=NOW)
    with pytest.raises(IdentityError, match="revoked"):
        sessions.sign_in_by_access_token(token, now=NOW)
    later = NOW + timedelta(seconds=1)
    assert sessions.sign_in_by_access_token(portal.access(now=later), now=later).citizen == citizen


def test_a_sign_in_that_waits_for_a_click__is_ended_too(world: World) -> None:
    citizen = world.submitted.citizen
    waiting = Proof(person(NOW), received_at=NOW - timedelta(minutes=1))
    end(world.client("moderator"), world)
    citizen.refresh_from_db()
    how: dict[str, Any] = {
        "what": JournalAct.SIGN_IN,
        "credential": None,
        "browser": "",
        "now": NOW,
    }
    with pytest.raises(SessionEnded):
        sessions.open_session(citizen, waiting, **how)
    later = replace(waiting, received_at=NOW + timedelta(seconds=1))
    assert sessions.open_session(citizen, later, **how).citizen == citizen
