"""What a centre types for a person, for who holds the visit; and whom one may book."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diia_videoreception.models import (
    Application,
    CentreMember,
    CentreVisit,
    Draft,
    Mandate,
    Occupancy,
    Official,
    TypedCode,
    TypedDraft,
)
from diia_videoreception.selectors.booking.catalogue import receiving_officials
from diia_videoreception.selectors.booking.holds import live_hold
from diia_videoreception.selectors.searching import having_words

MOST = 20
"""So many officials are shown of those who are found."""


ANSWERS = ("phone", "topic", "needs", "companion", "claims_priority", "documents", "time")
"""What is noted by these names, each with who typed it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What is typed for the person of a visit, the time held for them, and whether a code waits to be given."""

    draft: Draft
    entered: dict[str, dict[str, str]]
    hold: Occupancy | None
    is_code_sent: bool


def typed_in(visit: CentreVisit, mandate: Mandate, *, now: datetime) -> Typed | None:
    """Return what is typed in a visit under this consent; None before anything is."""
    rows = TypedDraft.objects.select_related("draft__citizen").filter(
        visit=visit, mandate=mandate, draft__isnull=False
    )
    found = rows.first()
    if found is None:
        return None
    waits = TypedCode.objects.filter(typed=found, expires_at__gt=now).exists()
    return Typed(found.draft, found.entered, live_hold(mandate.person, now=now), waits)


def officials_found(search: str) -> Sequence[Official]:
    """Return the first officials in whose name, post, questions or agency every word occurs."""
    found = having_words(
        receiving_officials().select_related("unit__agency"),
        search,
        "search_text",
        "unit__agency__search_text",
    )
    return list(found.order_by("last_name", "first_name", "pk")[:MOST]) if search.strip() else []


def typists_of(entered: Mapping[str, Mapping[str, str]], mandate: Mandate) -> dict[str, str]:
    """Return by whom each answer was typed, by its name; what nobody has typed anew came with the consent."""
    found = CentreMember.objects.select_related("user").filter(
        public_id__in={said["by"] for said in entered.values()}, centre=mandate.centre_id
    )
    names = {str(member.public_id): name_of(member) for member in found}
    first = name_of(mandate.taken_by)
    by = {
        name: names.get(entered[name]["by"], "") if name in entered else first for name in ANSWERS
    }
    return by | {"name": first}


@dataclass(frozen=True, slots=True)
class Said:
    """One answer of an application that was typed for its person.

    Attributes:
        typed_by: empty for what the person has written themselves since.
    """

    label: str
    typed_by: str


def said_in(application: Application) -> Sequence[Said]:
    """Return by whom each answer of an application on behalf was typed, as it stands now; empty of any other.

    A time that the agency has changed since is nobody's answer any more.
    """
    if application.entered_by_id is None or application.mandate is None:
        return []
    own = {name for one in application.sent_corrections for name in one.became}
    typists = typists_of(application.entered, application.mandate)
    moved = application.start != application.requested_start
    there = {"name", "phone", "topic"} | ({"time"} if not moved else set())
    there |= {
        name for name in ("needs", "companion", "claims_priority") if getattr(application, name)
    }
    there |= {"documents"} & application.entered.keys()
    return [
        Said(str(label), "" if name in own else typists[name])
        for name, label in _LABELS.items()
        if name in there
    ]


_LABELS = {
    "name": _("Full name"),
    "phone": _("Contact phone"),
    "topic": _("Summary of the question"),
    "needs": _("During the reception"),
    "companion": _("Accompanied by"),
    "claims_priority": _("Priority"),
    "documents": _("Documents"),
    "time": pgettext_lazy("field", "Time"),
}


def name_of(member: CentreMember) -> str:
    """Return the name under which people know a member of a centre."""
    return member.user.get_full_name() or member.user.get_username()


def applied_in(visit: CentreVisit) -> QuerySet[Application]:
    """Return what was filed by the consent of a visit since it began."""
    of_visit = Application.objects.filter(
        mandate=visit.mandate_id, submitted_at__gte=visit.started_at
    )
    return of_visit.order_by("-submitted_at", "-pk")
