"""Handing a person the copy of what is kept of them."""

from datetime import datetime
from enum import StrEnum

from diia_videoreception.models import JournalAct
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services import journal
from diia_videoreception.services.accounts.sessions import require_fresh
from diia_videoreception.services.transactions import act


class OwnCopy(StrEnum):
    """In which form the person wants the copy."""

    FILE = "json"
    PAGE = "html"


@act
def hand_out_copy(*, actor: SignedIn, form: OwnCopy, now: datetime) -> None:
    """Write down that the person takes a copy of their data; to be called before it is shown.

    Raises:
        AuthenticationTooOld: the person proved who they are too long ago: a copy holds everything.
    """
    require_fresh(actor, now=now)
    journal.record(
        JournalAct.COPY_OWN_DATA,
        subject=actor.citizen,
        citizen=actor.citizen,
        now=now,
        details={"form": form.value},
    )
