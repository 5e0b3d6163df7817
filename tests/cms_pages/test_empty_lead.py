"""A service page whose editor has written no lead."""

import pytest
from django.test import Client
from wagtail.models import Page, Site

from cms_pages.models import ServicePage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("lead", ["", "Безоплатно."])
def test_without_a_lead__no_picture_stands_beside_a_hole(client: Client, lead: str) -> None:
    home: Page = Site.objects.get().root_page
    page = home.add_child(instance=ServicePage(title="Послуга", terms="<p>Так</p>", lead=lead))

    text = client.get(page.url).content.decode()

    hero = text[text.index("<h1>") - 200 : text.index("<h1>")]
    assert ('class="vr-split"' in hero) is bool(lead)
