"""A conference in a program that the citizen installs (A-07, A-54, A-55).

The portal gives each reception a login and a password of its own; the agency's video
administrator sees the same ones and opens the conference with them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from integrations.common.options import Options, whole
from integrations.common.readable_codes import readable_code
from integrations.conference.base import ConferenceAccess, ConferenceProvider

MIN_PASSWORD = 12
"""Shortest password, in characters: about 58 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalProgramOptions(Options):
    """How long the made-up password is; four groups of four carry about 78 bits."""

    name: str = "default"
    label: str = "External program"
    password_groups: int = field(default=4, metadata=whole(1, 64))
    group_length: int = field(default=4, metadata=whole(1, 64))

    def conflicts(self) -> Iterator[str]:
        """See `Options.conflicts`."""
        if self.password_groups * self.group_length < MIN_PASSWORD:
            yield f"password_groups × group_length: must be at least {MIN_PASSWORD}"


class ExternalProgram(ConferenceProvider):
    """Per-reception login and password for a conference program outside the portal."""

    Options = ExternalProgramOptions

    def __init__(self, options: ExternalProgramOptions) -> None:
        super().__init__(options)
        self._options = options

    def prepare(self, *, number: str, start: datetime, end: datetime) -> ConferenceAccess:
        """Make a random login and password; neither can be derived from the number."""
        groups = [
            readable_code(self._options.group_length).lower()
            for _ in range(self._options.password_groups)
        ]
        return ConferenceAccess(login=f"vp-{readable_code(8).lower()}", password="-".join(groups))
