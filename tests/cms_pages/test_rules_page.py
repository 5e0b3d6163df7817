"""The rules that editors write and people agree to when they register (A-13)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, rich_text

from cms_pages.models import RulesPage
from diia_videoreception.models import ConsentText, Service
from diia_videoreception.selectors.accounts.consents import RULES, rules_to_read, terms_in_force

NO_COMMENTS = {
    "TOTAL_FORMS": "0",
    "INITIAL_FORMS": "0",
    "MIN_NUM_FORMS": "0",
    "MAX_NUM_FORMS": "",
}


@pytest.fixture
def publish(desk: Client) -> Callable[..., RulesPage]:
    def act(text: str, page: RulesPage | None = None, **changes: Any) -> RulesPage:
        form = {
            "title": "Правила системи",
            "slug": "pravyla",
            "lead": "",
            "rules": rich_text(text),
            "comments": NO_COMMENTS,
            "action-publish": "action-publish",
            **changes,
        }
        address = (
            reverse("wagtailadmin_pages:edit", args=[page.pk])
            if page
            else reverse(
                "wagtailadmin_pages:add",
                args=["diia_cms_pages", "rulespage", Page.objects.get(depth=2).pk],
            )
        )
        answer = desk.post(address, dict(nested_form_data(form)))
        assert answer.status_code == 302, answer.context["form"].errors
        return page or RulesPage.objects.get()

    return act


def test_each_published_change__is_an_edition(
    publish: Callable[..., RulesPage], client: Client
) -> None:
    page = publish("<p>Перші правила.</p>")
    publish("<p>Перші правила.</p>", page, title="Правила порталу")
    publish("<p>Другі правила.</p>", page)

    versions = list(ConsentText.objects.order_by("version"))
    assert [(text.service, text.version, text.language) for text in versions] == [
        (RULES, 1, "uk"),
        (RULES, 2, "uk"),
    ]
    assert "Другі правила." in versions[1].body
    assert "data-block-key" not in versions[1].body
    in_force = rules_to_read("uk")
    assert in_force == versions[1]
    page.refresh_from_db()
    shown = client.get(page.url).text
    assert "Другі правила." in shown
    assert "Редакція 2 від" in shown


def test_rules__are_neither_a_service_nor_terms_to_book_under(
    publish: Callable[..., RulesPage],
) -> None:
    publish("<p>Правила.</p>")
    assert not Service.objects.exists()
    assert not terms_in_force().exists()


def test_a_draft__is_not_in_force(desk: Client, publish: Callable[..., RulesPage]) -> None:
    page = publish("<p>Правила.</p>")
    form = {
        "title": page.title,
        "slug": page.slug,
        "lead": "",
        "rules": rich_text("<p>Чернетка.</p>"),
        "comments": NO_COMMENTS,
    }
    desk.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), dict(nested_form_data(form)))
    assert ConsentText.objects.count() == 1


def test_the_rules__are_read_in_the_language_of_the_person_or_of_the_portal(db: None) -> None:
    def edition(language: str) -> ConsentText:
        return ConsentText.objects.create(
            service=RULES,
            language=language,
            version=1,
            body="…",
            sha256="0" * 64,
            published_at="2026-11-23T08:00Z",
        )

    assert rules_to_read("en") is None
    polish = edition("pl")
    assert rules_to_read("en") == polish
    ukrainian = edition("uk")
    assert rules_to_read("en") == ukrainian
    english = edition("en")
    assert rules_to_read("en") == english
