"""What an administrator types for a person who has agreed to it, as far as a test needs it."""

from datetime import datetime
from typing import Any

from diia_videoreception import models
from diia_videoreception.personal_data import decrypt
from diia_videoreception.services.assistance import typing
from diia_videoreception.services.booking.drafts import DraftAnswers
from tests.harness.clock import NOW, START
from tests.steps.visits import shown

TOPIC = "Дружині 82 роки, з вересня не платять компенсацію."
ANSWERS = DraftAnswers(topic=TOPIC, phone="050 123 45 18")


def typed(
    visit: models.CentreVisit, staff: Any, answers: DraftAnswers = ANSWERS, *, now: datetime = NOW
) -> models.TypedDraft:
    return typing.write(shown(visit), answers, staff=staff, now=now)


def held(
    visit: models.CentreVisit,
    staff: Any,
    official: models.Official,
    start: datetime = START,
    *,
    now: datetime = NOW,
) -> models.Occupancy:
    return typing.hold(shown(visit), official_id=official.pk, start=start, staff=staff, now=now)


def asked_to_confirm(visit: models.CentreVisit, staff: Any, *, now: datetime = NOW) -> str:
    """The code that only the phone of the person has."""
    row = typing.send_code(shown(visit), staff=staff, now=now)
    return decrypt(row.code_encrypted)


def confirmed(
    visit: models.CentreVisit, staff: Any, code: str, *, now: datetime = NOW
) -> models.Application:
    return typing.confirm(shown(visit), code, staff=staff, now=now)


def filed_for(
    visit: models.CentreVisit, staff: Any, official: models.Official, *, now: datetime = NOW
) -> models.Application:
    typed(visit, staff, now=now)
    held(visit, staff, official, now=now)
    return confirmed(visit, staff, asked_to_confirm(visit, staff, now=now), now=now)
