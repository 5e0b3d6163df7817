"""A guest in the room: from the link to the talk of three, and out of it at once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from diia_videoreception.models import RoomInvitation
from diia_videoreception.web.room.visitors import GUEST_COOKIE
from tests.steps.in_room import Person, judge

Arrive = Callable[..., Person]
GUEST = "Руденко Павло Ігорович"
# Waits a moment where a page of ours waits ten seconds.
SHORT = """
const whole = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (ms) => whole(ms / 50);
"""


def invite(official: Person) -> str:
    """The link, as the official copies it."""
    page = official.page
    page.get_by_text("Запросити ще когось").click()
    page.get_by_label("Хто це?").select_option("sign_interpreter")
    page.locator("[data-part=invite]").get_by_label("Ім’я").fill("Руденко Павло")
    official.press("Створити посилання")
    link = page.get_by_label("Посилання для гостя")
    expect(link).to_be_focused()
    return str(link.input_value())


def accept(guest: Person, link: str) -> None:
    guest.page.goto(link)
    guest.heading("Запрошення на відеоприйом")
    guest.page.get_by_label("Ваші прізвище та ім’я").fill(GUEST)
    guest.page.get_by_label("Ви", exact=True).select_option("sign_interpreter")
    guest.press("Продовжити")


@pytest.fixture
def three(arrive: Arrive) -> tuple[Person, Person, Person]:
    """A citizen, an official and a guest, who see each other."""
    citizen, official, guest = (arrive(role) for role in ("citizen", "official", "guest"))
    official.enter()
    citizen.enter()
    official.press("Впустити")
    citizen.is_connected()
    link = invite(official)
    citizen.is_told("Установа запросила: Руденко Павло, перекладач жестової мови.")
    accept(guest, link)
    guest.press("Увійти до кімнати")
    guest.heading("Посадова особа скоро приєднається")
    official.is_told(f"Чекає на дозвіл увійти: {GUEST}, перекладач жестової мови")
    assert "Мельник" not in guest.page.content()
    official.press("Впустити")
    for person in (citizen, official, guest):
        person.is_connected(2)
    return citizen, official, guest


def test_guest__joins_the_talk_and_a_second_browser_is_refused(
    three: tuple[Person, Person, Person], arrive: Arrive
) -> None:
    citizen, official, guest = three
    for person in three:
        person.sees_frames_advance()
        person.hears_a_tone()
        people = person.page.locator("[data-part=people] li")
        expect(people).to_have_count(3)
        expect(people.filter(has_text=GUEST)).to_contain_text("перекладач жестової мови")
        judge(person)
    assert official.page.locator("#documents").count() == 1
    assert guest.page.locator("#documents").count() == 0
    guest.page.get_by_label("Ви пишете").press_sequentially("Перекладаю")
    expect(citizen.page.locator(".is-live")).to_contain_text("Перекладаю")

    link = official.page.get_by_label("Посилання для гостя").input_value()
    stranger = arrive("guest")
    stranger.page.goto(link)
    stranger.page.get_by_label("Ваші прізвище та ім’я").fill("Хтось інший")
    stranger.press("Продовжити")
    expect(stranger.page.get_by_role("alert")).to_contain_text("вже використано в іншому браузері")
    judge(stranger)
    for person in (citizen, official):
        person.is_told("намагався відкрити посилання в іншому браузері (Руденко Павло Ігорович)")
    guest.is_told("намагався відкрити Ваше посилання в іншому браузері")


def test_guest__has_to_go_when_the_citizen_objects(three: tuple[Person, Person, Person]) -> None:
    citizen, official, guest = three
    citizen.press(f"Заперечую : {GUEST}")

    guest.heading("Ваш доступ закінчився")
    guest.has_open(0)
    official.is_told(f"Заявник заперечує: {GUEST} участі не бере.")
    for person in (citizen, official):
        person.is_connected(1)
        person.sees_frames_advance()
    guest.page.reload()
    guest.heading("У Вас немає доступу до цієї сторінки")


def test_guest__whose_answer_is_lost_on_its_way_comes_in_with_the_next(arrive: Arrive) -> None:
    """By the same link, also after a reload, and nobody is told of another browser."""
    official, guest = arrive("official"), arrive("guest")
    official.enter()
    link = invite(official)
    guest.browsing.expect("ERR_FAILED")
    page = guest.page

    def lose(route: Route) -> None:
        route.fetch()
        page.context.clear_cookies(name=GUEST_COOKIE)
        route.abort()

    page.route("**/accept/", lose, times=1)
    accept(guest, link)
    expect(page.get_by_role("alert")).to_contain_text("Немає зв’язку з порталом.")
    page.reload()

    accept(guest, link)

    expect(guest.button("Увійти до кімнати")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0, "what was exchanged is forgotten"
    assert not RoomInvitation.objects.filter(tried_at__isnull=False).exists()


def test_guest__is_told_when_no_answer_comes(arrive: Arrive) -> None:
    official, guest = arrive("official"), arrive("guest", script=SHORT)
    official.enter()
    link = invite(official)
    page = guest.page
    page.route("**/accept/", lambda route: None)
    accept(guest, link)
    expect(page.get_by_role("alert")).to_contain_text("Немає зв’язку з порталом.")
    expect(guest.button("Продовжити")).to_be_enabled()
    page.unroute_all(behavior="ignoreErrors")


def sees_at_height(person: Person, name: str, least: int, most: int) -> None:
    """The picture of somebody has so many lines, once it has changed."""
    person.page.wait_for_function(
        """([name, least, most]) => {
          const tile = [...document.querySelectorAll('.vr-tile')]
            .find(({ textContent }) => textContent.includes(name));
          const { videoHeight } = tile.querySelector('video');
          return least <= videoHeight && videoHeight <= most;
        }""",
        arg=[name, least, most],
    )


def test_three__hands_come_first_and_captions_stand_below_the_pictures(
    three: tuple[Person, Person, Person],
) -> None:
    citizen, official, guest = three
    guest.press("Показую жестами ні")
    for person in (citizen, official):
        person.is_told(f"{GUEST} показує жестами.")
        sees_at_height(person, GUEST, 480, 720)
        expect(person.page.locator(".vr-tile.is-signing")).to_contain_text(GUEST)
    guest.sends_every_picture(2)
    sees_at_height(guest, "Коваленко", 90, 180)
    guest.press("Показую жестами так")
    sees_at_height(guest, "Коваленко", 181, 720)
    official.press("Мікрофон увімкнено")
    sees_at_height(guest, "Коваленко", 90, 180)

    guest.page.get_by_label("як субтитри").check()
    citizen.is_told(f"{GUEST} пише субтитри.")
    guest.page.get_by_label("Ви пишете").press_sequentially("Добрий день, ")
    captions = citizen.page.locator("[data-part=captions-text]")
    expect(captions).to_have_text("Добрий день, ")
    guest.press("Завершити рядок")
    expect(captions).to_have_text("Добрий день,")
    guest.press("Вийти з кімнати")
    expect(captions).to_be_hidden()
