"""What every screen has around it: sign-in, refusals as pages, nothing kept by the browser."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone

from diia_videoreception import errors
from diia_videoreception.models import Occupancy
from diia_videoreception.services.documents.inspection.errors import FileBusy
from diia_videoreception.templatetags.videoreception import icon, timer
from diia_videoreception.web.decorators import citizen_required, screen
from diia_videoreception.web.icons import ICONS
from integrations.common.local_urls import local_url
from tests import urls as portal_urls
from tests.factories import NOW, CitizenFactory, OfficialFactory
from tests.harness.html import Page
from tests.steps.people import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

_RAISED: list[Exception] = []


@citizen_required
def personal(request: HttpRequest) -> HttpResponse:
    return HttpResponse("особисте")


@screen
def refusing(request: HttpRequest) -> HttpResponse:
    raise _RAISED[-1]


urlpatterns = [
    *portal_urls.urlpatterns[:-1],
    path("personal/", personal),
    path("refusing/", refusing),
    portal_urls.urlpatterns[-1],
]


@pytest.fixture(autouse=True)
def _here(settings: Any, time_machine: Any) -> Iterator[None]:
    settings.ROOT_URLCONF = __name__
    time_machine.move_to(NOW, tick=False)
    yield
    _RAISED.clear()


def refuse(client: Client, error: Exception, **headers: str) -> Any:
    _RAISED.append(error)
    return client.get("/refusing/", headers=headers)


def test_a_guest__signs_in_first_and_comes_back(client: Client) -> None:
    answer = client.get("/personal/?a=1&b=2")
    assert answer.status_code == 303
    assert answer.headers["Location"] == (
        f"{reverse('diia_videoreception:sign_in')}?next=%2Fpersonal%2F%3Fa%3D1%26b%3D2"
    )
    sign_in(client)
    page = client.get("/personal/")
    assert page.text == "особисте"
    assert {"no-store", "private"} <= set(page.headers["Cache-Control"].split(", "))


@pytest.mark.parametrize(
    ("referer", "wanted"),
    [
        ("http://testserver/personal/form/?x=1#part", "next=%2Fpersonal%2Fform%2F%3Fx%3D1"),
        ("https://evil.example/personal/", "next="),
        ("", "next="),
    ],
)
def test_after_a_form__one_comes_back_to_the_page_it_stood_on(
    client: Client, referer: str, wanted: str
) -> None:
    answer = client.post("/personal/", headers={"Referer": referer})
    assert answer.headers["Location"].endswith(wanted)


def test_a_script__is_told_that_the_session_has_ended(client: Client) -> None:
    answer = client.post("/personal/", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert json.loads(answer.content)["error"]["code"] == "session_ended"


@pytest.mark.parametrize("ended", ["idle", "signed out"])
def test_an_ended_session__opens_nothing(client: Client, time_machine: Any, ended: str) -> None:
    citizen = sign_in(client)
    if ended == "idle":
        time_machine.move_to(NOW + timedelta(minutes=31), tick=False)
    else:
        citizen.sessions.update(ended_at=NOW)
    assert client.get("/personal/").status_code == 303


def test_looking_around__keeps_the_session_alive_but_not_for_ever(
    client: Client, time_machine: Any
) -> None:
    sign_in(client)
    for minutes in range(20, 480, 20):
        time_machine.move_to(NOW + timedelta(minutes=minutes), tick=False)
        assert client.get("/personal/").status_code == 200
    time_machine.move_to(NOW + timedelta(minutes=480), tick=False)
    assert client.get("/personal/").status_code == 303


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (errors.NotFound(), 404, "Такої сторінки немає"),
        (Http404(), 404, "Такої сторінки немає"),
        (errors.Forbidden(), 403, "У Вас немає доступу"),
        (PermissionDenied(), 403, "У Вас немає доступу"),
        (errors.Busy(), 503, "за мить"),
        (errors.SlotTaken(), 409, "Цей час щойно зайняли."),
    ],
)
def test_a_refusal__becomes_a_page_with_its_status(
    client: Client, error: Exception, status: int, words: str
) -> None:
    page = refuse(client, error)
    assert page.status_code == status
    assert words in page.text
    assert Page(page).heading, "one and no other"
    assert "no-store" in page.headers["Cache-Control"]


def test_a_refusal__becomes_json_for_a_script(client: Client) -> None:
    answer = refuse(client, errors.SlotTaken(), Accept="application/json")
    assert answer.status_code == 409
    assert json.loads(answer.content) == {
        "error": {
            "code": "slot_taken",
            "message": "Цей час щойно зайняли. Виберіть, будь ласка, інший.",
        }
    }


def test_a_limit__says_when_to_come_back(client: Client) -> None:
    until = timezone.now() + timedelta(seconds=90)
    page = refuse(client, errors.TooManyRequests(until=until))
    assert page.status_code == 429
    assert page.headers["Retry-After"] == "90"


def test_a_crowd__says_when_to_come_back(client: Client) -> None:
    assert refuse(client, errors.Busy()).headers["Retry-After"] == "1"
    assert refuse(client, FileBusy(name="a.pdf")).headers["Retry-After"] == "60"
    assert "Retry-After" not in refuse(client, errors.SlotTaken()).headers


def test_an_untrusted_form__gets_plain_words(settings: Any) -> None:
    settings.CSRF_FAILURE_VIEW = "diia_videoreception.web.errors.csrf_failure"
    answer = Client(enforce_csrf_checks=True).post("/personal/")
    assert answer.status_code == 403
    assert "Сторінка була відкрита надто довго" in answer.text


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("/videoreception/", True),
        ("/videoreception/?next=https://evil.example", True),
        ("https://evil.example/", False),
        ("//evil.example/", False),
        ("///evil.example/", False),
        ("/\\evil.example/", False),
        ("/\t/evil.example/", False),
        ("evil", False),
        ("", False),
        (None, False),
    ],
)
def test_only_addresses_of_this_portal__are_local(url: str | None, kept: bool) -> None:
    assert bool(local_url(url)) is kept


def test_the_screen__joins_no_transaction_of_the_portal() -> None:
    assert personal._non_atomic_requests == {"default"}  # type: ignore[attr-defined]


def test_a_guest__gets_no_cookie(client: Client) -> None:
    client.get(reverse("diia_videoreception:choose"))
    assert not client.cookies


@pytest.mark.parametrize("name", ICONS)
def test_icons__say_nothing_to_screen_readers(name: str) -> None:
    picture = Page(icon(name)).one("svg.vr-icon")

    assert picture.attribute("aria-hidden") == "true"
    assert picture.all("*"), "something is drawn"


def _hold(seconds: float) -> Occupancy:
    ends = NOW + timedelta(seconds=seconds)
    return Occupancy(
        official=OfficialFactory(), citizen=CitizenFactory(), start=NOW, expires_at=ends
    )


@pytest.mark.parametrize(
    ("seconds", "left", "late"),
    [(900, "15\u00a0хвилин", False), (121, "3\u00a0хвилини", False), (61, "2\u00a0хвилини", True)],
)
def test_the_timer__counts_from_the_server(seconds: int, left: str, late: bool) -> None:
    hold = _hold(seconds)
    shown = timer(hold, NOW)
    assert (shown["seconds"], shown["left"], shown["late"]) == (seconds, left, late)
    texts = shown["texts"]
    assert texts["left"][-1] == left
    assert texts["announcements"][1] == "Залишилася 1\u00a0хвилина. Заповнене не зникне."
    assert all(minutes in texts["announced_minutes"] for minutes in (10, 5, 2, 1))


def test_the_timer_of_an_ended_hold__stands_at_zero() -> None:
    hold = _hold(-1)
    assert timer(hold, NOW)["seconds"] == 0
