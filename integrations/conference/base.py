"""What a provider of video conferences has to offer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ConferenceAccess:
    """How one person enters one conference (A-55); the password is a secret."""

    login: str
    password: str

    def __repr__(self) -> str:
        return f"ConferenceAccess(login={self.login!r}, password=…)"


class ConferenceProvider(Protocol):
    """Prepares the conference of one reception."""

    @property
    def name(self) -> str:
        """Alias in the settings."""

    @property
    def label(self) -> str:
        """Name for the staff."""

    def prepare(self, *, number: str, start: datetime, end: datetime) -> ConferenceAccess:
        """Makes the access of one reception, valid around its time only.

        Called before the time is confirmed and outside any transaction, so it may ask a server; what
        it made may stay unused, or be asked for again for the same number.
        """

    def check(self) -> list[str]:
        """Tells what is wrong with the configuration, in words; empty when all is well."""
