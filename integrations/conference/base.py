"""What a provider of video conferences has to offer."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime

from integrations.common.providers import Provider


@dataclass(frozen=True, slots=True)
class ConferenceAccess:
    """How one person enters one conference (A-55); the password is a secret."""

    login: str
    password: str

    def __repr__(self) -> str:
        return f"ConferenceAccess(login={self.login!r}, password=…)"


class ConferenceProvider(Provider):
    """Prepares the conference of one reception."""

    @abstractmethod
    def prepare(self, *, number: str, start: datetime, end: datetime) -> ConferenceAccess:
        """Make the access of one reception, valid around its time only.

        Called before the time is confirmed and outside any transaction, so it may ask a server; what
        it made may stay unused, or be asked for again for the same number.
        """
