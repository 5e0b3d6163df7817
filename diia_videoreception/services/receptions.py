"""Showing the conference password to the citizen (A-55)."""

import uuid
from datetime import datetime

from diia_videoreception.errors import NotFound, PasswordNotShown
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.applications import application_of, password_is_shown
from diia_videoreception.services import journal
from diia_videoreception.services.occupancy import act


@act
def reveal_password(*, actor: SignedIn, public_id: uuid.UUID, now: datetime) -> str:
    """Gives the password of the citizen's own reception, and writes down that it was shown.

    Raises:
        NotFound: the application is not this citizen's.
        PasswordNotShown: it is too early or too late.
    """
    application = application_of(actor.citizen, public_id)
    if application is None:
        raise NotFound
    if not password_is_shown(application, now=now):
        raise PasswordNotShown
    journal.record("reception.reveal_password", subject=application, citizen=actor.citizen, now=now)
    return application.reception.password
