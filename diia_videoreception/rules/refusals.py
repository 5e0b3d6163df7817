"""Where a refusal sends the person: a reason that sends elsewhere must not lead back to the same door."""

from dataclasses import dataclass
from enum import StrEnum


class NextStep(StrEnum):
    """What the person can do after a refusal."""

    SAME_OFFICIAL = "official"
    SAME_AGENCY = "agency"
    ANY_AGENCY = "any"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there will be no reception, and what the person can do."""

    reason: str
    legal_ground: str = ""
    next_step: NextStep = NextStep.SAME_AGENCY

    @property
    def facts(self) -> dict[str, object]:
        """What the letter keeps of it."""
        return {
            "reason": self.reason,
            "legal_ground": self.legal_ground,
            "next_step": self.next_step.value,
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
