"""The whole way of a citizen: service page, sign-in, time, application, decision, letters (A-20 to A-56)."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone
from playwright.sync_api import Page, expect

from cms_pages.models import ServicePage
from diia_videoreception.models import (
    AgencyModerator,
    Application,
    Citizen,
    CitizenSession,
    Document,
    Draft,
    Letter,
    Occupancy,
    Official,
)
from diia_videoreception.services.housekeeping import steps as housekeeping
from tests.browser.portal_site import PortalSite, portal_site
from tests.factories import NOW
from tests.harness.browser import Browsing, Device
from tests.harness.smtp import MailServer
from tests.steps.browser import AGENCY
from tests.steps.samples import png

BUTTON = "Записатися на прийом"
TOPIC = "Прошу роз’яснити, чому припинили компенсацію за догляд."
FIRST, SECOND = datetime(2026, 12, 1, 8, 30, tzinfo=UTC), datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
"""10:30 and 11:00 in Kyiv."""


@pytest.fixture
def portal(browsing: Browsing, settings: Any) -> Iterator[PortalSite]:
    with portal_site() as site:
        settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
            "IDENTITY": {"portal": site.provider}
        }
        browsing.expect(f"foreign host: {site.url}/")
        yield site


@pytest.fixture
def staff(receiving: Official) -> Callable[[Page, str], None]:
    """`staff(page, name)`: signs the moderator of the agency, or an editor, in to Wagtail."""
    for name in ("moderator", "editor"):
        user = get_user_model().objects.create_user(name, password=name)
        user.user_permissions.add(Permission.objects.get(codename="access_admin"))
        if name == "moderator":
            AgencyModerator.objects.create(agency=receiving.agency, user=user)

    def sign_in(page: Page, name: str) -> None:
        page.goto("/admin/login/")
        page.locator("input[name=username]").fill(name)
        page.locator("input[name=password]").fill(name)
        page.locator("button[type=submit]").click()
        page.wait_for_url("**/admin/")

    return sign_in


def sign_in_by_portal(page: Page, portal: PortalSite) -> None:
    """From the sign-in page over the portal and back."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Як Ви хочете увійти?")
    page.get_by_role("button", name="Обліковий запис порталу").click()
    page.wait_for_url(f"{portal.url}/identity/**")
    page.get_by_role("button", name="Повернутися до запису").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Це Ви?")
    expect(page.get_by_text("Ґудзь Соломія Ярославівна")).to_be_visible()
    expect(page.get_by_text("Ви починали вхід не тут")).to_have_count(0)
    page.get_by_role("button", name="Так, увійти").click()


def deliver(smtp: MailServer, to: str) -> EmailMessage:
    """Lets housekeeping send what is due; gives the last letter that arrived at this address."""
    done = dict(housekeeping.run(timezone.now))
    assert None not in done.values(), f"a step failed: {done}"
    letters = [letter for letter in smtp.messages if letter["To"] == to]
    assert letters, f"{to} got nothing, but {[letter['To'] for letter in smtp.messages]}"
    return letters[-1]


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


def event_in(letter: EmailMessage) -> Any:
    """The calendar event that comes with the letter."""
    files = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    assert files, "the letter carries no calendar"
    return icalendar.Calendar.from_ical(files[0].get_payload(decode=True)).walk("VEVENT")[0]


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_citizen__comes_from_the_service_page_to_the_moved_and_cancelled_reception(
    browsing: Browsing,
    service_page: ServicePage,
    portal: PortalSite,
    staff: Callable[[Page, str], None],
    smtp: MailServer,
    device: Device,
) -> None:
    page = browsing.open(device)
    page.goto(service_page.url)
    page.get_by_role("button", name=BUTTON).click()
    expect(page.get_by_role("alert")).to_contain_text("Позначте, що погоджуєтеся")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name=BUTTON).click()

    sign_in_by_portal(page, portal)
    expect(page.get_by_role("heading", level=1)).to_have_text("Виберіть посадову особу і час")
    citizen = Citizen.objects.get()
    assert citizen.consents.get().text.body, "the tick made before signing in is kept"

    reserve_first(page)
    fill_in(page)
    page.get_by_role("button", name="Продовжити").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Перевірте заявку перед поданням")
    expect(page.get_by_text("Довідка.png")).to_be_visible()
    assert not Application.objects.exists()
    page.get_by_role("button", name="Подати заявку на прийом").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Заявку подано")
    application = Application.objects.get()
    expect(page.get_by_text(application.number)).to_be_visible()
    assert citizen.email == "solomiia@example.com"
    assert application.number in text_of(deliver(smtp, citizen.email))
    moderators = application.official.agency.email
    assert "Нова заявка" in deliver(smtp, moderators)["Subject"]

    page.get_by_role("link", name="Ґудзь Соломія Ярославівна").click()
    expect(page.get_by_text("Подано", exact=True)).to_be_visible()
    page.get_by_role("link", name=TOPIC).click()
    expect(page.get_by_text("Дата і час можуть змінитися.")).to_be_visible()

    propose_another_time(browsing, staff, application)
    proposal = text_of(deliver(smtp, citizen.email)).replace("\xa0", " ")
    assert "вівторок, 1 грудня 2026 року, 11:00" in proposal
    path = re.search(r"/videoreception/\S+#proposal", proposal)
    assert path is not None
    # Of the page that is open already only the place would change.
    page.goto("about:blank")
    page.goto(path[0])
    expect(page.get_by_text("Засідання уряду.")).to_be_visible()
    page.get_by_role("button", name="Погодитися: вівторок, 1 грудня, 11:00").click()
    expect(page.get_by_text("Новий час підтверджено.")).to_be_visible()
    application.refresh_from_db()
    assert application.start == SECOND
    confirmation = deliver(smtp, citizen.email)
    assert "вівторок, 1 грудня 2026 року, 11:00" in text_of(confirmation).replace("\xa0", " ")
    event = event_in(confirmation)
    assert event.start == SECOND
    assert application.reception.password not in confirmation.as_string()

    expect(page.get_by_text("Час змінено").first).to_be_visible()
    expect(page.get_by_role("region", name="1 грудня 2026 року, 11:00")).to_be_visible()
    expect(page.get_by_text(application.reception.login)).to_be_visible()

    page.get_by_role("link", name="Скасувати заявку").click()
    page.get_by_role("button", name="Скасувати заявку").click()
    expect(page.get_by_role("heading", name="Ви скасували заявку").first).to_be_visible()
    assert not Occupancy.objects.exists()
    cancelled = deliver(smtp, citizen.email)
    assert event_in(cancelled)["UID"] == event["UID"]
    assert event_in(cancelled)["STATUS"] == "CANCELLED"
    assert "скасовано" in deliver(smtp, moderators)["Subject"]
    assert len({letter["Message-ID"] for letter in smtp.messages}) == len(smtp.messages)
    assert set(Letter.objects.values_list("state", flat=True)) == {"sent"}


def reserve_first(page: Page) -> None:
    """Chooses agency, official and time, and holds it; the widget does the proof of work."""
    # Before the script has run it is a `select`.
    agency = page.get_by_role("combobox", name="Відомство").and_(page.locator("input"))
    agency.fill("соціальної")
    page.get_by_role("option", name=AGENCY).click()
    one_by_one = (page.viewport_size or {"width": 0})["width"] < 640
    if one_by_one:
        page.get_by_role("link", name=re.compile("Вибрати час ?: Коваленко")).click()
    else:
        page.get_by_label("Коваленко").check()
    page.get_by_role("link", name="Пізніше").click()
    expect(page.locator("#week-label")).to_contain_text("30 листопада")
    day = page.get_by_role("group", name="Вівторок Ранок")
    day.get_by_label("10:30").check()
    if one_by_one:
        page.get_by_role("button", name="Далі").click()
    expect(page.locator("#chosen")).to_contain_text("вівторок, 1 грудня 2026 року, 10:30")
    page.get_by_role("button", name="Резервувати час").click()
    expect(page.get_by_role("timer")).to_contain_text(
        re.compile("Час зарезервовано за Вами до 10:1[5-9]")
    )
    assert Occupancy.objects.get(kind="hold").start == FIRST


def fill_in(page: Page) -> None:
    page.get_by_label("Короткий зміст питання").fill(TOPIC)
    expect(page.get_by_label("Контактний телефон")).to_have_value("+380 50 123 45 67")
    page.get_by_text("Додаткова інформація").click()
    page.locator("#files").set_input_files(
        {"name": "Довідка.png", "mimeType": "image/png", "buffer": png()}
    )
    expect(page.get_by_text("Додано 1 з 10", exact=True)).to_be_visible()


def propose_another_time(
    browsing: Browsing, staff: Callable[[Page, str], None], application: Application
) -> None:
    page = browsing.open("desktop")
    staff(page, "moderator")
    page.get_by_role("link", name=application.number).click()
    expect(page.get_by_text("Довідка.png")).to_be_visible()
    page.get_by_role("link", name="Запропонувати інший час").click()
    page.get_by_role("group", name="вівторок").get_by_label("11:00").check()
    page.get_by_label("Чому змінюємо час").fill("Засідання уряду.")
    page.get_by_role("button", name="Переглянути").click()
    page.get_by_role("button", name="Запропонувати і надіслати лист").click()
    expect(page.get_by_text("Час запропоновано. Заявник отримає лист.")).to_be_visible()


def test_an_editor__stays_signed_in_when_the_citizen_in_the_same_browser_leaves(
    browsing: Browsing,
    service_page: ServicePage,
    portal: PortalSite,
    staff: Callable[[Page, str], None],
) -> None:
    page = browsing.open("desktop")
    staff(page, "editor")
    page.goto("/videoreception/sign-in/")
    sign_in_by_portal(page, portal)
    expect(page.get_by_role("heading", level=1)).to_have_text("Мої заявки")

    page.get_by_role("button", name="Вийти").click()

    expect(page.get_by_text("Ви вийшли з кабінету.")).to_be_visible()
    page.goto("/videoreception/cabinet/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Як Ви хочете увійти?")
    page.goto("/admin/")
    expect(page).to_have_url(re.compile("/admin/$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


# --- Without JavaScript ------------------------------------------------------------------------


def test_without_javascript__one_gets_as_far_as_the_proof_and_learns_who_helps(
    without_javascript: Page, service_page: ServicePage, portal: PortalSite
) -> None:
    page = without_javascript
    page.goto(service_page.url)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name=BUTTON).click()
    sign_in_by_portal(page, portal)
    page.get_by_label("Відомство").select_option(AGENCY)
    page.get_by_role("button", name="Показати").click()
    page.get_by_role("link", name=re.compile("Вибрати час ?: Коваленко")).click()
    page.get_by_role("link", name="Пізніше").click()
    expect(page.locator("#week-label")).to_contain_text("30 листопада")
    page.get_by_role("group", name="Вівторок Ранок").get_by_label("10:30").check()
    page.get_by_role("button", name="Далі").click()

    expect(page.locator("noscript p")).to_contain_text("0 800 000 001")
    page.get_by_role("button", name="Резервувати час").click()
    expect(page.get_by_role("alert")).to_contain_text("Підтвердьте")
    assert not Occupancy.objects.exists()

    page.get_by_role("link", name="Почніть з нього").click()
    expect(page.get_by_text("Час ще не вибрано.")).to_be_visible()
    page.get_by_label("Короткий зміст питання").fill(TOPIC)
    page.get_by_text("Додаткова інформація").click()
    page.locator("#files").set_input_files(
        {"name": "Довідка.png", "mimeType": "image/png", "buffer": png()}
    )
    page.get_by_role("button", name="Додати вибрані файли").click()
    expect(page.get_by_text("Додано 1 з 10", exact=True)).to_be_visible()
    page.get_by_role("button", name="Зберегти і вибрати час").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Виберіть посадову особу і час")

    draft = Draft.objects.get()
    assert draft.topic == TOPIC
    assert Document.objects.get().draft == draft
    page.goto("/videoreception/cabinet/")
    expect(page.get_by_text("У Вас є незавершена заявка.")).to_be_visible()
    page.get_by_role("link", name="Продовжити заповнення").click()
    expect(page.get_by_label("Короткий зміст питання")).to_have_value(TOPIC)


def test_who_signs_in_again_in_another_tab__loses_no_word(
    browsing: Browsing, receiving: Official, portal: PortalSite
) -> None:
    """Each sign-in makes the tokens of all pages worthless; the page gets the new one and goes on."""
    page = browsing.open("desktop")
    page.goto("/videoreception/application/")
    sign_in_by_portal(page, portal)
    topic = page.get_by_label("Короткий зміст питання")
    expect(topic).to_be_visible()
    CitizenSession.objects.update(ended_at=NOW)
    topic.fill(TOPIC)
    ended = page.get_by_role("dialog", name="Ми вийшли з Вашого кабінету заради безпеки")
    expect(ended).to_be_visible()
    expect(page.locator("[data-vr-account]")).to_be_hidden()
    expect(page.locator("[data-vr-draft-kept]")).to_be_hidden()

    with page.expect_popup() as opened:
        ended.get_by_role("link", name="Увійти в новій вкладці").click()
    tab = opened.value
    sign_in_by_portal(tab, portal)
    expect(tab.get_by_role("heading", level=1)).to_have_text("Мої заявки")
    tab.close()

    # Nobody brings it to the front: the other tab has told it.
    expect(page.locator("[data-vr-draft-status]")).to_have_text("Збережено", timeout=15_000)
    expect(ended).to_be_hidden()
    expect(page.locator("[data-vr-account]")).to_be_visible()
    assert Draft.objects.get().topic == TOPIC
    topic.fill(f"{TOPIC} Далі.")
    page.get_by_role("button", name="Зберегти і вибрати час").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Виберіть посадову особу і час")
    assert Draft.objects.get().topic == f"{TOPIC} Далі."
