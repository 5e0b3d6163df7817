"""The citizen signs a document in the room with their own program, while the talk goes on beside it."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from diia_videoreception.models import SignatureRequest
from diia_videoreception.services.booking.document_signatures import manifest_of
from tests.browser.world import START
from tests.harness.browser import axe
from tests.steps.admin_screens import shoot
from tests.steps.authority import signature
from tests.steps.browser import file_of, fits
from tests.steps.in_room import Person, Reception, judge
from tests.steps.samples import png
from tests.steps.signing import become_olena, install

ARRIVED = START - timedelta(minutes=5)


def signed() -> bytes:
    return signature("olena", manifest_of(SignatureRequest.objects.get()).encode())


def test_a_document__is_signed_in_another_tab_and_both_get_the_container(
    arrive: Callable[..., Person],
    reception: Reception,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    install(settings, monkeypatch, now=ARRIVED)
    become_olena(reception.world.citizen)
    citizen, official = arrive("citizen"), arrive("official")
    official.enter()
    citizen.enter()
    official.press("Впустити")
    for person in (citizen, official):
        person.is_connected()
    official.page.locator("#room-file").set_input_files(file_of(png(), "Згода.png"))
    citizen.is_told("Новий документ: Згода.png.")

    # Asked, no longer asked, asked again, declined, and asked once more: each side learns of it.
    official.press("Попросити підписати")
    citizen.is_told("Вас просять підписати Згода.png.")
    official.press("Більше не просити")
    citizen.is_told("Вас більше не просять підписати Згода.png.")
    expect(citizen.page.locator("[data-part=signing]")).to_be_hidden()
    official.press("Попросити підписати")
    expect(citizen.page.locator("[data-part=signing]")).to_be_visible()
    judge(citizen)
    citizen.press("Не підписувати")
    official.is_told("Заявник не підписує Згода.png.")
    official.press("Попросити підписати")
    link = citizen.page.get_by_role("link", name="Підписати КЕП")
    with citizen.page.context.expect_page() as opened:
        link.click()
    tab = opened.value
    expect(tab.get_by_role("heading", level=1)).to_have_text("Підпишіть документ")
    for width in (1280, 360):
        tab.set_viewport_size({"width": width, "height": 900})
        axe(tab)
        fits(tab, f"at {width}")
    tab.get_by_label("Файл із підписом").set_input_files(file_of(signed(), "text-to-sign.txt.p7s"))
    tab.get_by_role("button", name="Підписати документ").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Документ підписано")
    axe(tab)
    tab.close()

    for person in (citizen, official):
        person.is_told("Згода.png: підписано. Підпис перевірено.")
        person.sees_frames_advance()
        row = person.page.locator("[data-part=files] li")
        expect(row).to_contain_text("Підпис: Вербицька Олена Ігорівна")
        with person.page.expect_download() as download:
            row.get_by_role("link", name="Зберегти з підписом").click()
        container = io.BytesIO(download.value.path().read_bytes())
        assert "document.png" in zipfile.ZipFile(container).namelist()
    judge(official)
    shoot(official.page, "official-room")
