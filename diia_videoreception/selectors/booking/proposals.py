"""Times that agencies have proposed: the one that waits for an answer, and the last one."""

import uuid
from datetime import datetime

from django.db.models import FilteredRelation, Q, QuerySet

from diia_videoreception.models import Application, Citizen, Proposal
from diia_videoreception.rules.transitions import AWAITING_DECISION


def with_last_proposal(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Read the newest proposal of each application along with it, as `last_proposal`."""
    last = FilteredRelation("proposals", condition=Q(proposals__is_last=True))
    joined = rows.annotate(last_proposal=last)  # type: ignore[no-redef]
    return joined.select_related("last_proposal__official__unit")  # type: ignore[misc]


def open_proposal(application: Application, *, now: datetime) -> Proposal | None:
    """Return the proposed time that waits for the citizen's answer, looked up anew."""
    return Proposal.objects.open(now).filter(application=application).first()


def proposals_to(citizen: Citizen, public_id: uuid.UUID) -> QuerySet[Proposal]:
    """Return what was proposed to the citizen for one of their applications."""
    return Proposal.objects.filter(application__citizen=citizen, application__public_id=public_id)


def is_proposed(application: Application, *, now: datetime) -> bool:
    """Return whether another time waits for an answer, of what was read `with_last_proposal`."""
    proposal = application.last_proposal
    return proposal is not None and proposal.is_open(now)


def waits_for_citizen(now: datetime) -> Q:
    """Describe applications to which another time is proposed that can be answered."""
    return Q(pk__in=Proposal.objects.open(now).values("application"))


def comes_back(now: datetime) -> Q:
    """Describe undecided applications to come whose proposed time was refused, or not answered in time."""
    unanswered = Q(answer=Proposal.Answer.EXPIRED) | Q(answer="", deadline__lte=now)
    ended = Proposal.objects.filter(unanswered | Q(answer=Proposal.Answer.REFUSED), is_last=True)
    return Q(pk__in=ended.values("application"), state__in=AWAITING_DECISION, start__gt=now)
