"""Writing, checking and filing an application in a real browser (A-36 to A-50)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from diia_videoreception.models import Application, Citizen, Draft, Occupancy, SpentProof
from diia_videoreception.services.booking import applications
from tests.factories import NOW, signed_in
from tests.harness.browser import Browsing, Device, axe, eventually
from tests.harness.captcha import solved_captcha
from tests.harness.clock import START
from tests.steps.browser import APPLICATION, CHECK, DEVICES, TOPIC, end_hold, file_of, fits, write
from tests.steps.samples import png


@pytest.mark.parametrize("device", DEVICES)
def test_the_whole_way__leads_from_the_form_to_the_number(
    open_as: Callable[..., Page], hold: Occupancy, device: Device
) -> None:
    page = open_as(device)
    axe(page)
    fits(page)
    page.get_by_label("Короткий зміст питання").fill(TOPIC)
    page.get_by_label("Контактний телефон").fill("067 123 45 67")
    page.get_by_label("Зі мною буде помічник").check()
    page.get_by_label("Хто буде з Вами").fill("Мельник Олег, син")
    page.get_by_text("Додаткова інформація").click()
    page.locator("#files").set_input_files(file_of(png(), "Довідка.png"))
    expect(page.get_by_text("Додано 1 з 10", exact=True)).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Продовжити").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Перевірте заявку перед поданням")
    expect(page.get_by_text("Довідка.png")).to_be_visible()
    expect(page.get_by_text("Мельник Олег, син")).to_be_visible()
    axe(page)
    fits(page)
    page.get_by_role("button", name="Подати заявку на прийом").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Заявку подано")
    application = Application.objects.get()
    expect(page.get_by_text(application.number)).to_be_visible()
    axe(page)
    fits(page)
    assert application.documents.get().name == "Довідка.png"

    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Заявку вже подано")
    axe(page)
    assert Application.objects.count() == 1


def test_a_second_click__sees_the_number_when_the_first_has_filed(
    open_as: Callable[..., Page], citizen: Citizen, hold: Occupancy
) -> None:
    draft = write(citizen)
    SpentProof.objects.create(
        key_hash="1",
        citizen=citizen,
        act="submit",
        acting_until=NOW + timedelta(hours=1),
        expires_at=NOW + timedelta(hours=1),
    )
    page = open_as("desktop", f"{APPLICATION}filing/{draft.token}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Надсилаємо заявку…")

    application = applications.submit(
        actor=signed_in(citizen),
        draft_token=draft.token,
        captcha=solved_captcha(),
        channel=Application.Channel.WEB,
        now=NOW,
    )

    expect(page.get_by_text(application.number)).to_be_visible()


def test_the_number__is_copied(
    open_as: Callable[..., Page], citizen: Citizen, hold: Occupancy
) -> None:
    draft = write(citizen)
    application = applications.submit(
        actor=signed_in(citizen),
        draft_token=draft.token,
        captcha=solved_captcha(),
        channel=Application.Channel.WEB,
        now=NOW,
    )
    page = open_as(
        "desktop",
        f"{APPLICATION}{application.public_id}/done/",
        permissions=["clipboard-read", "clipboard-write"],
    )

    page.get_by_role("button", name="Копіювати номер заявки").click()

    expect(page.get_by_role("status")).to_have_text("Номер скопійовано.")
    assert page.evaluate("navigator.clipboard.readText()") == application.number


@pytest.mark.parametrize("device", DEVICES)
def test_errors__take_the_focus_and_lead_to_their_fields(
    open_as: Callable[..., Page], hold: Occupancy, device: Device
) -> None:
    page = open_as(device)
    page.get_by_label("Контактний телефон").fill("067 123 45")
    page.get_by_role("button", name="Продовжити").click()

    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile("^Помилка: Крок 2 з 4"))
    axe(page)
    fits(page)
    summary.get_by_role("link", name="У номері телефону замало цифр").click()
    expect(page.get_by_label("Контактний телефон")).to_be_focused()
    expect(page.get_by_label("Контактний телефон")).to_have_value("067 123 45")


# --- The draft -------------------------------------------------------------------------------


@pytest.mark.parametrize("device", DEVICES)
def test_a_draft_without_a_time__is_kept_over_a_reload(
    open_as: Callable[..., Page], citizen: Citizen, device: Device
) -> None:
    page = open_as(device)
    expect(page.get_by_text("Час ще не вибрано.")).to_be_visible()
    axe(page)
    fits(page)
    page.get_by_label("Короткий зміст питання").fill(TOPIC)
    expect(page.get_by_role("status")).to_have_text("Збережено")
    expect(page.get_by_text(f"Залишилося {1000 - len(TOPIC)} символів із 1000")).to_be_visible()

    page.reload()

    expect(page.get_by_label("Короткий зміст питання")).to_have_value(TOPIC)
    assert Draft.objects.get(citizen=citizen).topic == TOPIC


def test_leaving_the_page_at_once__loses_nothing(
    open_as: Callable[..., Page], citizen: Citizen
) -> None:
    page = open_as("desktop")
    page.get_by_label("Короткий зміст питання").fill(TOPIC)
    page.get_by_role("link", name="Назад").click()
    page.wait_for_url("**/choose/**")

    # What is sent on leaving and the next page travel side by side; people are slower.
    def is_kept() -> bool:
        page.goto(APPLICATION)
        return Draft.objects.exists()

    eventually(is_kept, "nothing was kept")
    page.goto(APPLICATION)
    expect(page.get_by_label("Короткий зміст питання")).to_have_value(TOPIC)


def test_a_lost_connection__is_told_and_made_good(
    browsing: Browsing, open_as: Callable[..., Page], citizen: Citizen
) -> None:
    browsing.expect("ERR_INTERNET_DISCONNECTED")
    page = open_as("phone")
    page.context.set_offline(True)
    page.get_by_label("Короткий зміст питання").fill(TOPIC)
    expect(page.get_by_role("status")).to_contain_text("Ще не збережено")

    page.context.set_offline(False)

    expect(page.get_by_role("status")).to_have_text("Збережено")
    assert Draft.objects.get(citizen=citizen).topic == TOPIC


def test_an_ended_session__is_told_while_the_text_stays(
    open_as: Callable[..., Page], citizen: Citizen
) -> None:
    page = open_as("phone")
    citizen.sessions.update(ended_at=NOW)
    page.get_by_label("Короткий зміст питання").fill(TOPIC)

    ended = page.get_by_role("dialog", name="Ми вийшли з Вашого кабінету заради безпеки")
    expect(ended.get_by_role("link", name="Увійти в новій вкладці")).to_be_visible()
    axe(page)
    expect(page.locator("#topic")).to_have_value(TOPIC)

    citizen.sessions.update(ended_at=None)
    ended.get_by_role("button", name="Вхід виконано, продовжити").click()
    expect(ended).to_be_hidden()
    expect(page.get_by_role("status").filter(has_text=re.compile("^Збережено"))).to_be_visible()
    assert Draft.objects.get(citizen=citizen).topic == TOPIC


def test_going_on_while_a_save_is_under_way__leaves_no_draft_behind(
    open_as: Callable[..., Page], hold: Occupancy, time_machine: Any
) -> None:
    page = open_as("desktop")
    page.clock.install(time=NOW)
    page.get_by_label("Короткий зміст питання").fill(TOPIC)
    page.get_by_label("Контактний телефон").fill("0671234567")
    page.get_by_role("button", name="Продовжити").click()
    # The page stays open until the first proof of work has grown too old.
    expect(page.locator("altcha-widget")).to_contain_text("Перевірено")
    page.clock.fast_forward("12:00")
    time_machine.shift(12 * 60)
    page.get_by_role("button", name="Подати заявку на прийом").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Заявку подано")

    assert not Draft.objects.exists()


# --- A time that runs out --------------------------------------------------------------------


def test_the_end_of_the_hold__leaves_the_form_as_it_is(
    open_as: Callable[..., Page], citizen: Citizen, hold: Occupancy
) -> None:
    page = open_as("desktop")
    page.clock.install()
    page.reload()
    page.get_by_label("Короткий зміст питання").fill(TOPIC)
    page.clock.fast_forward("15:30")

    expect(page.get_by_text("Резерв часу скасовано").first).to_be_visible()
    expect(page.get_by_label("Короткий зміст питання")).to_have_value(TOPIC)
    axe(page)


@pytest.mark.parametrize("device", DEVICES)
def test_an_expired_time__is_reserved_again_in_one_click(
    open_as: Callable[..., Page], citizen: Citizen, hold: Occupancy, device: Device
) -> None:
    write(citizen)
    end_hold(hold)
    page = open_as(device)
    expect(page.get_by_role("heading", level=1)).to_have_text("Резерв часу скасовано")
    axe(page)
    fits(page)
    expect(page.locator("altcha-widget")).to_contain_text("Перевірено")
    page.get_by_role("button", name="Зарезервувати цей час ще раз").click()

    expect(page.get_by_role("timer")).to_be_visible()
    expect(page.get_by_label("Короткий зміст питання")).to_have_value(TOPIC)
    assert Occupancy.objects.get().start == START


# --- Without JavaScript, and without an address --------------------------------------------------


def test_without_javascript__everything_works_up_to_the_proof_of_work(
    open_as: Callable[..., Page], hold: Occupancy
) -> None:
    page = open_as("phone", javascript=False)
    page.get_by_label("Короткий зміст питання").fill(TOPIC)
    page.get_by_text("Додаткова інформація").click()
    page.locator("#files").set_input_files(file_of(png(), "Довідка.png"))
    page.get_by_role("button", name="Додати вибрані файли").click()
    expect(page.get_by_text("Додано 1 з 10", exact=True)).to_be_visible()
    expect(page.get_by_label("Короткий зміст питання")).to_have_value(TOPIC)
    page.get_by_role("button", name="Вилучити файл Довідка.png").click()
    expect(page.get_by_text("Додано 0 з 10", exact=True)).to_be_visible()
    expect(page.get_by_label("Короткий зміст питання")).to_have_value(TOPIC)
    page.get_by_role("button", name="Продовжити").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Перевірте заявку перед поданням")
    expect(page.get_by_text("0 800 000 001").first).to_be_visible()
    fits(page)


@pytest.mark.parametrize("device", DEVICES)
def test_a_form_sent_after_the_session_ended__comes_back(
    open_as: Callable[..., Page], citizen: Citizen, device: Device
) -> None:
    page = open_as(device)
    page.evaluate("document.getElementById('topic').value = 'Написане'")
    citizen.sessions.update(ended_at=NOW)
    page.get_by_role("button", name="Зберегти і вибрати час").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ваш сеанс завершився")
    axe(page)
    fits(page)

    citizen.sessions.update(ended_at=None)
    page.get_by_role("button", name="Вхід виконано, продовжити").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Виберіть посадову особу і час")
    assert Draft.objects.get(citizen=citizen).topic == "Написане"


@pytest.mark.parametrize("device", DEVICES)
def test_without_an_address__the_last_page_leads_to_one(
    open_as: Callable[..., Page], citizen: Citizen, hold: Occupancy, device: Device
) -> None:
    citizen.email, citizen.email_confirmed_at = "", None
    citizen.save()
    write(citizen)
    page = open_as(device, CHECK)
    expect(page.get_by_text("Лише до розділу «Листи» у Вашому кабінеті.")).to_be_visible()
    page.get_by_role("button", name="Подати заявку на прийом").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Заявку подано")
    axe(page)
    page.get_by_role("link", name="Додайте електронну пошту").click()
    expect(page.get_by_label("Електронна пошта для листів")).to_be_visible()
    axe(page)
    fits(page)
    page.get_by_label("Електронна пошта для листів").fill("melnyk@example.com")
    page.get_by_role("button", name="Надіслати код").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Введіть код з листа")
    axe(page)
    fits(page)
