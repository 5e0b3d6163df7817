"""What providers of every kind are: a class named in the settings, made of its checked options."""

from abc import ABC
from typing import Protocol


class NamedOptions(Protocol):
    """What the options of every provider hold."""

    @property
    def name(self) -> str:
        """Alias in the settings."""

    @property
    def label(self) -> str:
        """Name of the service."""


class Provider(ABC):  # noqa: B024 - what has to be written stands in the base of each kind
    """A provider made from the class attribute `Options`, a dataclass that checks itself.

    Attributes:
        name: Alias in the settings.
        label: Name of the service, for messages about it and for the staff.
        is_demo: Whether it is for demonstration and refuses to work without DEBUG.
    """

    is_demo: bool = False

    def __init__(self, options: NamedOptions) -> None:
        self.name = options.name
        self.label = options.label

    def check(self) -> list[str]:
        """Tell what is wrong with the configuration, in words; empty when all is well.

        Asks nobody outside, so it may run at every start.
        """
        return []

    def faults(self) -> list[str]:
        """Tell, in words, why nobody can use it as it stands; likewise."""
        return []

    def outages(self) -> list[str]:
        """Tell, in words, what of it does not work now; asks outside, for seconds at most."""
        return []
