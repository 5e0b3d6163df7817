"""What a case is: a screen, one of its states, how to get there, and what shows that one is there."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.world import World

Prepare = Callable[[World], None]


@dataclass(frozen=True)
class Screen:
    name: str
    """Number and name of the screen, and its state."""
    route: str
    shows: str
    """A text that only this state has."""
    prepare: Prepare
    expected: tuple[str, ...] = ()
    """What the browser may note, see `Browsing.expect`."""


SCREENS: list[Screen] = []


def screen(name: str, route: str, shows: str, *expected: str) -> Callable[[Prepare], Prepare]:
    def register(prepare: Prepare) -> Prepare:
        SCREENS.append(Screen(name, route, shows, prepare, expected))
        return prepare

    return register
