"""Two people wait for an official; the first who is asked declines, the second takes the time and fills in the form."""

from typing import Any

from django.urls import reverse
from playwright.sync_api import Page, expect

from diia_videoreception.models import Official, WaitingEntry
from diia_videoreception.services.booking import applications
from tests.factories import CitizenFactory, signed_in
from tests.harness.browser import Browsing, Device, axe
from tests.harness.clock import NOW, START
from tests.steps.browser import fits
from tests.steps.people import sign_in_browser
from tests.steps.waiting import fill, serve

JOIN = "Повідомити, коли звільниться час"
TAKE = "Узяти цей час"


def looked_at(page: Page) -> None:
    """In both widths it fits, and nothing hinders anybody."""
    for width, height in ((360, 740), (1280, 900)):
        page.set_viewport_size({"width": width, "height": height})
        fits(page)
        axe(page)


def joined(browsing: Browsing, official: Official, device: Device) -> Page:
    """Somebody who has come from the schedule into the queue, by keyboard."""
    page = browsing.open(device)
    sign_in_browser(page, browsing.watch.origin, CitizenFactory())
    page.goto(f"{reverse('diia_videoreception:choose')}?official={official.pk}")
    expect(page.get_by_text("немає вільного часу").first).to_be_visible()
    page.get_by_role("link", name=JOIN).press("Enter")
    expect(page.get_by_role("heading", name=JOIN, level=1)).to_be_visible()
    day = page.get_by_label("Вівторок")
    day.uncheck()
    page.get_by_role("button", name="Стати в чергу").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Оберіть дні, які Вам підходять.")
    looked_at(page)
    page.get_by_label("Вівторок").press("Space")
    page.get_by_role("button", name="Стати в чергу").press("Enter")
    expect(page.get_by_text("Ви в черзі. Повідомимо, щойно звільниться час.")).to_be_visible()
    return page


def offer(page: Page) -> None:
    page.reload()
    looked_at(page)
    page.get_by_role("link", name="Узяти час або відмовитися").click()
    expect(page.get_by_role("heading", name="Звільнився час у посадової особи")).to_be_visible()
    looked_at(page)


def test_an_offer__is_declined_by_the_first_and_taken_by_the_second(
    receiving: Official, browsing: Browsing, time_machine: Any
) -> None:
    full = fill(receiving)
    first = joined(browsing, receiving, "phone")
    second = joined(browsing, receiving, "desktop")
    expect(first.get_by_text("Ви перші в черзі.")).to_be_visible()
    expect(second.get_by_text("Перед Вами в черзі 1 людина.")).to_be_visible()
    looked_at(second)

    cancelled = full.first
    actor = signed_in(cancelled.citizen)
    applications.cancel(actor=actor, public_id=cancelled.public_id, now=NOW)
    offer(first)
    first.get_by_role("button", name="Відмовитися").press("Enter")
    expect(first.get_by_text("Відмовлено. Час пропонуємо наступній людині.")).to_be_visible()
    first.go_back()
    first.reload()
    expect(first.get_by_text("Ви відмовилися від цього часу.")).to_be_visible()
    looked_at(first)
    serve(NOW)

    offer(second)
    second.get_by_role("button", name=TAKE).press("Enter")
    expect(
        second.get_by_text("Час за Вами до").or_(second.get_by_role("timer")).first
    ).to_be_visible()
    expect(second).to_have_url(
        f"{browsing.watch.origin}{reverse('diia_videoreception:application')}"
    )
    states = WaitingEntry.objects.order_by("created_at").values_list("state", "missed")
    assert list(states) == [("waiting", 1), ("served", 0)]
    assert full.official.occupancies.get(kind="hold").start == START

    first.goto(reverse("diia_videoreception:cabinet"))
    first.get_by_role("link", name="Вийти з черги").press("Enter")
    expect(first.get_by_role("heading", name="Вийти з черги", level=1)).to_be_visible()
    looked_at(first)
    first.get_by_role("button", name="Вийти з черги").press("Enter")
    expect(first.get_by_text("Ви вийшли з черги.")).to_be_visible()
