"""An agency that receives, and the page of its service."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from wagtail.models import Page as WagtailPage

from cms_pages.models import ServicePage
from diia_videoreception.models import AgencyModerator, Application, Official
from sandbox.demo import texts
from tests.factories import (
    NOW,
    AgencyFactory,
    ApplicationFactory,
    OfficialFactory,
    ScheduleRuleFactory,
)
from tests.harness.browser import Browsing
from tests.steps.admin_screens import member, signed_in
from tests.steps.browser import AGENCY


@pytest.fixture
def known_day(settings: Any, time_machine: Any) -> None:
    """It is NOW, and staff have no pictures from elsewhere."""
    time_machine.move_to(NOW, tick=True)
    settings.WAGTAIL_GRAVATAR_PROVIDER_URL = None


@pytest.fixture
def receiving(transactional_db: None, time_machine: Any) -> Official:
    """An official who receives every working morning; it is NOW."""
    time_machine.move_to(NOW, tick=True)
    official = OfficialFactory(unit__agency=AgencyFactory(name=AGENCY), last_name="Коваленко")
    ScheduleRuleFactory(official=official)
    return official


@pytest.fixture
def service_page(receiving: Official) -> ServicePage:
    page = ServicePage(
        title="Прийом громадян за допомогою відеозв’язку",
        slug="pryiom",
        body=texts.ABOUT,
        terms=texts.TERMS,
    )
    WagtailPage.objects.get(depth=2).add_child(instance=page)
    page.save_revision().publish()
    return page


@pytest.fixture
def application(known_day: None, receiving: Official, settings: Any) -> Application:
    """For 9:00 of a day of the next week, with a conference that the portal need not ask; `moderator` may decide."""
    conference = {"default": {"BACKEND": "integrations.conference.external.ExternalProgram"}}
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": conference}
    AgencyModerator.objects.create(agency=receiving.agency, user=member("moderator"))
    start = datetime(2026, 12, 1, 7, tzinfo=UTC)
    return ApplicationFactory(official=receiving, start=start, number="ВП-2026-000101-0")


@pytest.fixture
def moderator(application: Application, browsing: Browsing) -> Callable[..., Page]:
    """`moderator("phone")`: at the home page of the admin, one application waits."""

    def sign_in(device: Any = "desktop", **options: Any) -> Page:
        page = signed_in(browsing, device, "moderator", "/admin/login/", **options)
        expect(page.get_by_text("Чекають рішення: 1")).to_be_visible()
        return page

    return sign_in
