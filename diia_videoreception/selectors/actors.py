"""Who acts: a signed-in citizen, as the services and selectors want to know it."""

from dataclasses import dataclass
from datetime import datetime

from diia_videoreception.models import Citizen, CitizenSession
from integrations.common.levels import Level


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A citizen with the assurance of this sign-in; from a session, or from an access token.

    Attributes:
        is_helped: whether a centre acts, by the citizen's consent: no program asks, and the terms are
            agreed to where the citizen confirms.
    """

    citizen: Citizen
    level: Level
    method: str
    auth_time: datetime
    session: CitizenSession | None = None
    is_helped: bool = False

    def satisfies(self, minimum: str) -> bool:
        """Return whether this sign-in is as sure as `minimum`, one of the levels, demands (B-23)."""
        return self.level.at_least(Level(minimum))
