"""What a captcha has to offer."""

from typing import Protocol


class Captcha(Protocol):
    """Checks a proof once; the same proof is never good twice."""

    def is_solved(self, payload: str) -> bool:
        """Tells whether the proof is genuine, fresh and used for the first time."""

    def challenge(self) -> dict[str, object]:
        """A new challenge, for clients that solve it themselves (the API)."""
