"""A citizen in a browser, writing an application for a held time."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from diia_videoreception.models import Citizen, Occupancy
from diia_videoreception.services.booking import holds
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
from tests.harness.clock import START
from tests.steps.browser import APPLICATION
from tests.steps.people import sign_in_browser


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
