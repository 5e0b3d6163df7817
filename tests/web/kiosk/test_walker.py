"""Every address of ours in the browser of a place, and every address of a place in any other."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from diia_videoreception.web.kiosk import urls
from diia_videoreception.web.kiosk.guard import IN_VISIT, PREFIX, SIGN_IN
from tests.steps.admin import dump
from tests.steps.kiosk import BASE, KioskWorld
from tests.steps.people import sign_in

pytestmark = pytest.mark.any_database
OUTSIDE = {"calendar_feed", "sms_reports", "conference_events"}
"""What programs ask for, which stand at no place; and the API, which knows no cookie."""
HOME = f"{BASE}home/"
REFUSED = "refused"
"""What scripts of the room are told, whose page does not open here."""
VALUES = {
    "UUIDConverter": "11111111-1111-4111-8111-111111111111",
    "SlugConverter": "portal",
    "StringConverter": "x",
    "IntConverter": "1",
}


def ours() -> URLResolver:
    return next(
        one
        for one in get_resolver().url_patterns
        if isinstance(one, URLResolver) and one.app_name == "diia_videoreception"
    )


def names(resolver: URLResolver) -> Iterator[str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield one.name or ""
        elif not str(one.pattern).startswith("api/"):
            yield from names(one)


def addresses() -> dict[str, str]:
    """Every page of ours without those of places, by name."""
    wanted = set(names(ours())) - OUTSIDE
    return {name: address_of(name) for name in wanted if not name.startswith(PREFIX)}


def address_of(name: str) -> str:
    converters = ours().reverse_dict.getlist(name)[0][3]
    values = {key: VALUES[type(one).__name__] for key, one in converters.items()}
    return reverse(f"diia_videoreception:{name}", kwargs=values)


def led_to(client: Client, address: str) -> str:
    """Where an address leads: on a look, or where it takes only acts, on one; empty where a page or a script is answered."""
    answer = client.get(address)
    if answer.status_code == 405:
        answer = client.post(address)
    if answer.status_code >= 400 and answer["Content-Type"] == "application/json":
        return REFUSED
    return answer.headers.get("Location", "")


def test_the_browser_of_a_place__opens_booking_in_a_visit_and_nothing_else(
    world: KioskWorld,
) -> None:
    between = world.paired()
    places = addresses()
    assert len(places) > 60
    for address in places.values():
        assert led_to(between, address) in {BASE, REFUSED}, address
    visited = world.visited()
    sign_in(visited)
    for name, address in places.items():
        found = led_to(visited, address)
        if name in IN_VISIT:
            assert found not in {BASE, HOME, REFUSED}, address
        elif name == SIGN_IN:
            assert found.startswith(f"{BASE}phone/")
        else:
            assert found in {HOME, REFUSED}, address


def test_pages_of_a_place__show_and_change_nothing_in_another_browser(world: KioskWorld) -> None:
    visited = world.visited()
    assert visited.get(f"{BASE}home/").status_code == 200
    stranger = Client()
    before = dump()
    for pattern in urls.urlpatterns:
        address = reverse(f"diia_videoreception:{pattern.name}")
        for answer in (stranger.get(address), stranger.post(address, {"take": "1", "ask": "1"})):
            assert answer.status_code in {200, 302, 303, 405, 409, 422}, address
            assert world.centre.name not in answer.content.decode()
    after = dump()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"RequestCounter", "Session"}


def test_a_get__changes_nothing_of_a_visit_but_that_somebody_is_there(world: KioskWorld) -> None:
    visited = world.visited()
    before = dump()
    for pattern in urls.urlpatterns:
        visited.get(reverse(f"diia_videoreception:{pattern.name}"))
    after = dump()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"RequestCounter", "Session", "VisitorSession", "PairedBrowser"}
    assert world.visitor.ended_at is None
