"""The centres as everybody may find them: name, address, telephone, hours; only those that work with the portal now."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from diia_videoreception.models import Centre, CentreDecision, CentreHours
from diia_videoreception.rules.centres import grouped_week
from diia_videoreception.selectors.searching import having_words

MAX_SEARCH = 100


@dataclass(frozen=True, slots=True)
class ListedCentre:
    """What the public learns of a centre; of its people nothing.

    Attributes:
        functions: what it offers by a decision that holds, in words.
        week: first and last weekday and the hours of these days; days off are left out.
    """

    name: str
    place: str
    address: str
    phone: str
    email: str
    functions: list[str]
    week: list[tuple[int, int, str]]

    @property
    def dialled(self) -> str:
        """The telephone as a link dials it: of what was typed only digits and a plus."""
        return "".join(sign for sign in self.phone if sign in "+0123456789")


def found_centres(search: str) -> QuerySet[Centre]:
    """Return the centres that work now and in whose name or place each word occurs, by name."""
    working = Centre.objects.filter(state=Centre.State.ACTIVE)
    return having_words(working, search[:MAX_SEARCH], "search_text").order_by("sort_key", "pk")


def listed(centres: QuerySet[Centre]) -> list[ListedCentre]:
    """Return some centres as the public sees them; three queries however many they are."""
    own_hours = CentreHours.objects.filter(workplace__isnull=True)
    # What is prefetched hangs on the rows under names of its own.
    rows: Iterable[Any] = centres.prefetch_related(
        Prefetch("hours", own_hours, "own_hours"),
        Prefetch("decisions", CentreDecision.objects.live(), "live_decisions"),
    )
    return [
        ListedCentre(
            row.name,
            row.place,
            row.address,
            row.phone,
            row.email,
            sorted(one.get_function_display() for one in row.live_decisions),
            grouped_week(one.period for one in row.own_hours),
        )
        for row in rows
    ]
