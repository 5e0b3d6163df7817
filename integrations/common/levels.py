"""How surely a person is known; the one list of levels, and the one comparison."""

from enum import StrEnum


class Level(StrEnum):
    """How surely the person is known: низький, середній, високий."""

    LOW = "low"
    SUBSTANTIAL = "substantial"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """Position from the weakest (0) to the strongest (2)."""
        return tuple(Level).index(self)

    def at_least(self, other: "Level") -> bool:
        """Return whether this level satisfies a demand for `other`."""
        return self.rank >= other.rank
