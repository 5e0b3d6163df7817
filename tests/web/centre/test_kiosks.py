"""The places of a centre for its people: pairing for the head, states and help for everybody."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from diia_videoreception.services.kiosk import pairing
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.kiosk import BASE, KioskWorld, new_kiosk_world

pytestmark = pytest.mark.any_database


@pytest.fixture
def kiosk(db: None) -> KioskWorld:
    return new_kiosk_world()


def place_url(kiosk: KioskWorld) -> str:
    centre = kiosk.centre.public_id
    return f"/videoreception/centre/{centre}/workplaces/{kiosk.place.public_id}/"


def code_on(client: Client, kiosk: KioskWorld) -> str:
    """The code that the page of the place shows; empty for none."""
    found = Page(client.get(place_url(kiosk))).all(".vr-number .vr-code")
    return found[0].text if found else ""


def test_the_head__pairs_a_browser_and_shuts_it_out(kiosk: KioskWorld, time_machine: Any) -> None:
    head, browser = kiosk.centres.proven_client("head"), Client()
    assert code_on(head, kiosk) == ""
    head.post(place_url(kiosk), {"act": "pair"})
    code = code_on(head, kiosk)
    assert len(code) == pairing.CODE_LENGTH + 1
    other = kiosk.centres.proven_client("head")
    assert code_on(other, kiosk) == ""
    assert code.replace("-", "") not in str(dict(head.session))
    assert browser.post(f"{BASE}pair/", {"code": code})["Location"] == BASE
    assert code_on(head, kiosk) == ""
    head.post(place_url(kiosk), {"act": "unpair"})
    assert browser.get(BASE).status_code == 503
    head.post(place_url(kiosk), {"act": "pair"})
    time_machine.move_to(NOW + pairing.CODE_LIVES + timedelta(seconds=1), tick=False)
    assert code_on(head, kiosk) == ""


def test_other_places__have_no_browser_to_pair(kiosk: KioskWorld) -> None:
    head = kiosk.centres.proven_client("head")
    seat = kiosk.centres.workplace.public_id
    address = f"/videoreception/centre/{kiosk.centre.public_id}/workplaces/{seat}/"
    assert head.post(address, {"act": "pair"}).status_code == 404
    assert "Під’єднати браузер" not in head.get(address).content.decode()


def test_anybody_of_the_centre__sees_the_call_and_helps(kiosk: KioskWorld) -> None:
    visitor = kiosk.visited()
    visitor.post(f"{BASE}help/")
    address = f"/videoreception/centre/{kiosk.centre.public_id}/places/"
    staff = kiosk.centres.proven_client("consultant")
    page = staff.get(address).content.decode()
    assert "Просить допомоги" in page
    sent = {"visitor": str(kiosk.visitor.public_id)}
    assert "Ми покликали адміністратора" in visitor.get(f"{BASE}help/").content.decode()
    assert "уже йде" not in visitor.get(f"{BASE}home/").content.decode()
    for _time in range(2):
        assert staff.post(address, {"act": "coming", **sent})["Location"] == address
    assert Page(visitor.get(f"{BASE}help/")).heading == "Адміністратор уже йде до Вас"
    assert kiosk.acts().count("help_promised") == 1
    assert staff.post(address, {"act": "came", **sent})["Location"] == address
    assert staff.post(address, {"act": "coming", **sent}).status_code == 409, "nobody calls now"
    visitor.post(f"{BASE}help/")
    assert "Ми покликали" in visitor.get(f"{BASE}help/").content.decode(), "each call is new"
    for act in ("came", "extend", "wipe"):
        assert staff.post(address, {"act": act, **sent})["Location"] == address
    assert staff.post(address, {"act": "nonsense", **sent}).status_code == 404
    assert visitor.get(f"{BASE}home/")["Location"] == BASE
    assert kiosk.visitor.end_reason == "staff"


def test_the_poll_of_the_page__is_nobody_at_the_desk(kiosk: KioskWorld, time_machine: Any) -> None:
    address = f"/videoreception/centre/{kiosk.centre.public_id}/places/"
    staff = kiosk.centres.proven_client("consultant")
    staff.get(address)
    for minutes in (5, 10, 14):
        time_machine.move_to(NOW + timedelta(minutes=minutes), tick=False)
        assert staff.get(address, headers={"x-vr-poll": "1"}).status_code == 200
    time_machine.move_to(NOW + timedelta(minutes=16), tick=False)
    assert staff.get(address, headers={"x-vr-poll": "1"}).status_code == 303
