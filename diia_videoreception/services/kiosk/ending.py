"""The end of a visit: what the visitor had is taken from the server, whoever ends it and why."""

from datetime import datetime

from diia_videoreception.models import (
    CentreWorkplace,
    CitizenSession,
    JournalAct,
    PhoneSignIn,
    SelfServiceUse,
    VisitorSession,
)
from diia_videoreception.rules.kiosk import PRACTICE, EndReason
from diia_videoreception.selectors.centres.rights import today_in
from diia_videoreception.services import journal
from diia_videoreception.services.accounts import sessions
from diia_videoreception.services.booking import leaving

NO_CALL: dict[str, None] = {"needs_help_since": None, "help_promised_at": None}
"""How the row of a visitor says that nobody is called."""


def end_visit(visitor: VisitorSession, reason: EndReason, *, now: datetime) -> bool:
    """End a visit inside an act; of several who end it at once one does.

    Returns:
        Whether it was still open.
    """
    ended = VisitorSession.objects.open().filter(pk=visitor.pk)
    if not ended.update(ended_at=now, end_reason=reason.value, **NO_CALL):
        return False
    PhoneSignIn.objects.live(now).filter(visitor=visitor).update(state=PhoneSignIn.State.REFUSED)
    for session in CitizenSession.objects.filter(visitor=visitor).select_related("citizen"):
        leaving.leave(session.citizen, since=session.started_at, until=now, now=now)
        sessions.sign_out(session, now=now)
    place = visitor.workplace
    if visitor.step != PRACTICE:
        SelfServiceUse.objects.create(centre=place.centre, day=today_in(place.centre, now=now))
    journal.record(
        JournalAct.END_SELF_SERVICE,
        subject=place.centre,
        now=now,
        details={"workplace": str(place.public_id), "reason": reason.value},
    )
    return True


def end_open(place: CentreWorkplace, reason: EndReason, *, now: datetime) -> None:
    """End whatever visit is open at a place, inside an act."""
    for visitor in VisitorSession.objects.open().filter(workplace=place):
        visitor.workplace = place
        end_visit(visitor, reason, now=now)
