"""What stands in the way of erasing a person's data, and what agencies have to keep of it and until when."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from diia_videoreception.models import Agency, AnswerTask, Application, Citizen, Mandate
from diia_videoreception.rules.transitions import OPEN_STATES


class Hindrance(StrEnum):
    """Why nothing is erased yet: something is still to come for the person."""

    RECEPTION = "reception"
    ANSWER = "answer"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class KeptByAgency:
    """What an agency keeps of a person.

    Attributes:
        until: When the last of it goes; None where the agency has set no time of keeping.
    """

    agency: Agency
    applications: int
    until: datetime | None


def hindrances_to_erasing(citizen: Citizen, *, now: datetime) -> Collection[Hindrance]:
    """Return what has to be ended first: open applications, answers to come, consents in force."""
    cases = Application.objects.filter(citizen=citizen)
    tasks = AnswerTask.objects.filter(application__citizen=citizen, status=AnswerTask.Status.OPEN)
    given = Mandate.objects.filter(person=citizen, sealed_at__isnull=False, ended_at=None)
    found = {
        Hindrance.RECEPTION: cases.filter(state__in=OPEN_STATES).exists(),
        Hindrance.ANSWER: tasks.exists(),
        Hindrance.CONSENT: any(one.is_live(now) for one in given),
    }
    return [hindrance for hindrance, is_there in found.items() if is_there]


def kept_by_agencies(citizen: Citizen) -> list[KeptByAgency]:
    """Return which agencies keep applications of a person, and until when; the time of keeping is their setting."""
    rows = defaultdict(list)
    agencies: dict[int, Agency] = {}
    for one in Application.objects.filter(citizen=citizen).select_related("agency"):
        rows[one.agency_id].append(max(one.decided_at or one.end, one.end))
        agencies[one.agency_id] = one.agency
    return [
        KeptByAgency(
            agency,
            len(rows[key]),
            max(rows[key]) + timedelta(days=agency.document_days)
            if agency.document_days is not None
            else None,
        )
        for key, agency in sorted(agencies.items(), key=lambda item: item[1].name)
    ]
