"""Documents that both sides add in the room, as their browsers get them."""

import hashlib
import random
from collections.abc import Callable

from playwright.sync_api import expect

from tests.steps.browser import file_of
from tests.steps.in_room import Person
from tests.steps.samples import new_pdf, png, saved

NEARLY_5_MB = 5 * 1024 * 1024 - 8 * 1024


def large_pdf() -> bytes:
    """A file as large as one may be."""
    pdf = new_pdf()
    pdf.Root.Kept = pdf.make_stream(random.Random(7).randbytes(NEARLY_5_MB))
    return saved(pdf)


def test_documents__reach_the_other_unchanged_and_refusals_name_the_reason(
    arrive: Callable[..., Person],
) -> None:
    citizen, official = arrive("citizen"), arrive("official")
    official.enter()
    citizen.enter()
    official.press("Впустити")
    for person in (citizen, official):
        person.is_connected()
    data = large_pdf()

    citizen.page.locator("#room-file").set_input_files(file_of(data, "Висновок.pdf"))

    expect(citizen.page.locator("[data-part=files]")).to_contain_text("від Вас")
    citizen.is_told("Файл Висновок.pdf додано.")
    official.is_told("Новий документ: Висновок.pdf.")
    row = official.page.locator("[data-part=files] li")
    expect(row).to_contain_text("додає Мельник Ірина Василівна")
    with official.page.expect_download() as download:
        row.get_by_role("link", name="Висновок.pdf").click()
    got = download.value.path().read_bytes()
    assert hashlib.sha256(got).digest() == hashlib.sha256(data).digest()

    official.page.locator("#room-file").set_input_files(file_of(b"PK\x03\x04 Word", "Заява.docx"))
    expect(official.page.locator("[data-part=file-error]")).to_contain_text("Заява.docx")
    official.page.locator("#room-file").set_input_files(
        file_of(b"\0" * (5 * 1024 * 1024 + 1), "Скан.pdf")
    )
    expect(official.page.locator("[data-part=file-error]")).to_have_text("Файл Скан.pdf завеликий.")
    official.page.locator("#room-file").set_input_files(file_of(png(), "Довідка.png"))
    expect(citizen.page.locator("[data-part=files] li")).to_have_count(2)
    expect(citizen.page.locator("[data-part=files]")).to_contain_text(
        "додає Коваленко Олена Петрівна"
    )
