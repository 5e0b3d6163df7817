"""How long to wait before trying again what the outside world has refused."""

from datetime import timedelta

FIRST_RETRY, LAST_RETRY = timedelta(minutes=1), timedelta(hours=6)


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many failed attempts: a minute, then twice as long each time."""
    doubled: int = 2 ** (attempts - 1)
    return min(FIRST_RETRY * doubled, LAST_RETRY)
