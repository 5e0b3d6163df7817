"""Looks of staff at cases, as they are written down."""

from typing import Any

from diia_videoreception.models import Application, Look
from diia_videoreception.services.journal.looking import QUARTER
from tests.factories import NOW


def looked_at(application: Application, *, quarter: int = 1, **values: Any) -> Look:
    """The official of a case looked at it, so many quarters of an hour after `NOW`."""
    return Look.objects.create(
        moment=NOW + quarter * QUARTER,
        staff_id="77123",
        role="official",
        what="case",
        application_id=application.public_id,
        object_id=application.public_id,
        agency_key=application.agency_id,
        official_key=application.official_id,
        quarter=quarter,
        **values,
    )
