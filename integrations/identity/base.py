"""What every way to sign in gives, and what the sign-in page needs to know of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

REFUSED_CODE: Final = "identity_refused"


class Level(StrEnum):
    """How surely the person is known: низький, середній, високий (architecture decision 9)."""

    LOW = "low"
    SUBSTANTIAL = "substantial"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """Position from the weakest (0) to the strongest (2)."""
        return tuple(Level).index(self)

    def at_least(self, other: "Level") -> bool:
        """Tells whether this level satisfies a demand for `other`."""
        return self.rank >= other.rank


class IdentifierKind(StrEnum):
    """What the identifier is: people without РНОКПП and foreigners have one of the others."""

    RNOKPP = "rnokpp"
    PASSPORT = "passport"
    UNZR = "unzr"


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as a provider vouches for; everything is validated and in normal form.

    Personal values stay out of `repr`, so that a stray log line cannot carry them.

    Attributes:
        provider: Alias of the provider in the settings.
        subject: The provider's stable id of the person.
        method: How the person proved it, for example `kep+dstu` or `bankid`.
        auth_time: When the person proved it, aware.
        email: Address for letters, if the provider knows one.
        phone: E.164, if the provider knows one.
    """

    provider: str
    subject: str = field(repr=False)
    identifier_kind: IdentifierKind
    identifier: str = field(repr=False)
    last_name: str = field(repr=False)
    first_name: str = field(repr=False)
    level: Level
    method: str
    auth_time: datetime
    patronymic: str = field(default="", repr=False)
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)


class IdentityError(Exception):
    """A sign-in that is refused.

    Attributes:
        code: The same for every refusal, so that the outside learns nothing of the checks.
        reason: Which check failed, for the log; never personal data or text of a token.
        detail: Name of the claim or header member concerned, or empty; one of our own words.
    """

    code: Final = REFUSED_CODE

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class IdentityProvider(Protocol):
    """A way to sign in that begins by sending the browser somewhere else.

    Texts are msgids of the `integrations` catalogue: whoever shows them translates them.
    """

    @property
    def name(self) -> str:
        """Alias in the settings, repeated in `Identity.provider`."""

    @property
    def label(self) -> str:
        """Name of the way on the sign-in page."""

    @property
    def description(self) -> str:
        """One sentence below the name: what the person needs for it."""

    def start(self, *, nonce: str, return_url: str) -> str:
        """Gives the address to send the browser to.

        Args:
            nonce: Random value of the browser session; the answer has to carry it.
            return_url: Absolute address of ours that takes the answer.
        """

    def check(self) -> list[str]:
        """Tells what is wrong with the configuration, in words; empty when all is well.

        Asks nobody outside, so it may run at every start.
        """


def gettext_noop(message: str) -> str:
    """Marks a text for the catalogue."""
    return message
