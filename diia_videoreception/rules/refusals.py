"""Where a refusal sends the person: a reason that sends elsewhere must not lead back to the same door."""

from dataclasses import dataclass
from enum import StrEnum

MAX_LISTED_REASON = 500
MAX_GROUND = 1000
MAX_WHOM_TO_ASK = 500
MAX_LISTED = 30
"""Reasons that an agency offers at a time: moderators choose among all of them on one page."""


class NextStep(StrEnum):
    """What the person can do after a refusal."""

    SAME_OFFICIAL = "official"
    SAME_AGENCY = "agency"
    ANY_AGENCY = "any"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ListedReason:
    """A reason of the agency's list, as it was when the moderator read it."""

    key: int
    version: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there will be no reception, and what the person can do.

    Attributes:
        whom_to_ask: Who deals with the question instead, beside the agency's own phone.
        listed: Where the reason is of the agency's list.
    """

    reason: str
    legal_ground: str = ""
    next_step: NextStep = NextStep.SAME_AGENCY
    whom_to_ask: str = ""
    listed: ListedReason | None = None

    @property
    def facts(self) -> dict[str, object]:
        """What the letter keeps of it."""
        return {
            "reason": self.reason,
            "legal_ground": self.legal_ground,
            "next_step": self.next_step.value,
            **({"whom_to_ask": self.whom_to_ask} if self.whom_to_ask else {}),
        }


def choosing_query(step: NextStep, *, agency: int, official: int) -> dict[str, int] | None:
    """Return the parameters of the page on which the person goes on; None when there is nothing to choose."""
    match step:
        case NextStep.SAME_OFFICIAL:
            return {"agency": agency, "official": official}
        case NextStep.SAME_AGENCY:
            return {"agency": agency}
        case NextStep.ANY_AGENCY:
            return {}
        case NextStep.NONE:
            return None
