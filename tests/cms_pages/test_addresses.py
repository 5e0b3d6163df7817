"""A new page is found: through the menu, and by an address that people can read and dictate."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from cms_pages.forms import latin_formatters
from cms_pages.models import InstructionPage, RulesPage, ServicePage
from tests.harness import html

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["servicepage", "instructionpage"])
def test_the_form_of_a_new_page__offers_the_menu_and_a_latin_address(
    desk: Client, kind: str
) -> None:
    home = Page.objects.get(depth=2)
    address = reverse("wagtailadmin_pages:add", args=["diia_cms_pages", kind, home.pk])

    form = html.Page(desk.get(address))

    assert form.field("show_in_menus").is_checked
    assert form.field("slug").attribute("data-w-slug-formatters-value")


@pytest.mark.parametrize(
    ("title", "latin"),
    [
        # The examples of the resolution itself.
        ("Згорани", "zghorany"),
        ("Єнакієве", "yenakiieve"),
        ("Їжакевич, Кадиївка", "yizhakevych, kadyivka"),
        ("Йосипівка, Стрий", "yosypivka, stryi"),
        ("Юрій, Корюківка", "yurii, koriukivka"),
        ("Знам’янка", "znamianka"),
        ("Її єєя", "yii yeieia"),
        ("Ґалаґан і Гончаренко", "galagan i honcharenko"),
        ("Щербухи, Харків, Жужелиці", "shcherbukhy, kharkiv, zhuzhelytsi"),
        # Not at the beginning of a word, only after a sign.
        ("Відеоприйом у «Ярославні» з в’язнем", "videopryiom u «yaroslavni» z viaznem"),
    ],
)
def test_a_title__becomes_latin_by_the_official_table(title: str, latin: str) -> None:
    for pattern, replacement in latin_formatters():
        title = pattern.sub(replacement, title)

    assert title.lower() == latin


def test_a_new_page_made_by_a_program__is_in_the_menu_too() -> None:
    assert ServicePage().show_in_menus
    assert InstructionPage().show_in_menus
    assert not RulesPage().show_in_menus


def test_whoever_took_it_out_of_the_menu__keeps_it_out(
    publish: Callable[..., ServicePage],
) -> None:
    page = publish(show_in_menus="")
    page.refresh_from_db()

    assert not page.show_in_menus
