"""A portal that puts its own page around our screens loses nothing that every screen has."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception.web.browser_state import NOTICE
from tests.steps.people import sign_in

PAGE = """<!doctype html><title>Портал</title><h1>Сторінка порталу</h1>
{% block head %}{% endblock %}<main id="main">{% block content %}{% endblock %}</main>
{% block scripts %}{% endblock %}"""


@pytest.mark.django_db
def test_page_of_the_portal__keeps_the_notices(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "diia_videoreception").mkdir()
    (tmp_path / "diia_videoreception" / "base.html").write_text(PAGE)
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    sign_in(client)
    session = client.session
    session[NOTICE.key] = "address_confirmed"
    session.save()
    page = client.get(reverse("diia_videoreception:cabinet")).text
    assert "Сторінка порталу" in page
    assert "data-vr-zone" in page
    assert "Адресу підтверджено" in page
