"""Who acts: a signed-in citizen, as the services and selectors want to know it."""

from dataclasses import dataclass
from datetime import datetime

from diia_videoreception.models import Citizen, CitizenSession


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A citizen with the assurance of this sign-in; from a session, or from an access token."""

    citizen: Citizen
    level: str
    method: str
    auth_time: datetime
    session: CitizenSession | None = None
