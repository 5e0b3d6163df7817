"""The way from a page of an editor to choosing a time."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Site

from cms_pages.models import InstructionPage
from tests.factories import AgencyFactory, OfficialFactory
from tests.harness import html

pytestmark = pytest.mark.any_database


def shown(client: Client, agency: str) -> html.Page:
    body = [("booking_link", {"agency": agency, "text": ""})]
    page = Site.objects.get().root_page.add_child(instance=InstructionPage(title="Про", body=body))
    return html.Page(client.get(page.url))


def test_the_link__leads_to_its_agency(db: None, client: Client) -> None:
    agency = OfficialFactory().agency
    page = shown(client, str(agency.pk))
    assert page.leads_to(f"{reverse('diia_videoreception:choose')}?agency={agency.pk}")
    assert "Вибрати час" in page.text


@pytest.mark.parametrize("agency", ["", "left", "999", "x", "9" * 30])
def test_the_link__leads_to_all_where_the_agency_receives_nobody(
    db: None, client: Client, agency: str
) -> None:
    key = str(AgencyFactory().pk) if agency == "left" else agency
    assert shown(client, key).leads_to(reverse("diia_videoreception:choose"))
