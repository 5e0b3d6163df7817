"""What a captcha has to offer."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SolvedChallenge:
    """A genuine and fresh proof.

    Attributes:
        key: Names the proof, however it is written: who sees it twice knows that it was used.
        expires_at: From when the captcha itself refuses it.
    """

    key: str
    expires_at: datetime


class Captcha(ABC):
    """Judges proofs; that each is used once is for the caller to see to.

    It is made without arguments, and shows itself by the portal's template of the widget.

    Attributes:
        is_demo: Whether it is for demonstration and refuses to work without DEBUG.
    """

    is_demo: bool = False

    @abstractmethod
    def verify(self, payload: str) -> SolvedChallenge | None:
        """Give the proof, if it is genuine and fresh."""

    @abstractmethod
    def challenge(self) -> dict[str, object]:
        """Make a new challenge, for clients that solve it themselves (the API)."""
