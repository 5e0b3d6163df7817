"""A moderator gives a reception to another official: the choice, the letter, the act; by mouse and by keyboard."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from diia_videoreception.models import AgencyModerator, Application
from tests import factories
from tests.harness.browser import Browsing
from tests.steps.admin_screens import judge, member, signed_in
from tests.steps.reassigning import colleague_of

PAGE = {"include": [[".vr-case"]]}


@pytest.fixture(autouse=True)
def _no_pictures_from_elsewhere(settings: Any) -> None:
    settings.WAGTAIL_GRAVATAR_PROVIDER_URL = None


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_a_case__is_given_to_who_is_free(
    transactional_db: None, browsing: Browsing, device: str
) -> None:
    application = factories.ApplicationFactory(official=factories.ScheduleRuleFactory().official)
    other = colleague_of(application.official)
    agency = application.official.agency
    AgencyModerator.objects.create(agency=agency, user=member("slyusar"))
    case = reverse("videoreception_applications:inspect", args=[application.public_id])
    page = signed_in(browsing, device, "slyusar", case)
    page.get_by_role("link", name="Передати іншій посадовій особі").click()
    expect(page.get_by_role("group", name="Вільні в цей час")).to_be_visible()
    page.get_by_role("button", name="Переглянути, що прочитає заявник").click()
    expect(page.get_by_text("Виберіть посадову особу.").last).to_be_visible()
    judge(page, "reassign-error", **PAGE)
    page.get_by_label(other.full_name).press("Space")
    page.get_by_role("button", name="Переглянути, що прочитає заявник").press("Enter")
    expect(page.locator("blockquote.vr-preview")).to_contain_text(other.full_name)
    judge(page, "reassign-letter", **PAGE)
    page.get_by_role("button", name="Передати і надіслати лист").click()
    expect(page.get_by_text("Заявника прийме інша посадова особа.")).to_be_visible()
    assert Application.objects.get().official == other
