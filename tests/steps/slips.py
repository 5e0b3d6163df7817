"""Applications that were made in a centre, and their slips."""

from io import BytesIO
from itertools import count
from typing import Any

import pikepdf
from playwright.sync_api import Page as PlaywrightPage

from diia_videoreception import models
from diia_videoreception.rules.numbers import format_number
from diia_videoreception.services.assistance import slips
from tests.factories import ApplicationFactory
from tests.harness.clock import NOW

_PLACES = count(131)
PAPERS = {"папір А4": (210, 297), "папір А6": (105, 148), "чек 80 мм": (80, 297)}
"""The sheets as they are called on the screen, with their sizes in millimetres."""
TOPIC = "Прошу пояснити, чому припинили компенсацію."


def made_in(centre: models.Centre, **values: Any) -> models.Application:
    """An application that a visitor of a self-service place has made."""
    number = format_number(2026, next(_PLACES))
    given = {
        "number": number,
        "channel": "kiosk",
        "centre": centre,
        "topic": TOPIC,
        "phone": "+380671234567",
    }
    application: models.Application = ApplicationFactory(**(given | values))
    return application


def is_one_sheet_of_each_paper(page: PlaywrightPage) -> None:
    """The slip on the screen is one sheet of the size that is chosen above it, whichever that is."""
    for paper, size in PAPERS.items():
        page.get_by_label(paper).check()
        sheets = pikepdf.open(BytesIO(page.pdf(prefer_css_page_size=True))).pages
        found = [
            tuple(round(float(side) * 25.4 / 72) for side in one.mediabox[2:]) for one in sheets
        ]
        assert found == [size], paper


def slip_of(application: models.Application) -> slips.GivenSlip:
    return slips.give_own(application.citizen, application.public_id, now=NOW)
