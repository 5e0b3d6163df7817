"""The citizen's screens show the agency's clock, whatever zone the portal has active."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from diia_videoreception.models import Draft, EmailConfirmation
from diia_videoreception.personal_data import encrypt
from diia_videoreception.services import letters
from diia_videoreception.services.booking import holds
from tests.factories import NOW, ApplicationFactory, OfficialFactory, ScheduleRuleFactory, signed_in
from tests.harness.captcha import solved_captcha
from tests.harness.clock import START
from tests.harness.html import Page
from tests.steps.people import sign_in

WRONG = re.compile(r"(?<![\d:])(0?8:30|17:30|17:00|0?8:00|17:15|0?8:15|01:\d\d)(?!\d)")


def in_tokyo(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """The middleware of a portal that activates the zone of who reads."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with timezone.override("Asia/Tokyo"):
            return get_response(request)

    return middleware


@pytest.fixture
def pages(client: Client, db: None, settings: Any, time_machine: Any) -> dict[str, str]:
    time_machine.move_to(NOW, tick=False)
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.web.test_clocks.in_tokyo"]
    citizen = sign_in(client)
    official = OfficialFactory()
    ScheduleRuleFactory(official=official)
    actor = signed_in(citizen)
    application = ApplicationFactory(
        citizen=citizen, official=official, start=START, consent=citizen.consents.get()
    )
    letters.queue("receipt", application=application, now=NOW)
    holds.reserve(
        actor=actor,
        official_id=official.pk,
        start=START + timedelta(days=1),
        captcha=solved_captcha(),
        now=NOW,
    )
    Draft.objects.create(citizen=citizen, topic="Питання", created_at=NOW, updated_at=NOW)
    EmailConfirmation.objects.create(
        citizen=citizen,
        address="new@example.com",
        code_encrypted=encrypt("123456"),
        sent_at=NOW,
        expires_at=NOW + timedelta(minutes=15),
    )
    addresses = [
        reverse("diia_videoreception:cabinet"),
        reverse("diia_videoreception:case", args=[application.public_id]),
        reverse("diia_videoreception:letters"),
        reverse("diia_videoreception:profile"),
        reverse("diia_videoreception:application"),
        f"{reverse('diia_videoreception:choose')}?official={official.pk}&week=2026-11-30",
    ]
    return {address: client.get(address).text for address in addresses}


def test_screens__show_no_clock_but_the_agencys(pages: dict[str, str]) -> None:
    for address, page in pages.items():
        assert not WRONG.search(Page(page).one("main").text), address


def test_screens__say_whose_clock_it_is(pages: dict[str, str]) -> None:
    for address, page in pages.items():
        assert "Час на цій сторінці — київський, якщо не сказано інше." in page, address
        note = Page(page).one("[data-vr-zone]")
        assert note.attribute("data-vr-zone") == settings.TIME_ZONE, address
        # Bold words and the others side by side would be two narrow columns on a phone.
        assert note.one(".vr-notice > p").text == note.text, address
        assert note.attribute("hidden") is not None, address
    assert "1 грудня 2026 року, 10:30 за київським часом" in pages["/videoreception/cabinet/"]
