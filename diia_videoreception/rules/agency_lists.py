"""Lists of an agency's units and officials, as CSV files that spreadsheets write."""

from collections.abc import Mapping
from enum import StrEnum

from diia_videoreception.rules.centre_lists import ListRow, read_rows


class AgencyList(StrEnum):
    """What a file of an agency lists."""

    UNITS = "units"
    OFFICIALS = "officials"


AGENCY_COLUMNS: Mapping[AgencyList, tuple[str, ...]] = {
    AgencyList.UNITS: ("name", "part_of"),
    AgencyList.OFFICIALS: (
        "unit", "last_name", "first_name", "patronymic", "post", "competence",
    ),
}  # fmt: skip
"""The columns of each kind, in any order; the first row of the file names them."""
AGENCY_NEEDED: Mapping[AgencyList, tuple[str, ...]] = {
    AgencyList.UNITS: ("name",),
    AgencyList.OFFICIALS: ("unit", "last_name", "first_name", "post"),
}


def read_agency_list(kind: AgencyList, text: str) -> list[ListRow]:
    """Read a list of units or officials.

    Raises:
        ListError: as `centre_lists.read_rows`.
    """
    return read_rows(text, columns=AGENCY_COLUMNS[kind], needed=AGENCY_NEEDED[kind])
