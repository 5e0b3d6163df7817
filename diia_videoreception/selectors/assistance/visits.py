"""The visits of a centre: everybody sees their own, the head how many each holds."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from diia_videoreception.models import CentreMember, CentreVisit, CentreWorkplace, VisitPhrase
from diia_videoreception.rules.centres import CentreFunction
from diia_videoreception.rules.visits import VisitPhase


def open_visits_of(member: CentreMember) -> QuerySet[CentreVisit]:
    """Return what somebody holds now, the oldest first."""
    return CentreVisit.objects.open().filter(member=member).select_related("workplace")


def visit_of(member: CentreMember, public_id: uuid.UUID) -> CentreVisit | None:
    """Return a visit that somebody holds or has ended; None for everybody else's."""
    found = CentreVisit.objects.filter(member=member, public_id=public_id)
    return found.select_related("workplace").first()


def holders_of_visits(member: CentreMember) -> list[tuple[CentreMember, list[CentreVisit]]]:
    """Return who of the centre holds which open visits, for its head; for others their own alone."""
    found = CentreVisit.objects.open().filter(centre=member.centre_id)
    if not member.is_head:
        found = found.filter(member=member)
    held: dict[CentreMember, list[CentreVisit]] = defaultdict(list)
    for visit in found.select_related("member__user"):
        held[visit.member].append(visit)
    return list(held.items())


def colleagues_of(member: CentreMember) -> QuerySet[CentreMember]:
    """Return who of the centre can take visits over: who works there and is not blocked."""
    found = CentreMember.objects.live().filter(centre=member.centre_id, blocked_at__isnull=True)
    return found.select_related("user")


def open_self_service_places(member: CentreMember) -> QuerySet[CentreWorkplace]:
    """Return where somebody can be invited to; nowhere while the centre has no decision for it (B-04)."""
    return CentreWorkplace.objects.filter(
        centre=member.centre_id,
        kind=CentreWorkplace.Kind.SELF_SERVICE,
        state=CentreWorkplace.State.WORKING,
        centre__decisions__function=CentreFunction.SELF_SERVICE.value,
        centre__decisions__ended_at__isnull=True,
    )


def phrases_of(phase: VisitPhase) -> Mapping[str, Sequence[VisitPhrase]]:
    """Return the lines of the phrase bank for a stage, by their kind."""
    found: dict[str, list[VisitPhrase]] = {str(kind): [] for kind in VisitPhrase.Kind}
    for phrase in VisitPhrase.objects.filter(phase=phase.value):
        found[phrase.kind].append(phrase)
    return found
