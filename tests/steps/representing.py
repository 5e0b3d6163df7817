"""Somebody who speaks for somebody else."""

from datetime import date

from diia_videoreception.rules.representation import OnBehalf, Represented

FOR_CHILD = {
    "on_behalf": "child",
    "represented_name": "Мельник Софія Петрівна",
    "represented_born": "2015",
    "ground_document": "свідоцтво про народження",
    "ground_number": "І-БК 123456",
    "ground_date": "2015-05-12",
    "ground_until": "",
}
"""What a parent types."""
BY_ATTORNEY = FOR_CHILD | {
    "on_behalf": "power_of_attorney",
    "represented_name": "Шульга Ганна Іванівна",
    "represented_born": "1941",
    "ground_document": "довіреність",
    "ground_number": "7/2211",
    "ground_date": "2026-02-03",
    "ground_until": "2026-11-30",
}
"""What who has a power of attorney types; it ends on the day before the time that tests hold."""
MOTHER = Represented(
    kind=OnBehalf.ATTORNEY,
    name="Шульга Ганна Іванівна",
    born=1941,
    document="довіреність",
    number="7/2211",
    dated=date(2026, 2, 3),
    until=None,
)
