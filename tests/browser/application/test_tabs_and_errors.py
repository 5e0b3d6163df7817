"""Two tabs of one application, and errors that survive Back and a reload."""

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from diia_videoreception.models import Application, Citizen, Draft, Occupancy
from tests.harness.clock import START
from tests.steps.browser import APPLICATION, CHECK, TOPIC, write

OpenAs = Callable[..., Page]
SAVED = "Збережено"


def _type(page: Page, label: str, text: str) -> None:
    page.get_by_label(label).fill(text)


def _saved(page: Page) -> None:
    expect(page.locator("[data-vr-draft-status]")).to_have_text(SAVED)


def test_an_older_tab__does_not_overwrite_the_newer_text(open_as: OpenAs, citizen: Citizen) -> None:
    first = open_as("desktop")
    second = first.context.new_page()
    second.goto(APPLICATION)
    _type(first, "Короткий зміст питання", "Текст першої вкладки")
    _saved(first)
    second.goto(APPLICATION)
    _type(second, "Короткий зміст питання", "Новіший текст другої вкладки")
    _saved(second)

    _type(first, "Контактний телефон", "067 123 45 68")

    # The newer text appears where nobody has touched the old one.
    expect(first.get_by_label("Короткий зміст питання")).to_have_value(
        "Новіший текст другої вкладки"
    )
    second.reload()
    expect(second.get_by_label("Короткий зміст питання")).to_have_value(
        "Новіший текст другої вкладки"
    )
    expect(second.get_by_label("Контактний телефон")).to_have_value("+380 67 123 45 68")


def test_two_texts__are_kept_and_one_is_chosen(open_as: OpenAs, citizen: Citizen) -> None:
    first = open_as("desktop")
    second = first.context.new_page()
    second.goto(APPLICATION)
    _type(first, "Короткий зміст питання", "Текст першої вкладки")
    _saved(first)
    _type(second, "Короткий зміст питання", "Текст другої вкладки")
    expect(second.locator("[data-vr-draft-status]")).to_contain_text("Обидва тексти збережено")

    second.get_by_role("link", name="Вибрати, який текст лишити").click()
    expect(second.get_by_label("Короткий зміст питання")).to_have_value("Текст першої вкладки")
    second.get_by_role("button", name="Узяти цей текст").click()

    expect(second.get_by_label("Короткий зміст питання")).to_have_value("Текст другої вкладки")
    draft = Draft.objects.get()
    assert (draft.topic, draft.other_texts) == ("Текст другої вкладки", {})


def test_back_and_reload_after_an_error__show_the_portal_and_send_nothing_old(
    open_as: OpenAs, citizen: Citizen, hold: Occupancy
) -> None:
    write(citizen, phone="067 123 45")
    page = open_as("phone")
    page.get_by_role("button", name="Продовжити").click()
    expect(page).to_have_title(re.compile("^Помилка: Крок 2 з 4"))
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("замало цифр")

    _type(page, "Короткий зміст питання", "Виправлений текст")
    _type(page, "Контактний телефон", "067 123 45 67")
    page.get_by_role("button", name="Продовжити").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Перевірте заявку перед поданням")
    page.go_back()

    expect(page.get_by_role("heading", level=1)).to_have_text("Опишіть питання")
    expect(page.get_by_label("Короткий зміст питання")).to_have_value("Виправлений текст")
    page.reload()
    assert Draft.objects.get().topic == "Виправлений текст" != TOPIC


def test_the_code_page__can_be_reloaded_after_an_error(open_as: OpenAs, citizen: Citizen) -> None:
    page = open_as("desktop", "/videoreception/address/")
    page.get_by_label("Електронна пошта").fill("melnyk@")
    page.get_by_role("button").last.click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.reload()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#email")).to_have_value("melnyk@")
    page.goto(APPLICATION)
    page.go_back()
    expect(page.locator("#email")).to_be_visible()


def test_a_time_moved_in_another_tab__is_shown_before_anything_is_filed(
    open_as: OpenAs, citizen: Citizen, hold: Occupancy
) -> None:
    write(citizen)
    page = open_as("phone", CHECK)
    expect(page.get_by_text("10:30")).to_be_visible()
    other = page.context.new_page()
    other.goto(f"/videoreception/choose/?official={hold.official_id}&time=2026-12-01T09:00Z#times")
    other.get_by_role("button", name="Резервувати час").click()
    other.wait_for_url("**/application/")

    page.get_by_role("button", name="Подати заявку").click()

    refused = page.get_by_role("alert")
    expect(refused).to_contain_text("Час змінено в іншій вкладці", timeout=60_000)
    expect(refused).to_be_focused()
    expect(page.locator("dl").first).to_contain_text("11:00")
    page.reload()
    assert not Application.objects.exists()
    page.get_by_role("button", name="Подати заявку").click()
    page.wait_for_url("**/done/", timeout=60_000)
    assert Application.objects.get().start == START + timedelta(minutes=30)


def test_a_text_changed_in_another_tab__is_shown_before_anything_is_filed(
    open_as: OpenAs, citizen: Citizen, hold: Occupancy
) -> None:
    write(citizen)
    page = open_as("phone", CHECK)
    expect(page.get_by_text(TOPIC)).to_be_visible()
    other = page.context.new_page()
    other.goto(APPLICATION)
    _type(other, "Короткий зміст питання", "Текст іншої вкладки")
    _saved(other)

    page.get_by_role("button", name="Подати заявку").click()

    refused = page.get_by_role("alert").filter(has_text="Заявку змінено в іншій вкладці")
    expect(refused).to_be_visible(timeout=60_000)
    expect(refused).to_be_focused()
    row = page.locator("dl > div", has_text="Короткий зміст питання")
    expect(row).to_contain_text("Змінено")
    expect(row).to_contain_text("Текст іншої вкладки")
    assert not Application.objects.exists()
    page.reload()
    page.get_by_role("button", name="Подати заявку").click()
    page.wait_for_url("**/done/", timeout=60_000)
    assert Application.objects.get().topic == "Текст іншої вкладки"
