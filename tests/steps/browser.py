"""A citizen in a browser, writing an application."""

from datetime import timedelta
from typing import Any

from playwright.sync_api import Page

from diia_videoreception.models import Citizen, Draft, HoldUse, Occupancy
from diia_videoreception.services.booking import drafts
from diia_videoreception.services.booking.drafts import DraftAnswers
from tests.factories import NOW
from tests.harness.browser import Device

APPLICATION = "/videoreception/application/"
CHECK = "/videoreception/application/check/"
TOPIC = "Прошу роз’яснити, чому припинили компенсацію за догляд."
DEVICES: tuple[Device, Device] = ("phone", "desktop")


def write(citizen: Citizen, **answers: Any) -> Draft:
    return drafts.save_answers(
        citizen=citizen,
        answers=DraftAnswers(**({"topic": TOPIC, "phone": "067 123 45 67"} | answers)),
        now=NOW,
    )


def end_hold(hold: Occupancy) -> None:
    past = {
        "created_at": NOW - timedelta(minutes=20),
        "expires_at": NOW - timedelta(minutes=5),
    }
    Occupancy.objects.filter(pk=hold.pk).update(**past)
    HoldUse.objects.filter(token=hold.token).update(**past)


def file_of(content: bytes, name: str) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def fits(page: Page) -> None:
    """Nothing sticks out to the right."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


AGENCY = "Міністерство соціальної політики"
