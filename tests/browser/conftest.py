"""An agency that receives, and the page of its service."""

from typing import Any

import pytest
from wagtail.models import Page as WagtailPage

from cms_pages.models import ServicePage
from diia_videoreception.models import Official
from sandbox.demo import texts
from tests.factories import NOW, AgencyFactory, OfficialFactory, ScheduleRuleFactory
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
