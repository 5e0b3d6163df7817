"""A conference in a program that the citizen installs (A-07, A-54, A-55).

The portal gives each reception a login and a password of its own; the agency's video
administrator sees the same ones and opens the conference with them.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from integrations.conference.base import ConferenceAccess, ConferenceProvider

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without the signs that are mistaken for each other when read aloud or from paper."""


@dataclass(frozen=True, slots=True)
class ExternalProgramOptions:
    """How long the made-up password is; four groups of four carry about 78 bits."""

    name: str = "default"
    label: str = "External program"
    password_groups: int = 4
    group_length: int = 4

    def __post_init__(self) -> None:
        if self.password_groups * self.group_length < 12:
            raise ValueError("password_groups × group_length must be at least 12")


class ExternalProgram(ConferenceProvider):
    """Per-reception login and password for a conference program outside the portal."""

    Options = ExternalProgramOptions

    def __init__(self, options: ExternalProgramOptions) -> None:
        super().__init__(options)
        self._options = options

    def prepare(self, *, number: str, start: datetime, end: datetime) -> ConferenceAccess:
        """Makes a random login and password; neither can be derived from the number."""
        groups = [_random(self._options.group_length) for _ in range(self._options.password_groups)]
        return ConferenceAccess(login=f"vp-{_random(8)}", password="-".join(groups))


def _random(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))
