"""A conference in a program that the citizen installs (A-07, A-54, A-55).

The portal gives each reception a login and a password of its own; the agency's video
administrator sees the same ones and opens the conference with them.
"""

from dataclasses import dataclass
from datetime import datetime

from integrations.common.readable_codes import readable_code
from integrations.conference.base import ConferenceAccess, ConferenceProvider


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
        groups = [
            readable_code(self._options.group_length).lower()
            for _ in range(self._options.password_groups)
        ]
        return ConferenceAccess(login=f"vp-{readable_code(8).lower()}", password="-".join(groups))
