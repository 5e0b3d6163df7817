"""C15 with every kind of camera and microphone that Chromium can pretend to have (A-08, A-09)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from device_check.models import CheckRun
from tests.device_check.browser import fakes
from tests.device_check.browser.fakes import FAKE_DEVICES, FAKE_PROMPT
from tests.device_check.browser.person import Person, stored
from tests.harness.browser import axe

Somebody = Callable[..., Person]
pytestmark = pytest.mark.usefixtures("transactional_db")

BUSY = """
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = (wanted) =>
  wanted.video && !window.isFree
    ? Promise.reject(new DOMException("Could not start video source", "NotReadableError"))
    : open(wanted);
"""

TRACK = "document.querySelector('video').srcObject.getVideoTracks()[0]"


def test_dark_and_silent_devices__are_told(somebody: Somebody, tmp_path: Path) -> None:
    dark = fakes.film(tmp_path / "dark.mjpeg", fakes.portrait(), light=0.15)
    silence = fakes.write(tmp_path / "silence.wav", fakes.speech() * 0)
    person = somebody(FAKE_PROMPT, FAKE_DEVICES, video=dark, audio=silence)
    person.open()
    person.begin()
    person.send_pictures()
    person.shows("camera", "Треба виправити", "Надто темно.", "Увімкніть лампу перед собою")
    expect(person.page.get_by_role("meter")).to_have_attribute("aria-valuetext", "нічого не чути")
    expect(person.card("microphone")).to_contain_text("Ми нічого не чуємо.")
    person.send_sound()
    person.shows("microphone", "Треба виправити", "Звуку немає.")
    person.hear("Ні")
    person.shows("speakers", "Не чути", "Ви не чуєте звуку.")
    result = person.result("Дещо треба виправити до прийому")
    expect(result).to_contain_text("Камера. Надто темно.")
    expect(result).to_contain_text("Мікрофон. Звуку немає.")
    axe(person.page)

    run = person.save()

    assert run.verdict == CheckRun.Verdict.BAD
    assert "too_dark" in stored(run)["camera"][1]
    assert stored(run)["microphone"] == ("problem", ["silent"])
    assert stored(run)["speakers"] == ("problem", ["not_heard"])


def test_nobody_seen_or_heard__is_not_called_ready(somebody: Somebody, tmp_path: Path) -> None:
    film = fakes.film(tmp_path / "room.mjpeg", fakes.nobody())
    audio = fakes.write(tmp_path / "ring.wav", fakes.ring())
    person = somebody(FAKE_PROMPT, FAKE_DEVICES, video=film, audio=audio)
    person.open()
    expect(
        person.page.get_by_text("Знімки і звук ми перевіримо й одразу видалимо.")
    ).to_be_visible()
    person.begin()
    person.press("Зробити 5 знімків")
    camera = person.card("camera")
    expect(camera.get_by_role("button", name="Не надсилати")).to_be_visible()
    expect(camera.get_by_role("button", name="Пропустити")).to_have_count(0)
    person.press("Надіслати 5 знімків на перевірку")
    person.shows("camera", "Працює, є порада", "Ми не бачимо обличчя.", "медичній масці")
    expect(person.page.get_by_role("meter")).to_be_visible()
    person.send_sound()
    person.shows("microphone", "Працює, є порада", "Ми не почули голосу.")
    # The level of a while ago says nothing beside the verdict.
    expect(person.page.get_by_role("meter")).to_have_count(0)
    person.hear("Так")
    result = person.result("Працює, але дещо можна покращити")
    expect(result.locator(".vr-notice--success")).to_have_count(0)
    expect(result).to_contain_text("Камера. Ми не бачимо обличчя.")
    axe(person.page)

    assert person.save().verdict == CheckRun.Verdict.USABLE


def test_covered_camera__is_told_and_nothing_is_sent(somebody: Somebody, tmp_path: Path) -> None:
    film = fakes.film(tmp_path / "covered.mjpeg", fakes.covered())
    person = somebody(FAKE_PROMPT, FAKE_DEVICES, video=film)
    sent: list[str] = []
    person.page.on("request", lambda request: sent.append(request.url))
    person.open()
    person.begin()
    person.press("Зробити 5 знімків", "Не надсилати")
    person.shows("camera", "Не перевірено")
    person.skip("microphone")
    person.shows("microphone", "Пропущено")
    person.hear()
    person.result("Перевірено не все")
    assert not [url for url in sent if "analyse" in url]

    person.card("camera").get_by_role("button", name="Повторити").click()
    person.send_pictures()
    person.shows("camera", "Треба виправити", "Камеру закрито.", "Відкрийте шторку")
    person.result("Дещо треба виправити до прийому")
    run = person.save()

    assert run.verdict == CheckRun.Verdict.BAD
    assert "covered" in stored(run)["camera"][1]
    assert stored(run)["microphone"] == ("skipped", [])
    assert stored(run)["speakers"] == ("ok", [])


def test_denied_permission__is_told(somebody: Somebody) -> None:
    person = somebody(FAKE_DEVICES, "--deny-permission-prompts")
    person.browsing.expect("Permission")
    person.open()
    person.begin()
    page = person.page
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text("Браузер заблокував камеру і мікрофон")
    expect(title).to_be_focused()
    expect(page.get_by_role("listitem")).to_contain_text(
        ["Знайдіть значок камери", "Виберіть «Дозволити»", "Поверніться сюди"]
    )
    page.get_by_text("Подробиці для підтримки").click()
    expect(page.get_by_text("denied_by_browser · camera, microphone · chromium")).to_be_visible()
    expect(page.get_by_role("link", name="0 800 000 000")).to_be_visible()
    axe(page)
    person.press("Спробувати ще раз")
    expect(title).to_be_focused()

    person.press("Продовжити без камери і мікрофона")
    person.shows("permission", "Не надано", "Браузер не дозволяє.")
    person.shows("camera", "Пропущено")
    person.shows("microphone", "Пропущено")
    person.hear()
    person.result("Дещо треба виправити до прийому")
    run = person.save()

    assert run.verdict == CheckRun.Verdict.BAD
    assert stored(run)["permission"] == ("problem", ["denied_by_browser"])
    assert stored(run)["camera"] == ("skipped", [])

    # Allowed in the settings of the browser while the advice is shown: it goes on by itself.
    person.open()
    person.begin()
    expect(title).to_contain_text("Браузер заблокував")
    page.context.grant_permissions(["camera", "microphone"])
    person.shows("permission", "Надано")
    expect(person.button("Зробити 5 знімків")).to_be_visible()


def test_missing_devices__are_told(somebody: Somebody) -> None:
    person = somebody(FAKE_PROMPT, permissions=["camera", "microphone"])
    person.open()
    person.begin()
    expect(person.page.get_by_role("heading", level=1)).to_have_text(
        "Браузер не знаходить камеру і мікрофон"
    )
    person.press("Продовжити без камери і мікрофона")
    person.shows("permission", "Не перевірено")
    person.shows("camera", "Треба виправити", "Пристрій не знайдено.")
    person.skip("speakers")
    person.result("Дещо треба виправити до прийому")
    run = person.save()

    assert run.verdict == CheckRun.Verdict.BAD
    assert stored(run)["camera"] == stored(run)["microphone"] == ("problem", ["no_device"])
    assert stored(run)["speakers"] == ("skipped", [])

    # The same on a page without https: nobody is asked for anything.
    CheckRun.objects.all().delete()
    person.page.add_init_script(
        "Object.defineProperty(window, 'isSecureContext', { value: false })"
    )
    person.open()
    person.begin()
    expect(person.page.get_by_role("heading", level=1)).to_have_text(
        "Браузер не дозволяє цій сторінці використати камеру і мікрофон"
    )
    person.press("Продовжити без камери і мікрофона")
    person.shows("permission", "Пропущено", "Сторінка незахищена.")
    person.skip("speakers")
    person.result("Дещо треба виправити до прийому")
    run = person.save()

    assert stored(run)["browser"] == ("problem", ["insecure_page"])
    assert stored(run)["permission"] == stored(run)["camera"] == ("skipped", [])


def test_busy_camera__does_not_hide_the_microphone(somebody: Somebody) -> None:
    person = somebody(FAKE_PROMPT, FAKE_DEVICES, script=BUSY)
    # Nor does a portal that cannot be reached at first spoil the check.
    person.browsing.expect("ERR_FAILED")
    person.page.route("**/runs/", lambda route: route.abort(), times=1)
    person.open()
    person.begin()
    title = person.page.get_by_role("heading", level=1)
    expect(title).to_have_text("Інша програма використовує камеру")
    person.press("Продовжити без камери")
    person.shows("permission", "Надано")
    person.shows("camera", "Треба виправити", "Пристрій використовує інша програма.")
    expect(person.button("Записати 3 секунди")).to_be_visible()
    person.skip("microphone")
    person.skip("speakers")
    person.result("Дещо треба виправити до прийому")

    # The other program is closed: the step alone is repeated.
    person.page.evaluate("window.isFree = true")
    person.card("camera").get_by_role("button", name="Повторити").click()
    person.press("Зробити 5 знімків", "Не надсилати")
    person.result("Перевірено не все")
    run = person.save()

    assert run.verdict == CheckRun.Verdict.NOT_CHECKED
    assert stored(run)["permission"] == ("ok", [])
    assert stored(run)["camera"] == ("not_checked", [])


def test_several_cameras__can_be_chosen_from(somebody: Somebody) -> None:
    person = somebody(
        FAKE_PROMPT, f"{FAKE_DEVICES}=device-count=3", permissions=["camera", "microphone"]
    )
    person.open()
    person.begin()
    choice = person.page.get_by_label("Камера", exact=True)
    expect(choice.locator("option")).to_have_count(3)
    label = choice.locator("option").nth(2).inner_text()
    choice.select_option(label=label)
    expect(choice.locator("option:checked")).to_have_text(label)
    expect(person.button("Зробити 5 знімків")).to_be_visible()

    # The next time it is this camera from the beginning.
    person.open()
    person.begin()
    expect(choice.locator("option:checked")).to_have_text(label)
    expect(person.button("Зробити 5 знімків")).to_be_visible()
    assert person.page.evaluate(f"{TRACK}.label") == label

    # A remembered camera that is gone is no obstacle.
    person.page.evaluate("localStorage.setItem('device-check', '{\"camera\": \"gone\"}')")
    person.open()
    person.begin()
    expect(choice.locator("option:checked")).to_have_text("fake_device_0")
    expect(person.button("Зробити 5 знімків")).to_be_visible()

    # And then somebody pulls its plug.
    person.page.evaluate(f"{TRACK}.dispatchEvent(new Event('ended'))")
    person.shows("camera", "Треба виправити", "Пристрій від’єднано.")
    expect(person.button("Записати 3 секунди")).to_be_visible()

    # It is there again: the microphone waits until the camera is done.
    person.card("camera").get_by_role("button", name="Повторити").click()
    expect(person.button("Зробити 5 знімків")).to_be_visible()
    person.shows("microphone", "Попереду")
    expect(person.button("Записати 3 секунди")).to_be_hidden()

    # The browser brings the page back as it was left, but for its devices.
    person.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(person.button("Почати перевірку")).to_be_visible()


def test_without_scripts__the_page_says_what_to_do(browsing: Any, configure: Any) -> None:
    page = browsing.open("phone", javascript=False)
    page.goto("/device-check/")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Перевіримо камеру, мікрофон, звук і з’єднання"
    )
    expect(page.get_by_text("Для цієї перевірки потрібен сучасний браузер")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("link", name="Приходьте до ЦНАП")).to_be_visible()
