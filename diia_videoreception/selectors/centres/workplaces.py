"""The places and the hours of a centre, as its own people see them."""

import uuid

from django.db.models import QuerySet

from diia_videoreception.models import CentreDecision, CentreHours, CentreMember, CentreWorkplace


def workplaces_of(member: CentreMember) -> QuerySet[CentreWorkplace]:
    """Return the places of the member's centre that were not removed, with what their computers report."""
    found = CentreWorkplace.objects.filter(centre=member.centre_id)
    return found.exclude(state=CentreWorkplace.State.REVOKED).select_related("machine", "centre")


def workplace_in(member: CentreMember, public_id: uuid.UUID) -> CentreWorkplace | None:
    return workplaces_of(member).filter(public_id=public_id).first()


def hours_of(member: CentreMember, workplace: CentreWorkplace | None) -> QuerySet[CentreHours]:
    """Return the hours of a seat of the member's centre, or of the centre itself."""
    return CentreHours.objects.filter(centre=member.centre_id, workplace=workplace)


def live_decisions(member: CentreMember) -> dict[str, CentreDecision]:
    """Return the decisions by which functions of the member's centre are on, by function."""
    found = CentreDecision.objects.live().filter(centre=member.centre_id)
    return {decision.function: decision for decision in found}
