"""What a person leaves behind who goes away from a screen that is not theirs."""

from datetime import datetime

from diia_videoreception.models import Citizen, Document, Draft, HoldUse, Occupancy
from diia_videoreception.selectors.booking.holds import live_hold
from diia_videoreception.services.documents.storage import delete_documents
from diia_videoreception.services.transactions import lock_citizen


def leave(citizen: Citizen, *, since: datetime, until: datetime, now: datetime) -> None:
    """Give back the time that was held between these moments, and delete the draft that was begun then, inside an act.

    What the person held or wrote at home before stays theirs, as does what they have filed.
    """
    lock_citizen(citizen)
    hold = live_hold(citizen, now=now)
    uses = HoldUse.objects.filter(citizen=citizen, created_at__range=(since, until))
    if hold is not None and uses.filter(token=hold.token).exists():
        Occupancy.objects.filter(pk=hold.pk, kind=Occupancy.Kind.HOLD).delete()
        uses.filter(token=hold.token, outcome=HoldUse.Outcome.LIVE).update(
            outcome=HoldUse.Outcome.RELEASED, expires_at=now
        )
    drafts = Draft.objects.filter(citizen=citizen, created_at__range=(since, until))
    delete_documents(list(Document.objects.filter(draft__in=drafts)))
    drafts.delete()
