"""What several people do at the same moment, each as an act that says a word when it is done."""

from collections.abc import Callable

AtOnce = Callable[..., list[object]]
Act = Callable[[], str]


def said(word: str, act: Callable[..., object], *args: object, **how: object) -> Act:
    def run() -> str:
        act(*args, **how)
        return word

    return run


def run(at_once: AtOnce, *acts: Act) -> list[str]:
    """Their words, and the codes of those who were refused, in the order of the alphabet."""
    return sorted(str(outcome) for outcome in at_once(lambda act: act(), acts))
