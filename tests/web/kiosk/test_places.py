"""A browser becomes that of a place, serves one visitor after another, and is shut out."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from diia_videoreception import models
from diia_videoreception.services.kiosk import pairing, visitors
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import client_of
from tests.steps.kiosk import BASE, COOKIE, VISITOR, KioskWorld
from tests.steps.people import sign_in

pytestmark = pytest.mark.any_database
LATER = NOW + timedelta(minutes=5)


def screen_of(client: Client, page: str = "") -> str:
    return client.get(f"{BASE}{page}").content.decode()


def cookies(client: Client) -> set[str]:
    """The cookies that the browser has; unlike one, the client of the tests keeps what was deleted."""
    for name in [name for name, one in client.cookies.items() if one["max-age"] == 0]:
        del client.cookies[name]
    return set(client.cookies)


def test_a_browser_without_code__gets_the_form_and_begins_nothing(world: KioskWorld) -> None:
    client = Client()
    assert Page(client.get(BASE)).has("input[name=code]")
    assert client.post(f"{BASE}begin/")["Location"] == BASE
    assert client.get(f"{BASE}home/")["Location"] == BASE
    assert not models.VisitorSession.objects.exists()


def test_the_code__makes_one_browser_that_of_the_place(world: KioskWorld) -> None:
    code, client, rival = world.code(), Client(), Client()
    typed = f"{code[:4].lower()} - {code[4:]}"
    assert client.post(f"{BASE}pair/", {"code": typed})["Location"] == BASE
    assert world.place.label in screen_of(client)
    assert cookies(client) == {COOKIE}
    answer = rival.post(f"{BASE}pair/", {"code": code})
    assert answer.status_code == 422
    assert COOKIE not in rival.cookies
    kept = client.cookies[COOKIE]
    assert kept["httponly"]
    assert kept["samesite"] == "Lax"
    assert kept.value.partition(".")[2] not in str(models.PairedBrowser.objects.values())
    assert world.acts()[-2:] == ["pairing_code_made", "browser_paired"]


@pytest.mark.parametrize("code", ["", "WRONG", "22222222", "x" * 300, "2222222Ї"])
def test_a_wrong_code__is_refused(world: KioskWorld, code: str) -> None:
    world.code()
    assert Client().post(f"{BASE}pair/", {"code": code}).status_code == 422
    assert not world.browser.is_paired


def test_a_code__dies_after_ten_minutes_and_with_the_next_one(
    world: KioskWorld, time_machine: Any
) -> None:
    first = world.code()
    second = world.code()
    assert Client().post(f"{BASE}pair/", {"code": first}).status_code == 422
    time_machine.move_to(NOW + pairing.CODE_LIVES, tick=False)
    assert Client().post(f"{BASE}pair/", {"code": second}).status_code == 422


def test_over_https__both_cookies_are_bound_to_the_host(world: KioskWorld) -> None:
    client = Client()
    client.post(f"{BASE}pair/", {"code": world.code()}, secure=True)
    client.post(f"{BASE}begin/", secure=True)
    for name in (COOKIE, VISITOR):
        kept = client.cookies[f"__Host-{name}"]
        assert kept["secure"]
        assert kept["path"] == "/"
        assert not kept["domain"]


def test_a_browser_with_a_session_of_staff__is_not_paired_and_serves_nobody(
    world: KioskWorld,
) -> None:
    staff = client_of(world.centres.head)
    assert staff.post(f"{BASE}pair/", {"code": world.code()}).status_code == 403
    assert not world.browser.is_paired
    client = world.visited()
    client.force_login(world.centres.administrator)
    for page in ("", "home/", "wiped/", "help/"):
        answer = client.get(f"{BASE}{page}")
        assert answer.status_code == 403
        assert "staff_at_place" in answer.content.decode()
    assert client.post(f"{BASE}begin/").status_code == 403


@pytest.mark.parametrize("kind", ["token", "place", "nonsense"])
def test_a_forged_cookie__gets_out_of_order_and_is_recorded_once_a_minute(
    world: KioskWorld, kind: str, time_machine: Any
) -> None:
    world.paired()
    shown = {
        "token": f"{world.place.public_id.hex}.{'A' * 43}",
        "place": f"{'0' * 32}.{'A' * 43}",
        "nonsense": "x.y" * 500,
    }[kind]
    forger = Client()
    forger.cookies[COOKIE] = shown
    answer = forger.get(BASE)
    assert answer.status_code == 503
    assert world.centre.name not in answer.content.decode()
    forger.get(BASE)
    assert forger.post(f"{BASE}begin/")["Location"] == BASE
    known = kind == "token"
    assert world.acts().count("browser_refused") == known
    time_machine.move_to(NOW + timedelta(minutes=1), tick=False)
    forger.get(BASE)
    assert world.acts().count("browser_refused") == 2 * known
    assert world.browser.is_paired


def test_a_copied_cookie__shuts_both_browsers_out_once_the_right_one_has_gone_on(
    world: KioskWorld, time_machine: Any
) -> None:
    client, thief = world.paired(), Client()
    thief.cookies[COOKIE] = client.cookies[COOKIE].value
    client.post(f"{BASE}begin/")
    assert client.get(f"{BASE}home/").status_code == 200
    # What was under way with the token before is no theft.
    assert thief.get(BASE).status_code == 200
    time_machine.move_to(NOW + pairing.IN_FLIGHT + timedelta(seconds=1), tick=False)
    assert thief.get(BASE).status_code == 503
    assert client.get(BASE).status_code == 503
    assert client.get(f"{BASE}home/")["Location"] == BASE
    assert not world.browser.is_paired
    assert world.visitor.end_reason == "unpaired"
    assert world.acts().count("browser_copied") == 1


def test_a_new_token_that_got_lost__leaves_the_browser_with_the_one_before(
    world: KioskWorld, time_machine: Any
) -> None:
    client = world.paired()
    before = client.cookies[COOKIE].value
    client.post(f"{BASE}begin/")
    client.cookies[COOKIE] = before
    time_machine.move_to(LATER, tick=False)
    assert client.get(BASE).status_code == 200
    assert client.post(f"{BASE}begin/")["Location"] == f"{BASE}home/"


def test_pairing_anew__takes_the_place_from_the_browser_before(world: KioskWorld) -> None:
    before = world.visited()
    after = world.paired()
    assert before.get(f"{BASE}home/")["Location"] == BASE
    assert before.get(BASE).status_code == 503
    assert after.get(BASE).status_code == 200
    assert world.visitor.end_reason == "paired_anew"


@pytest.mark.parametrize("why", ["paused", "revoked", "suspended", "no_decision", "unpaired"])
def test_a_place_that_must_not_serve__is_out_of_order_and_begins_nothing(
    world: KioskWorld, why: str
) -> None:
    client = world.paired()
    about = {"staff": world.centres.head, "now": NOW}
    match why:
        case "suspended":
            models.Centre.objects.update(
                state="suspended", suspended_at=NOW, suspension_reason="Перевірка."
            )
        case "no_decision":
            models.CentreDecision.objects.filter(function="self_service").update(ended_at=NOW)
        case "unpaired":
            pairing.unpair(world.centre.public_id, world.place.public_id, **about)
        case state:
            models.CentreWorkplace.objects.filter(pk=world.place.pk).update(state=state)
    assert client.get(BASE).status_code == 503
    assert client.post(f"{BASE}begin/")["Location"] == BASE
    assert not models.VisitorSession.objects.exists()


def test_outside_the_hours__the_place_shows_them_and_begins_nothing(world: KioskWorld) -> None:
    client = world.paired()
    models.CentreHours.objects.all().delete()
    assert f"{BASE}begin/" not in screen_of(client)
    client.post(f"{BASE}begin/")
    assert not models.VisitorSession.objects.exists()


def test_the_start__leaves_no_cookie_but_the_one_of_the_browser(world: KioskWorld) -> None:
    client = world.paired()
    assert f"{BASE}begin/" in screen_of(client)
    assert cookies(client) == {COOKIE}


def test_a_visit__ends_with_all_wiped_on_the_server_and_in_the_browser(world: KioskWorld) -> None:
    client = world.visited()
    screen_of(client, "home/")
    client.post(f"{BASE}look/", {"look": "larger"})
    client.post(f"{BASE}look/", {"language": "en"})
    session = client.session
    session["typed"] = "Марія"
    session.save()
    assert len(cookies(client)) >= 5
    key = client.session.session_key
    answer = client.post(f"{BASE}end/")
    assert answer["Location"] == f"{BASE}wiped/"
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert cookies(client) == {COOKIE}
    assert not Session.objects.filter(session_key=key).exists()
    assert screen_of(client, "wiped/")
    assert cookies(client) == {COOKIE}
    for page in ("home/", "help/"):
        assert client.get(f"{BASE}{page}")["Location"] == BASE
    assert client.get("/videoreception/choose/")["Location"] == BASE
    assert world.visitor.end_reason == "finished"
    assert world.acts()[-2:] == ["self_service_begun", "self_service_ended"]


def test_the_cookie_of_a_visitor__is_worth_nothing_after_the_visit_or_in_another_browser(
    world: KioskWorld,
) -> None:
    client = world.visited()
    kept = client.cookies[VISITOR].value
    other = Client()
    other.cookies[VISITOR] = kept
    assert other.get(f"{BASE}home/")["Location"] == BASE
    client.post(f"{BASE}end/")
    client.cookies[VISITOR] = kept
    assert client.get(f"{BASE}home/")["Location"] == BASE


def test_two_visitors_one_after_the_other__have_nothing_of_each_other(world: KioskWorld) -> None:
    client = world.visited()
    client.post(f"{BASE}look/", {"look": "contrast"})
    first = world.visitor
    client.post(f"{BASE}begin/")
    second = world.visitor
    first.refresh_from_db()
    assert (first.end_reason, second.ended_at) == ("next", None)
    assert first.token_hash != second.token_hash


def test_a_browser_closed_in_the_middle__has_nothing_of_the_visit_at_its_next_start(
    world: KioskWorld,
) -> None:
    client = world.visited()
    screen_of(client, "home/")
    assert "csrftoken" in cookies(client)
    del client.cookies[VISITOR]
    assert client.get(BASE)["Clear-Site-Data"]
    assert cookies(client) == {COOKIE}
    client.post(f"{BASE}look/", {"look": "larger"})
    assert "Clear-Site-Data" not in client.get(BASE)


@pytest.mark.parametrize(
    ("silence", "reason"),
    [(timedelta(minutes=3), "idle"), (timedelta(minutes=45), "limit")],
)
def test_a_visitor_who_walks_away__is_wiped_also_where_the_screen_does_not(
    world: KioskWorld, time_machine: Any, silence: timedelta, reason: str
) -> None:
    client = world.visited()
    later: datetime = NOW + silence
    if reason == "limit":
        models.VisitorSession.objects.update(seen_at=later)
    time_machine.move_to(later, tick=False)
    answer = client.get(f"{BASE}home/")
    assert answer["Location"] == BASE
    assert answer["Clear-Site-Data"]
    assert cookies(client) == {COOKIE}
    assert visitors.end_overdue(now=later) == 1
    assert world.visitor.end_reason == reason
    assert visitors.end_overdue(now=later) == 0


def test_the_screen__says_that_somebody_is_there_and_learns_when_the_visit_is_over(
    world: KioskWorld, time_machine: Any
) -> None:
    client = world.visited()
    time_machine.move_to(NOW + timedelta(minutes=2), tick=False)
    asking = {"headers": {"accept": "application/json"}}
    answer = client.post(f"{BASE}seen/", **asking)
    assert answer.json() == {"seconds": 43 * 60, "called": False, "coming": False}
    time_machine.move_to(NOW + timedelta(minutes=4), tick=False)
    assert client.get(f"{BASE}home/").status_code == 200
    client.post(f"{BASE}end/")
    assert client.post(f"{BASE}seen/", **asking).status_code == 401


def test_a_call_for_help__is_shown_until_somebody_comes_or_it_is_taken_back(
    world: KioskWorld,
) -> None:
    client = world.visited()
    assert client.get(f"{BASE}help/")["Location"] == f"{BASE}home/"
    for _time in range(2):
        answer = client.post(f"{BASE}help/", {"next": f"{BASE}home/"})
        assert client.get(answer["Location"]).status_code == 200
    assert world.visitor.needs_help_since == NOW
    client.post(f"{BASE}help/", {"cancel": "1", "next": "https://evil.example/"})
    assert world.visitor.needs_help_since is None
    assert world.acts()[-2:] == ["help_called", "help_cancelled"]


def test_a_page_of_a_citizen__does_not_open_in_the_browser_of_a_place(world: KioskWorld) -> None:
    client = world.visited()
    sign_in(client)
    for page in ("cabinet/", "profile/", "letters/", "profile/reminders/"):
        assert client.get(f"/videoreception/{page}")["Location"] == f"{BASE}home/"
    asking = {"headers": {"accept": "application/json"}}
    assert client.get("/videoreception/cabinet/", **asking).status_code == 401


def test_the_script_for_a_lost_line__keeps_the_page_out_of_order_alone(world: KioskWorld) -> None:
    answer = Client().get(f"{BASE}worker.js")
    assert answer["Service-Worker-Allowed"] == "/videoreception/"
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer.content.decode().count(".html") == 0
    page = world.paired().get(f"{BASE}broken/")
    assert page.status_code == 200
    assert b"<form" not in page.content
