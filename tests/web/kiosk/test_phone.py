"""Signing in at a place with the own phone, and who else tries."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from diia_videoreception import models
from diia_videoreception.services.kiosk import phone, visitors
from tests.factories import ConsentAcceptanceFactory, ScheduleRuleFactory
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START
from tests.harness.html import Page
from tests.steps.application import ANSWERS, checked, url
from tests.steps.kiosk import BASE, KioskWorld
from tests.steps.people import sign_in

pytestmark = pytest.mark.any_database
PHONE = f"{BASE}phone/"
CHOOSE = "/videoreception/choose/"


def shown_code(screen: Client) -> str:
    """What the code on the screen of the place holds."""
    assert screen.post(PHONE, {"ask": "1", "next": CHOOSE}).status_code == 303
    page = screen.get(PHONE).content.decode()
    assert "vr-qr" in page
    return phone.secret_of(models.PhoneSignIn.objects.latest("pk"))


def claimed(screen: Client, *, signed_in: bool = True) -> Client:
    """The phone that has the code of the screen."""
    device = Client()
    if signed_in:
        sign_in(device)
    answer = device.post(f"{PHONE}join/", {"code": shown_code(screen)})
    assert answer["Location"] == f"{PHONE}match/"
    return device


def number() -> int:
    return models.PhoneSignIn.objects.latest("pk").number


def confirmed(screen: Client) -> Client:
    device = claimed(screen)
    answer = device.post(f"{PHONE}match/", {"number": number()})
    assert answer["Location"] == f"{PHONE}done/"
    return device


def taken(screen: Client) -> Client:
    device = confirmed(screen)
    assert screen.post(PHONE, {"take": "1", "next": CHOOSE})["Location"] == CHOOSE
    return device


def test_only_the_browser_of_a_place__asks_for_a_code(world: KioskWorld) -> None:
    for client in (Client(), world.paired()):
        assert client.post(PHONE, {"ask": "1"})["Location"] == BASE
    assert not models.PhoneSignIn.objects.exists()


def test_a_visitor__is_led_to_the_phone_and_goes_on_booking(world: KioskWorld) -> None:
    screen = world.visited()
    answer = screen.get("/videoreception/application/", follow=True)
    assert answer.redirect_chain[-1][0].startswith(PHONE)
    device = claimed(screen)
    page = Page(device.get(f"{PHONE}match/"))
    assert world.centre.name in page.text
    assert world.place.label in page.text
    offered = {int(one.attribute("value") or 0) for one in page.all("[name=number]")}
    assert number() in offered
    assert len(offered) == 3
    device.post(f"{PHONE}match/", {"number": number()})
    assert screen.get(f"{PHONE}state/").json() == {"state": "confirmed"}
    citizen = models.Citizen.objects.get()
    page = screen.get(PHONE).content.decode()
    assert f"{citizen.first_name} {citizen.last_name[:1]}." in page
    assert citizen.full_name not in page
    assert screen.post(PHONE, {"take": "1", "next": CHOOSE})["Location"] == CHOOSE
    assert screen.get("/videoreception/application/?write=1").status_code == 200
    assert "citizen.sign_in_at_place" in models.JournalRecord.objects.values_list("act", flat=True)
    for page in ("cabinet/", "profile/", "letters/", "address/"):
        assert screen.get(f"/videoreception/{page}")["Location"] == f"{BASE}home/"


def test_a_visitor__files_an_application_and_only_that_stays(world: KioskWorld) -> None:
    official = ScheduleRuleFactory().official
    screen = world.visited()
    taken(screen)
    ConsentAcceptanceFactory(citizen=models.Citizen.objects.get())
    wanted = {"official": official.pk, "time": START.isoformat(), "altcha": solved_captcha()}
    held = screen.post(url("reserve"), wanted)
    assert held.status_code == 303, held.content.decode()
    typed = screen.post(url("application"), ANSWERS)
    assert typed["Location"] == url("check")
    filed = screen.post(url("submit"), checked(screen))
    application = models.Application.objects.get()
    done = screen.get(filed["Location"])

    assert application.number in done.content.decode()
    assert "cabinet/" not in done.content.decode()
    screen.post(f"{BASE}end/")

    assert screen.get(filed["Location"])["Location"] == BASE
    assert models.Application.objects.get().state == "submitted"
    assert not models.Draft.objects.exists()


def test_who_is_not_signed_in_on_the_phone__signs_in_after_the_number(world: KioskWorld) -> None:
    screen = world.visited()
    device = claimed(screen, signed_in=False)
    answer = device.post(f"{PHONE}match/", {"number": number()})
    assert answer["Location"].startswith("/videoreception/sign-in/")
    sign_in(device)
    assert device.get(f"{PHONE}match/").status_code == 200
    assert models.PhoneSignIn.objects.get().state == "matched"
    assert device.post(f"{PHONE}match/")["Location"] == f"{PHONE}done/"


def test_the_code__goes_to_the_phone_that_had_it_first(world: KioskWorld) -> None:
    screen = world.visited()
    code = shown_code(screen)
    first, stranger = Client(), Client()
    first.post(f"{PHONE}join/", {"code": code})
    sign_in(stranger)
    assert stranger.post(f"{PHONE}join/", {"code": code}).status_code in (303, 422)
    assert stranger.post(f"{PHONE}match/", {"number": number()}).status_code == 409
    assert models.PhoneSignIn.objects.get().state == "shown"


def test_the_code__works_for_a_minute(world: KioskWorld, time_machine: Any) -> None:
    screen = world.visited()
    code = shown_code(screen)
    time_machine.move_to(NOW + phone.SHOWN_FOR, tick=False)
    assert Client().post(f"{PHONE}join/", {"code": code}).status_code == 422
    assert screen.get(f"{PHONE}state/").json() == {"state": "gone"}


@pytest.mark.parametrize("wrong", ["9", "x", "١٢", "1" * 400, "-1"])
def test_a_wrong_number__ends_the_code_and_is_recorded(world: KioskWorld, wrong: str) -> None:
    screen = world.visited()
    device = claimed(screen)
    assert device.post(f"{PHONE}match/", {"number": wrong}).status_code == 409
    assert device.post(f"{PHONE}match/", {"number": number()}).status_code == 409
    assert screen.post(PHONE, {"take": "1"}).status_code == 409
    assert world.acts()[-1] == "phone_refused"


def test_without_the_number__nobody_is_confirmed(world: KioskWorld) -> None:
    screen = world.visited()
    device = claimed(screen)
    assert device.post(f"{PHONE}match/").status_code == 409
    assert device.get(f"{PHONE}match/?number={number()}").status_code == 200
    assert models.PhoneSignIn.objects.get().state == "shown"


def test_another_visitor_or_place__takes_nothing_that_a_phone_confirmed(
    world: KioskWorld,
) -> None:
    screen = world.visited()
    confirmed(screen)
    screen.post(f"{BASE}end/")
    screen.post(f"{BASE}begin/")
    assert screen.post(PHONE, {"take": "1"}).status_code == 409
    assert not models.CitizenSession.objects.exclude(visitor=None).exists()


def test_who_the_visitor_does_not_know__is_refused(world: KioskWorld) -> None:
    screen = world.visited()
    confirmed(screen)
    screen.post(PHONE, {"refuse": "1"})
    assert screen.post(PHONE, {"take": "1"}).status_code == 409
    assert world.acts()[-1] == "phone_refused"


def test_the_sign_in__ends_with_the_visit(world: KioskWorld) -> None:
    screen = world.visited()
    taken(screen)
    screen.post(f"{BASE}end/")
    assert models.CitizenSession.objects.exclude(visitor=None).get().ended_at == NOW
    screen.post(f"{BASE}begin/")
    assert screen.get("/videoreception/application/")["Location"].startswith(
        "/videoreception/sign-in/"
    )


def test_the_sign_in__ends_from_the_phone_and_the_visit_goes_on(world: KioskWorld) -> None:
    screen = world.visited()
    device = taken(screen)
    assert device.get(f"{PHONE}done/").status_code == 200
    device.post(f"{PHONE}leave/")
    assert models.CitizenSession.objects.exclude(visitor=None).get().ended_at == NOW
    assert models.CitizenSession.objects.filter(visitor=None).get().ended_at is None
    assert screen.get(f"{BASE}home/").status_code == 200
    assert screen.get("/videoreception/application/")["Location"].startswith(
        "/videoreception/sign-in/"
    )


@pytest.mark.parametrize("is_refused", [True, False])
def test_a_phone_that_confirmed_nothing__ends_nobodys_sign_in(
    world: KioskWorld, is_refused: bool
) -> None:
    screen = world.visited()
    stranger = claimed(screen)
    if is_refused:
        stranger.post(f"{PHONE}match/", {"number": "1"})
    taken(screen)

    stranger.post(f"{PHONE}leave/")

    assert models.CitizenSession.objects.get(visitor=world.visitor).ended_at is None


def test_the_session_of_a_place__is_worth_nothing_outside_of_its_visit(world: KioskWorld) -> None:
    screen = world.visited()
    taken(screen)
    elsewhere = Client()
    elsewhere.cookies["sessionid"] = screen.cookies["sessionid"].value
    assert elsewhere.get("/videoreception/cabinet/")["Location"].startswith(
        "/videoreception/sign-in/"
    )
    visitors.end_overdue(now=NOW + timedelta(minutes=4))
    assert models.CitizenSession.objects.exclude(visitor=None).get().ended_at is not None


def test_a_phone_that_signed_out_meanwhile__signs_nobody_in(world: KioskWorld) -> None:
    screen = world.visited()
    device = confirmed(screen)
    device.post("/videoreception/sign-out/")
    assert screen.post(PHONE, {"take": "1"}).status_code == 409


def test_a_place__is_no_phone_of_another_place(world: KioskWorld) -> None:
    screen = world.visited()
    code = shown_code(screen)
    assert screen.post(f"{PHONE}join/", {"code": code})["Location"] == BASE
