"""A moderator gives a reception to another official: the choice, the letter, the act; by mouse and by keyboard."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from diia_videoreception.models import AgencyModerator, Application, Proposal
from tests import factories
from tests.harness.browser import Browsing
from tests.harness.clock import START
from tests.steps.admin_screens import judge, member, signed_in
from tests.steps.reassigning import colleague_of

PAGE = {"include": [[".vr-case"]]}

pytestmark = pytest.mark.usefixtures("known_day")


def test_a_case__is_given_to_who_is_free(transactional_db: None, browsing: Browsing) -> None:
    application = factories.ApplicationFactory(
        official=factories.ScheduleRuleFactory().official, start=START
    )
    other = colleague_of(application.official)
    agency = application.official.agency
    AgencyModerator.objects.create(agency=agency, user=member("slyusar"))
    case = reverse("videoreception_applications:inspect", args=[application.public_id])
    page = signed_in(browsing, "desktop", "slyusar", case)
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


def test_where_nobody_is_free__another_time_of_a_colleague_is_proposed(
    transactional_db: None, browsing: Browsing
) -> None:
    application = factories.ApplicationFactory(
        official=factories.ScheduleRuleFactory().official, start=START
    )
    other = colleague_of(application.official)
    factories.ApplicationFactory(official=other, start=START)
    AgencyModerator.objects.create(agency=other.agency, user=member("slyusar"))
    address = reverse("videoreception_applications:reassign", args=[application.public_id])
    page = signed_in(browsing, "phone", "slyusar", address)
    expect(page.get_by_text("ніхто інший в установі не вільний")).to_be_visible()
    judge(page, "reassign-nobody", **PAGE)
    page.get_by_role("link", name="Запропонувати інший час").click()
    page.get_by_label("Чий час").select_option(f"{other.full_name}, {other.post}")
    page.get_by_role("button", name="Показати час").press("Enter")
    expect(page.get_by_text(f"прийматиме {other.full_name}")).to_be_visible()
    page.get_by_label("11:30").first.check()
    page.get_by_label("Чому змінюємо час").fill("Посадова особа захворіла.")
    judge(page, "propose-other", **PAGE)
    page.get_by_role("button", name="Переглянути, що прочитає заявник").click()
    expect(page.locator("blockquote.vr-preview")).to_contain_text(other.full_name)
    judge(page, "propose-other-letter", **PAGE)
    page.get_by_role("button", name="Запропонувати і надіслати лист").click()
    expect(page.get_by_text("Час запропоновано.")).to_be_visible()
    assert Proposal.objects.get().official == other
