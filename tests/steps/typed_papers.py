"""What a person signs on paper in a centre, as far as a test needs it."""

from datetime import date, datetime
from typing import Any

from diia_videoreception import models
from diia_videoreception.services.assistance import typed_papers
from diia_videoreception.services.documents.scans import Upload
from tests.harness.clock import NOW
from tests.steps.mandates import TODAY
from tests.steps.samples import png
from tests.steps.visits import shown


def printed(visit: models.CentreVisit, staff: Any, *, now: datetime = NOW) -> models.TypedPaper:
    return typed_papers.print_typed(shown(visit), staff=staff, now=now)


def scanned(
    visit: models.CentreVisit,
    staff: Any,
    code: str,
    *,
    data: bytes | None = None,
    signed_on: date | None = TODAY,
    now: datetime = NOW,
) -> models.TypedPaper:
    return typed_papers.add_scan(
        shown(visit),
        Upload("Заявка.png", png() if data is None else data),
        code=code,
        signed_on=signed_on,
        staff=staff,
        now=now,
    )


def filed(visit: models.CentreVisit, staff: Any, *, now: datetime = NOW) -> models.Application:
    return typed_papers.file(shown(visit), staff=staff, now=now)
