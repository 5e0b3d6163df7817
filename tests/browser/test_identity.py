"""Who the citizen is, on the running demonstration: real signatures, id.gov.ua, BankID (C03–C05, C19)."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from sandbox.authority.keyring import load_keyring
from sandbox.authority.people import signer
from tests.harness.browser import Browsing, Device, axe
from tests.harness.demo import Demo, running_demo

PROFILE = "/videoreception/profile/"
TOPIC = "Не відкривається електронна послуга для громади"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running_demo(tmp_path_factory.mktemp("demo")) as demo:
        yield demo


@pytest.fixture
def browsed_site(demo: Demo) -> str:
    return demo.url


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def begin(page: Page, way: str) -> None:
    """Presses one of the ways to sign in."""
    page.get_by_role("button", name=re.compile(f"^{re.escape(way)}")).click()


def sign_here(page: Page, key: str) -> None:
    """Reads a key in the signing window and signs with it."""
    page.get_by_text("Виберіть і зчитайте свій ключ у вікні нижче.").wait_for()
    page.frame_locator("iframe").locator(f"button[value={key}]").click()
    page.get_by_text("Ключ зчитано. Тепер підпишіть текст.").wait_for()
    page.get_by_role("button", name="Підписати", exact=True).click()


def sign_elsewhere(page: Page, key: str) -> None:
    """Signs the text as a file in another program and brings the signature back."""
    page.get_by_text("Підписати у своїй програмі").click()
    with page.expect_download() as text:
        page.get_by_role("link", name="Збережіть текст як файл").click()
    program = page.context.new_page()
    program.goto("/authority/")
    axe(program)
    program.get_by_label("Файл для підпису").set_input_files(text.value.path())
    with program.expect_download() as signature:
        program.locator(f"button[value={key}]").click()
    data = Path(signature.value.path()).read_bytes()
    program.close()
    file = {"name": "text.p7s", "mimeType": "application/pkcs7-signature", "buffer": data}
    page.get_by_label("Файл із підписом").set_input_files(file)
    page.get_by_role("button", name="Увійти", exact=True).click()


def sign_in_as_staff(page: Page, demo: Demo, name: str) -> None:
    password = json.loads((demo.folder / "secrets.json").read_text())["staff_password"]
    page.goto("/admin/login/")
    page.locator("input[name=username]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/admin/")


@pytest.mark.parametrize(
    ("key", "device", "name", "level"),
    [
        ("yurii", "desktop", "М’якота Юрій В’ячеславович", "середній"),
        ("petra", "phone", "Лугова Петра Остапівна", "середній"),
    ],
    ids=["dstu", "ecdsa"],
)
def test_a_newcomer__registers_by_kep_and_comes_back(
    browsing: Browsing, key: str, device: Device, name: str, level: str
) -> None:
    page = browsing.open(device)
    page.goto(PROFILE)
    begin(page, "Електронний підпис (КЕП)")
    sign_here(page, key)

    heading(page, "Реєстрація")
    expect(page.get_by_text(name)).to_be_visible()
    page.get_by_role("button", name="Зареєструватися").click()
    expect(page.get_by_role("alert")).to_contain_text("погоджуєтеся з правилами системи")
    page.get_by_label("Фізична особа", exact=True).check()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Зареєструватися").click()

    heading(page, "Мої дані")
    expect(page.get_by_text("Фізична особа")).to_be_visible()
    means = page.get_by_role("region", name="Способи входу")
    expect(means.get_by_text("Ключ електронного підпису")).to_have_count(1)
    expect(means.get_by_text(f"Рівень: {level}")).to_be_visible()
    page.get_by_role("button", name="Вихід", exact=True).click()
    begin(page, "Електронний підпис (КЕП)")
    sign_here(page, key)
    heading(page, "Мої заявки")


def test_a_client_of_a_bank__binds_a_key_and_steps_up_where_an_agency_wants_more(
    browsing: Browsing,
) -> None:
    page = browsing.open("desktop")
    page.goto(PROFILE)
    begin(page, "BankID")
    expect(page.get_by_text("Зараз недоступні: Банк «Барвінок» (демо)")).to_be_visible()
    page.get_by_role("button", name="Банк «Калина» (демо)").click()
    heading(page, "BankID НБУ (демонстрація)")
    axe(page)
    page.locator("button[value=taras]").click()
    heading(page, "Мої дані")
    means = page.get_by_role("region", name="Способи входу")
    expect(means.get_by_text("Банк «Калина» (демо)", exact=True)).to_be_visible()

    page.get_by_role("link", name="Прив’язати ще один спосіб").click()
    begin(page, "Електронний підпис (КЕП)")
    heading(page, "Прив’язка ключа до облікового запису")
    sign_here(page, "taras")
    heading(page, "Мої дані")
    expect(page.get_by_role("status")).to_contain_text("Спосіб входу прив’язано")
    expect(means.get_by_text("Ключ електронного підпису")).to_have_count(1)

    page.goto("/videoreception/choose/")
    agency = page.get_by_role("combobox", name="Відомство").and_(page.locator("input"))
    agency.fill("земельних")
    page.get_by_role("option", name="Державна служба земельних справ").click()
    page.get_by_label("Гордієнко").check()
    expect(page.get_by_text("Ця установа просить увійти надійнішим способом")).to_be_visible()
    expect(page.get_by_role("button", name="Резервувати час")).to_have_count(0)
    page.get_by_role("link", name=re.compile("^Вибрати [0-9]")).click()
    expect(page.locator("#times input:checked")).to_have_count(1)
    chosen = page.locator("[data-vr-chosen]").text_content()
    page.get_by_role("link", name="Увійти в інший спосіб").click()
    expect(page.get_by_text("Потім Ви повернетеся туди, де були.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^BankID"))).to_have_count(0)
    begin(page, "Електронний підпис (КЕП)")
    sign_here(page, "taras-token")

    heading(page, "Виберіть посадову особу і час")
    expect(page.locator("[data-vr-chosen]")).to_have_text(str(chosen))
    page.get_by_role("button", name="Резервувати час").click()
    expect(page.get_by_role("timer")).to_contain_text("Час зарезервовано за Вами")


def test_keys_that_are_no_good_any_more__are_refused_with_the_reason(
    browsing: Browsing, demo: Demo
) -> None:
    page = browsing.open("phone")
    page.goto(PROFILE)
    begin(page, "Електронний підпис (КЕП)")
    sign_here(page, "vasyl")
    heading(page, "Сертифікат скасовано (відкликано)")
    page.get_by_text("Подробиці для підтримки").click()
    expect(page.get_by_text("revoked", exact=True)).to_be_visible()

    page.get_by_role("link", name="Увійти ще раз").click()
    begin(page, "Електронний підпис (КЕП)")
    sign_here(page, "iryna")
    expired = signer("iryna")
    assert expired
    ring = load_keyring(demo.folder / "authority", url=f"{demo.url}/authority")
    until = ring.person(expired).certificate.not_after.astimezone(ZoneInfo("Europe/Kyiv"))
    expect(page.get_by_text(f"закінчився {until:%d.%m.%Y}")).to_be_visible()
    page.goto(PROFILE)
    heading(page, "Як Ви хочете увійти?")


def test_an_editor__stays_signed_in_while_a_citizen_comes_and_goes(
    browsing: Browsing, demo: Demo
) -> None:
    page = browsing.open("desktop")
    sign_in_as_staff(page, demo, "editor")
    for way, method in (
        ("Електронний підпис через id.gov.ua", "Електронний підпис"),
        ("Дія.Підпис", "Дія.Підпис"),
    ):
        page.goto("/videoreception/sign-in/")
        begin(page, way)
        heading(page, "id.gov.ua (демонстрація)")
        expect(page.get_by_text(method, exact=True)).to_be_visible()
        page.locator("button[value=halyna]").click()
        heading(page, "Мої заявки")
        page.get_by_role("button", name="Вихід", exact=True).click()
        expect(page.get_by_text("Ви вийшли з кабінету.")).to_be_visible()
        page.goto("/videoreception/cabinet/")
        heading(page, "Як Ви хочете увійти?")
        page.goto("/admin/")
        expect(page).to_have_url(re.compile("/admin/$"))
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_signature_made_elsewhere__signs_in_and_the_moderator_sees_who_signed_the_application(
    browsing: Browsing, demo: Demo
) -> None:
    page = browsing.open("desktop")
    page.goto("/videoreception/cabinet/")
    begin(page, "Електронний підпис (КЕП)")
    sign_elsewhere(page, "olena")
    page.get_by_role("link", name=TOPIC).click()
    page.get_by_role("link", name="Підписати КЕП").click()
    heading(page, "Підписати заявку")
    sign_here(page, "olena")
    signature = page.get_by_role("region", name="Підпис", exact=True)
    expect(signature).to_contain_text("Підписано кваліфікованим електронним підписом")
    expect(signature).to_contain_text("Вербицька Олена Ігорівна")
    number = page.locator("main .vr-code").first.text_content()

    desk = browsing.open("desktop")
    sign_in_as_staff(desk, demo, "moderator1")
    desk.get_by_role("link", name=str(number)).click()
    expect(desk.get_by_text("підписано КЕП")).to_be_visible()
    expect(desk.get_by_text("Вербицька Олена Ігорівна").first).to_be_visible()
    with desk.expect_download() as container:
        desk.get_by_role("link", name="Завантажити файл для державного сервісу перевірки").click()
    assert Path(container.value.path()).stat().st_size > 1000
