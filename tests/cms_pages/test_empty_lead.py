"""A service page whose editor has written no lead."""

import pytest
from django.test import Client
from wagtail.models import Page, Site

from cms_pages.models import ServicePage
from tests.harness import html

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("lead", ["", "Безоплатно."])
def test_without_a_lead__no_picture_stands_beside_a_hole(client: Client, lead: str) -> None:
    home: Page = Site.objects.get().root_page
    page = home.add_child(instance=ServicePage(title="Послуга", terms="<p>Так</p>", lead=lead))

    shown = html.Page(client.get(page.url))

    assert shown.has("h1")
    assert shown.has(".vr-split h1") is bool(lead)
