"""A member of a centre helps a person, on a desk and on a phone: from the greeting to the end."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from diia_videoreception.models import VisitPhrase
from tests.harness.browser import Browsing, axe
from tests.harness.clock import NOW
from tests.steps.browser import fits_each_width
from tests.steps.centres import CentreWorld, member, new_centre_world, user
from tests.steps.visits import self_service_place


@pytest.fixture
def world(transactional_db: None, time_machine: Any) -> CentreWorld:
    time_machine.move_to(NOW, tick=True)
    made = new_centre_world()
    self_service_place(made)
    member(made.centre, user("colleague"))
    for kind in VisitPhrase.Kind:
        VisitPhrase.objects.create(phase="greeting", kind=kind, text=f"«Добрий день!» ({kind})")
    return made


def comes(page: Page, heading: str) -> None:
    """The page with this heading is there, fits and is accessible."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    fits_each_width(page)
    axe(page)


def test_a_visit__is_held_to_its_end(world: CentreWorld, browsing: Browsing) -> None:
    page = browsing.open("desktop")
    page.goto(f"/videoreception/centre/{world.centre.public_id}/visits/")
    page.fill("input[name=username]", "head")
    page.fill("input[name=password]", "p")
    page.click("button[type=submit]")
    comes(page, "Візити")
    page.get_by_role("button", name="Почати візит").click()
    comes(page, "Привітайтеся і вислухайте")
    page.fill("#need", "Не платять за догляд.")
    page.get_by_role("button", name="Перейти до потреби").click()
    comes(page, "Зрозумійте, що потрібно")
    page.get_by_label("Прийом у посадової особи").check()
    page.get_by_label("Ні", exact=True).check()
    page.get_by_role("button", name="Записати потребу").click()
    expect(page.get_by_text("Правильно ми зрозуміли?")).to_be_visible()
    fits_each_width(page)
    axe(page)
    page.get_by_role("button", name="Так, правильно").click()
    comes(page, "Як допоможемо?")
    page.get_by_label("Запросити до місця самообслуговування").check()
    page.get_by_role("button", name="Продовжити").click()
    expect(page.get_by_role("alert")).to_be_visible()
    axe(page)
    page.get_by_label("Паперова форма").check()
    page.get_by_role("button", name="Продовжити").click()
    expect(page.get_by_role("alert")).to_contain_text("чому людині потрібна допомога")
    page.get_by_label("Допомогти поруч").check()
    page.get_by_role("button", name="Продовжити").click()
    comes(page, "Допомогти поруч")
    page.get_by_text("Телефонні дзвінки").click()
    page.get_by_label("Не відповіли").check()
    page.get_by_role("button", name="Записати дзвінок").click()
    expect(page.get_by_role("status")).to_contain_text("Дзвінок записано")
    comes(page, "Допомогти поруч")
    page.get_by_role("link", name="Візити").first.click()
    comes(page, "Візити")
    page.get_by_role("link", name="Передати відкриті візити").click()
    comes(page, "Передати відкриті візити")
    page.go_back()
    comes(page, "Візити")
    page.get_by_role("link", name="Продовжити").click()
    comes(page, "Допомогти поруч")
    page.get_by_role("button", name="Перейти до перевірки").click()
    comes(page, "Перевірте разом")
    page.get_by_role("button", name="Усе гаразд").click()
    comes(page, "Попрощайтеся")
    page.get_by_role("link", name="Відкрити пам’ятку").click()
    comes(page, "Наступного разу Ви зможете зробити це самі")
    page.go_back()
    comes(page, "Попрощайтеся")
    page.get_by_label("Людина подала заявку").check()
    page.get_by_role("button", name="Завершити візит").first.click()
    expect(page.get_by_role("status")).to_contain_text("Записане про людину стерто")
    comes(page, "Візити")
    page.go_back()
    comes(page, "Візит завершено")
