"""A portal with an editor, and what an editor fills in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from cms_pages.models import ServicePage
from diia_videoreception.models import Citizen
from tests.factories import CitizenFactory, OfficialFactory
from tests.steps.cms_pages import page_form


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
