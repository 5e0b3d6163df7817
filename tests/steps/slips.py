"""Applications that were made in a centre, and their slips."""

from itertools import count
from typing import Any

from diia_videoreception import models
from diia_videoreception.rules.numbers import format_number
from diia_videoreception.services.assistance import slips
from tests.factories import ApplicationFactory
from tests.harness.clock import NOW

_PLACES = count(131)
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


def slip_of(application: models.Application) -> slips.GivenSlip:
    return slips.give_own(application.citizen, application.public_id, now=NOW)
