"""«Календар» of staff: an address as an official, where the agency allows it, and one as a moderator."""

import pytest
from django.test import Client

from diia_videoreception.models import CalendarFeed
from tests.harness.html import Page
from tests.steps.officials import World

pytestmark = pytest.mark.any_database

PAGE = "/videoreception/staff/calendars/"
OWN_FORMS = "main form:not([action*=sign-out])"
"""Of the page itself; the one to sign out stands on every page of staff."""


def allow(world: World) -> None:
    world.official.agency.official_feeds = True
    world.official.agency.save()


def make(client: Client, audience: str) -> str:
    page = client.post(PAGE, {"act": "make", "audience": audience}, follow=True)
    return Page(page).one("output").text.removeprefix("http://testserver")


def test_official__is_told_that_the_agency_does_not_allow_it(world: World) -> None:
    client = world.client("receiver")
    page = client.get(PAGE)
    assert "не дозволила" in page.text
    assert not Page(page).has(OWN_FORMS)
    answer = client.post(PAGE, {"act": "make", "audience": "official"})
    assert answer.status_code == 403
    assert not CalendarFeed.objects.exists()


@pytest.mark.parametrize(
    ("who", "audience"), [("receiver", "official"), ("moderator", "moderator")]
)
def test_staff__make_and_end_their_address(world: World, who: str, audience: str) -> None:
    allow(world)
    client = world.client(who)
    assert "календар" in client.get(PAGE).text
    address = make(client, audience)
    shown = Client().get(address)
    assert shown.status_code == 200
    forms = Page(client.get(PAGE)).all(OWN_FORMS)
    assert len([form for form in forms if form.token]) == len(forms) == 2
    assert world.today.number in shown.content.decode()
    assert world.foreign.number not in shown.content.decode()
    client.post(PAGE, {"act": "end", "audience": audience})
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize(
    ("who", "audience"),
    [
        ("receiver", "moderator"),
        ("moderator", "official"),
        ("receiver", "citizen"),
        ("receiver", ""),
    ],
)
def test_nobody__makes_one_for_a_role_that_they_do_not_have(
    world: World, who: str, audience: str
) -> None:
    allow(world)
    answer = world.client(who).post(PAGE, {"act": "make", "audience": audience})
    assert answer.status_code == 403
    assert not CalendarFeed.objects.exists()
