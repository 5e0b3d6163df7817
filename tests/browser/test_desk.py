"""Moderators at one desk: a note on the case, taking it, handing it to a colleague; by mouse and by keyboard."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from diia_videoreception.models import AgencyModerator, CaseAssignment, CaseNote
from tests import factories
from tests.harness.browser import Browsing
from tests.harness.clock import START
from tests.steps.admin_screens import judge, member, signed_in

PAGE = {"include": [[".vr-case"]]}

pytestmark = pytest.mark.usefixtures("known_day")


def test_a_case__is_noted_taken_and_handed_over(transactional_db: None, browsing: Browsing) -> None:
    application = factories.ApplicationFactory(start=START)
    agency = application.official.agency
    for name in ("slyusar", "ivanenko"):
        AgencyModerator.objects.create(agency=agency, user=member(name))
    case = reverse("videoreception_applications:inspect", args=[application.public_id])
    page = signed_in(browsing, "desktop", "slyusar", case)
    note = page.get_by_label("Нова нотатка")
    note.fill("Просить говорити повільніше.")
    note.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Нотатку додано.")).to_be_visible()
    expect(page.locator("#notes-content").get_by_text("Просить говорити")).to_be_visible()
    assert CaseNote.objects.get().text == "Просить говорити повільніше."

    page.get_by_role("button", name="Взяти собі").click()
    expect(page.get_by_text("За заявку відповідаєте Ви.", exact=True)).to_be_visible()
    judge(page, "desk-case", **PAGE)

    page.get_by_role("link", name="Передати колезі").click()
    expect(page.get_by_role("button", name="Передати заявку")).to_be_visible()
    page.get_by_role("button", name="Передати заявку").click()
    expect(page.get_by_text("Виберіть колегу.").last).to_be_visible()
    judge(page, "desk-hand-over-error", **PAGE)
    page.get_by_label("Кому передати").select_option("ivanenko: 0 заявок у роботі")
    page.get_by_label("Що варто знати").fill("Деталі в нотатках.")
    judge(page, "desk-hand-over", **PAGE)
    page.get_by_role("button", name="Передати заявку").click()
    expect(page.get_by_text("Заявку передано.")).to_be_visible()
    expect(page.get_by_text("Відповідає: ivanenko.")).to_be_visible()
    assert CaseAssignment.objects.get().right.user.get_username() == "ivanenko"

    page.goto(reverse("videoreception_applications:index") + "?whose=mine")
    expect(page.get_by_text("Нічого не знайдено.")).to_be_visible()


def test_two_cases_of_the_list__are_taken_at_once(
    transactional_db: None, browsing: Browsing
) -> None:
    one = factories.ApplicationFactory(start=START)
    other = factories.ApplicationFactory(official=one.official, start=START + timedelta(hours=1))
    AgencyModerator.objects.create(agency=one.agency, user=member("slyusar"))
    address = reverse("videoreception_applications:index") + "?q=компенсацію"
    page = signed_in(browsing, "phone", "slyusar", address)
    page.get_by_label(f"Вибрати {one.number}").check()
    page.get_by_label(f"Вибрати {other.number}").check()
    judge(page, "desk-list", include=[["#listing-results"]])

    page.get_by_role("button", name="Взяти собі").click()
    expect(page.get_by_role("button", name="Взяти собі: 2")).to_be_visible()
    judge(page, "desk-several", **PAGE)
    page.get_by_role("button", name="Взяти собі: 2").click()

    expect(page.get_by_text("Готово: 2 заявки.")).to_be_visible()
    assert CaseAssignment.objects.count() == 2
    assert "q=" in page.url, "the list is as it was left"
