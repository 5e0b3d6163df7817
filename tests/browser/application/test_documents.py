"""Adding documents in a real browser: one by one, with progress and reasons (A-44 to A-47)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from diia_videoreception.models import Citizen, Document, Occupancy
from tests.harness.browser import Browsing, Device, axe
from tests.steps.browser import DEVICES, file_of, fits, tab_to, write
from tests.steps.samples import png


@pytest.mark.parametrize("device", DEVICES)
def test_refused_files__stay_in_the_list_with_their_reason(
    open_as: Callable[..., Page], citizen: Citizen, device: Device
) -> None:
    page = open_as(device)
    page.get_by_text("Додаткова інформація").click()
    page.locator("#files").set_input_files(
        [
            file_of(b"PK\x03\x04 Word", "Заява.docx"),
            file_of(png(), "Довідка.png"),
            file_of(b"\0" * (5 * 1024 * 1024 + 1), "Скан.pdf"),
        ]
    )
    rows = page.get_by_role("list", name="Додані файли").get_by_role("listitem")

    expect(rows.filter(has_text="Заява.docx")).to_contain_text("не є png, jpg або pdf")
    expect(rows.filter(has_text="Скан.pdf")).to_contain_text("більший за 5 МБ")
    expect(rows.filter(has_text="Довідка.png")).to_contain_text("готово")
    expect(page.get_by_text("Додано 1 з 10", exact=True)).to_be_visible()
    axe(page)
    fits(page)

    page.get_by_role("button", name="Прибрати зі списку файл Заява.docx").click()
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Вилучити файл Довідка.png").click()
    expect(page.get_by_text("Додано 0 з 10", exact=True)).to_be_visible()
    expect(page.locator("[data-vr-said]")).to_have_text("Файл Довідка.png вилучено. Додано 0 з 10")
    expect(page.get_by_role("button", name="Прибрати зі списку файл Скан.pdf")).to_be_focused()
    assert not Document.objects.exists()


def test_files_refused_for_one_reason__share_a_row_until_others_are_chosen(
    open_as: Callable[..., Page], citizen: Citizen
) -> None:
    page = open_as("desktop")
    page.get_by_text("Додаткова інформація і файли").click()
    names = [f"Заява {number}.docx" for number in range(1, 6)]
    page.locator("#files").set_input_files(
        [
            file_of(b"\0\0\0\x18ftypheic" + bytes(64), "Фото.heic"),
            *(file_of(b"PK\x03\x04 Word", name) for name in names),
            file_of(b"", "Порожній.pdf"),
        ]
    )
    rows = page.get_by_role("list", name="Додані файли").get_by_role("listitem")

    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("HEIC")
    expect(rows.first).not_to_contain_text("З тієї ж причини")
    expect(rows.nth(1)).to_contain_text(f"З тієї ж причини не додано: {', '.join(names[1:])}")
    expect(rows.nth(1).get_by_text("не є png, jpg або pdf")).to_have_count(1)
    expect(rows.last).to_contain_text("0 КБ · не додано")

    page.locator("#files").set_input_files(file_of(png(), "Довідка.png"))
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("готово")


def test_the_page__comes_again_when_the_places_are_taken(
    open_as: Callable[..., Page], citizen: Citizen
) -> None:
    page = open_as("desktop")
    page.get_by_text("Додаткова інформація").click()
    refused: list[Route] = []

    def refuse_once(route: Route) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route)
            route.fulfill(
                status=429, json={"error": {"code": "own_files_busy", "message": "за хвилину"}}
            )

    page.route("**/application/documents/", refuse_once)
    page.locator("#files").set_input_files(file_of(png(), "Довідка.png"))
    rows = page.get_by_role("list", name="Додані файли").get_by_role("listitem")

    expect(rows).to_contain_text("чекає черги")
    expect(rows).to_contain_text("готово", timeout=60_000)
    assert Document.objects.count() == 1


def test_files_that_the_antivirus_did_not_see__are_tried_again_by_one_button(
    open_as: Callable[..., Page], citizen: Citizen, browsing: Browsing
) -> None:
    browsing.expect("503 for")
    page = open_as("desktop")
    page.get_by_text("Додаткова інформація").click()
    error = {"code": "scanner_unavailable", "message": "Зараз не можемо перевірити на віруси."}
    page.route(
        "**/application/documents/", lambda route: route.fulfill(status=503, json={"error": error})
    )
    page.locator("#files").set_input_files(
        [file_of(png(), "Довідка.png"), file_of(png(), "Рішення.png")]
    )
    rows = page.get_by_role("list", name="Додані файли").get_by_role("listitem")

    expect(rows.first).to_contain_text("антивірус не відповідає, пробуємо ще раз")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Зараз не можемо перевірити на віруси.")
    expect(rows).to_contain_text("Рішення.png")
    axe(page)
    page.unroute("**/application/documents/")
    rows.get_by_role("button", name="Спробувати ще раз").click()

    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="готово")).to_have_count(2)
    assert Document.objects.count() == 2


def test_only_a_mouse__is_told_to_drag(open_as: Callable[..., Page], citizen: Citizen) -> None:
    for device, is_visible in (("desktop", True), ("phone", False)):
        page = open_as(device)
        page.get_by_text("Додаткова інформація").click()
        words = page.get_by_text("Перетягніть файли сюди або")
        expect(words).to_be_visible(visible=is_visible)


def test_an_upload__shows_its_progress_and_can_be_cancelled(
    open_as: Callable[..., Page], citizen: Citizen
) -> None:
    page = open_as("desktop")
    page.get_by_text("Додаткова інформація").click()
    held_back: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held_back:
            route.continue_()
        held_back.append(route)

    page.route("**/application/documents/", hold_the_first)
    page.locator("#files").set_input_files(
        [file_of(png(), "Перша.png"), file_of(png(), "Друга.png")]
    )
    rows = page.get_by_role("list", name="Додані файли").get_by_role("listitem")

    expect(page.get_by_role("progressbar", name="Перша.png")).to_be_visible()
    expect(rows.first).to_contain_text(re.compile("завантажується, \\d+\u00a0%|перевіряємо"))
    expect(rows.filter(has_text="Друга.png")).to_contain_text("чекає черги")
    axe(page)
    page.get_by_role("button", name="Скасувати завантаження файлу Перша.png").click()
    expect(rows.filter(has_text="Перша.png")).to_have_count(0)
    expect(page.locator("[data-vr-said]")).to_contain_text("Завантаження файлу Перша.png скасовано")

    expect(rows.filter(has_text="Друга.png")).to_contain_text("готово")
    assert [one.name for one in Document.objects.all()] == ["Друга.png"]


def test_going_on__waits_for_uploads(
    open_as: Callable[..., Page], citizen: Citizen, hold: Occupancy
) -> None:
    write(citizen)
    page = open_as("desktop")
    page.get_by_text("Додаткова інформація").click()
    held_back: list[Route] = []
    page.route("**/application/documents/", lambda route: held_back.append(route))
    page.locator("#files").set_input_files(file_of(png(), "Довідка.png"))
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.get_by_role("button", name="Продовжити").click()
    expect(page.get_by_role("status")).to_contain_text("документи ще завантажуються")

    held_back[0].continue_()

    expect(page.get_by_role("heading", level=1)).to_have_text("Перевірте заявку перед поданням")
    expect(page.get_by_text("Довідка.png")).to_be_visible()


def test_a_file__is_dropped(open_as: Callable[..., Page], citizen: Citizen) -> None:
    page = open_as("desktop")
    page.get_by_text("Додаткова інформація").click()
    dropped = page.evaluate_handle(
        """bytes => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], "Кинуте.png"));
          return data;
        }""",
        list(png()),
    )
    page.dispatch_event("[data-vr-drop]", "drop", {"dataTransfer": dropped})

    expect(page.get_by_text("Додано 1 з 10", exact=True)).to_be_visible()


def test_files__are_chosen_and_removed_with_the_keyboard(
    open_as: Callable[..., Page], citizen: Citizen
) -> None:
    page = open_as("desktop")
    # From now on the browser hands over its dialog for files, instead of from the moment of a wait.
    page.on("filechooser", lambda chooser: None)
    tab_to(page, "summary")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Додано 0 з 10", exact=True)).to_be_visible()
    tab_to(page, "#files")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(file_of(png(), "Довідка.png"))
    expect(page.get_by_text("Додано 1 з 10", exact=True)).to_be_visible()
    tab_to(page, "[data-vr-remove]")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Додано 0 з 10", exact=True)).to_be_visible()
    expect(page.locator("#files")).to_be_focused()
