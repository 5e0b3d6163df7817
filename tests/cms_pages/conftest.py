"""A portal with an editor, and what an editor fills in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from cms_pages.models import ServicePage
from diia_videoreception.models import Citizen
from tests.factories import CitizenFactory, OfficialFactory

TERMS = "<p>Послуга безоплатна.</p>"


@pytest.fixture
def editor(db: None) -> User:
    """Somebody with the editors' permissions and no others."""
    call_command("setup_roles", verbosity=0)
    user = User.objects.create_user("editor", password="secret")
    user.groups.add(Group.objects.get(name="Редактор порталу"))
    return user


@pytest.fixture
def desk(editor: User) -> Client:
    """The editor's browser."""
    client = Client()
    client.force_login(editor)
    return client


def page_form(**changes: Any) -> dict[str, Any]:
    """The form of a service page as an editor fills it in."""
    step = {"title": "Залишити заявку", "text": rich_text("<p>Оберіть час.</p>")}
    notice = {"title": "", "text": rich_text(""), "show_earliest_day": ""}
    steps = {
        "heading": "Як потрапити на прийом",
        "intro": rich_text(""),
        "steps": streamfield([("item", step)]),
        "notice": notice,
    }
    # The items of a list have no type.
    form = {
        "title": "Прийом громадян за допомогою відеозв’язку",
        "slug": "pryiom",
        "lead": "Поговоріть з керівником державної установи, не виходячи з дому.",
        "picture": streamfield([]),
        "body": streamfield([("booking_button", ""), ("steps", steps)]),
        "terms": rich_text(TERMS),
        "is_paused": "",
        "paused_until": "",
        "comments": {
            "TOTAL_FORMS": "0",
            "INITIAL_FORMS": "0",
            "MIN_NUM_FORMS": "0",
            "MAX_NUM_FORMS": "",
        },
        "action-publish": "action-publish",
        **changes,
    }
    return dict(nested_form_data(form))


@pytest.fixture
def publish(desk: Client) -> Callable[..., ServicePage]:
    """`publish(page)` edits and publishes it; without a page a new one is made below the root."""

    def act(page: ServicePage | None = None, parent: Page | None = None, **changes: Any) -> Any:
        if page is None:
            parent = parent or Page.objects.get(depth=2)
            address = reverse(
                "wagtailadmin_pages:add", args=["diia_cms_pages", "servicepage", parent.pk]
            )
        else:
            address = reverse("wagtailadmin_pages:edit", args=[page.pk])
        answer = desk.post(address, page_form(**changes))
        assert answer.status_code == 302, answer.context["form"].errors
        return ServicePage.objects.order_by("-pk").first() if page is None else page

    return act


@pytest.fixture
def page(publish: Callable[..., ServicePage]) -> ServicePage:
    """A published service page, and an official whom one can book."""
    OfficialFactory()
    return publish()


@pytest.fixture
def citizen(db: None) -> Citizen:
    return CitizenFactory()
