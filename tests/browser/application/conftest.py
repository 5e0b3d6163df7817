"""A citizen in a browser, writing an application for a held time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from diia_videoreception.models import Citizen, Draft, HoldUse, Occupancy
from diia_videoreception.services.booking import drafts, holds
from diia_videoreception.services.booking.drafts import DraftAnswers
from tests.factories import (
    NOW,
    AgencyFactory,
    CitizenFactory,
    OfficialFactory,
    ScheduleRuleFactory,
    signed_in,
)
from tests.harness.browser import Browsing, Device
from tests.harness.captcha import solved_captcha
from tests.web.people import sign_in_browser

APPLICATION = "/videoreception/application/"
CHECK = "/videoreception/application/check/"
START = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
TOPIC = "Прошу роз’яснити, чому припинили компенсацію за догляд."
DEVICES: tuple[Device, Device] = ("phone", "desktop")


@pytest.fixture
def citizen(transactional_db: None, time_machine: Any) -> Citizen:
    time_machine.move_to(NOW, tick=True)
    return CitizenFactory()


@pytest.fixture
def hold(citizen: Citizen) -> Occupancy:
    official = OfficialFactory(
        unit__agency=AgencyFactory(name="Міністерство соціальної політики"),
        last_name="Коваленко",
    )
    ScheduleRuleFactory(official=official)
    return holds.reserve(
        actor=signed_in(citizen),
        official_id=official.pk,
        start=START,
        captcha=solved_captcha(),
        now=NOW,
    )


@pytest.fixture
def open_as(browsing: Browsing, citizen: Citizen) -> Callable[..., Page]:
    """`open_as(device, path)`: a page of the signed-in citizen."""

    def open_page(device: Device, path: str = APPLICATION, **options: Any) -> Page:
        page = browsing.open(device, **options)
        sign_in_browser(page, browsing.watch.origin, citizen)
        page.goto(path)
        return page

    return open_page


def write(citizen: Citizen, **answers: Any) -> Draft:
    return drafts.save_answers(
        citizen=citizen,
        answers=DraftAnswers(**({"topic": TOPIC, "phone": "067 123 45 67"} | answers)),
        now=NOW,
    )


def end_hold(hold: Occupancy) -> None:
    past = {
        "created_at": NOW - timedelta(minutes=20),
        "expires_at": NOW - timedelta(minutes=5),
    }
    Occupancy.objects.filter(pk=hold.pk).update(**past)
    HoldUse.objects.filter(token=hold.token).update(**past)


def file_of(content: bytes, name: str) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def fits(page: Page) -> None:
    """Nothing sticks out to the right."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
