"""Reports and lists saved as files."""

from typing import Any

from diia_videoreception.models import Agency, Export
from diia_videoreception.rules.reports import ReportPeriod
from diia_videoreception.services.booking.exporting import hand_out
from tests.harness.clock import NOW

REASON = "Для щомісячної наради керівництва"


def handed_out(staff: Any, agency: Agency) -> Export:
    """A list of one row of an agency, of one day."""
    return hand_out(
        b"file",
        staff=staff,
        agencies=[agency.pk],
        kind=Export.Kind.LIST,
        file_format=Export.Format.CSV,
        period=ReportPeriod(NOW.date(), NOW.date()),
        rows=1,
        reason=REASON,
        now=NOW,
    )
