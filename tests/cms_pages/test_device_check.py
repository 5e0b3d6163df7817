"""The device check as a block of a page (A-09)."""

import pytest
from django.test import Client
from wagtail.blocks import StreamBlockValidationError
from wagtail.models import Page

from cms_pages.models import InstructionPage
from tests.harness import html


@pytest.fixture
def instruction(db: None) -> InstructionPage:
    page = InstructionPage(
        title="Перевірка обладнання",
        slug="perevirka",
        body=[("device_check", {"intro": "<p>Сядьте там, де будете під час прийому.</p>"})],
    )
    return Page.objects.get(depth=2).add_child(instance=page)


def test_the_block__is_the_whole_check(client: Client, instruction: InstructionPage) -> None:
    shown = html.Page(client.get(instruction.url))

    assert "Сядьте там, де будете під час прийому." in shown.text
    assert "Перевіримо камеру, мікрофон, звук і з’єднання" in shown.text
    assert shown.has('[data-runs="/device-check/runs/"]')
    assert shown.token
    assert shown.has('script[src*="device_check/check.js"]')
    assert shown.heading, "one and no other"


def test_one_page__has_one_check() -> None:
    body = InstructionPage._meta.get_field("body").stream_block
    one = {"type": "device_check", "value": {"intro": ""}}

    body.clean(body.to_python([one]))
    with pytest.raises(StreamBlockValidationError):
        body.clean(body.to_python([one, one]))
