"""What a captcha has to offer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Proof:
    """A genuine and fresh proof.

    Attributes:
        key: Names the proof, however it is written: who sees it twice knows that it was used.
        expires_at: From when the captcha itself refuses it.
    """

    key: str
    expires_at: datetime


class Captcha(Protocol):
    """Judges proofs; that each is used once is for the caller to see to."""

    def check(self, payload: str) -> Proof | None:
        """The proof, if it is genuine and fresh."""

    def challenge(self) -> dict[str, object]:
        """A new challenge, for clients that solve it themselves (the API)."""
