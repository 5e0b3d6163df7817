"""Writing the journal in the act's own transaction; sealing it is in `sealing`."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import (
    Agency,
    Application,
    Centre,
    CentreAccessRequest,
    CentreVisit,
    Citizen,
    Export,
    JournalAct,
    JournalRecord,
    Look,
    Mandate,
    MandateText,
    Official,
)


def record(
    act: JournalAct,
    *,
    subject: Agency
    | Application
    | Centre
    | CentreAccessRequest
    | Citizen
    | Export
    | Official
    | CentreVisit
    | Mandate
    | MandateText
    | Look
    | AbstractBaseUser,
    now: datetime,
    citizen: Citizen | None = None,
    staff_id: int | None = None,
    details: dict[str, object] | None = None,
) -> JournalRecord:
    """Add the row of one act, in the act's own transaction. `details` carry no personal values.

    The actor is the citizen or the member of staff that is given, else the system.

    Raises:
        ValueError: `act` is none of the acts that have words.
    """
    actor, actor_id = JournalRecord.Actor.SYSTEM, ""
    if citizen is not None:
        actor, actor_id = JournalRecord.Actor.CITIZEN, str(citizen.public_id)
    elif staff_id is not None:
        actor, actor_id = JournalRecord.Actor.STAFF, str(staff_id)
    return JournalRecord.objects.create(
        act=JournalAct(act),
        moment=now,
        actor_kind=actor,
        actor_id=actor_id,
        subject_kind=subject._meta.model_name or "",
        subject_id=str(getattr(subject, "public_id", subject.pk)),
        subject_version=getattr(subject, "version", None),
        details=details or {},
    )
