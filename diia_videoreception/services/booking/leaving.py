"""What a person leaves behind who goes away from a screen that is not theirs."""

from datetime import datetime

from diia_videoreception.models import Citizen, Document, Draft, HoldUse
from diia_videoreception.services.booking.holds import give_back
from diia_videoreception.services.documents.storage import delete_documents
from diia_videoreception.services.transactions import lock_citizen


def leave(citizen: Citizen, *, since: datetime, until: datetime, now: datetime) -> None:
    """Give back the time that was held between these moments, and delete the draft that was begun then, inside an act.

    What the person held or wrote at home before stays theirs, as does what they have filed.
    """
    give_held_back(citizen, since=since, until=until, now=now)
    drafts = Draft.objects.filter(citizen=citizen, created_at__range=(since, until))
    delete_documents(list(Document.objects.filter(draft__in=drafts)))
    drafts.delete()


def give_held_back(citizen: Citizen, *, since: datetime, until: datetime, now: datetime) -> None:
    """Give back the time that was held between these moments and is held still, inside an act."""
    lock_citizen(citizen)
    uses = HoldUse.objects.filter(citizen=citizen, created_at__range=(since, until))
    for use in uses.filter(outcome=HoldUse.Outcome.LIVE, expires_at__gt=now):
        give_back(use, now=now)
