"""How long to wait before trying again what the outside world has refused."""

from datetime import timedelta

MIN_PAUSE, MAX_PAUSE = timedelta(minutes=1), timedelta(hours=6)


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many failed attempts: a minute, then twice as long each time."""
    if attempts > (MAX_PAUSE // MIN_PAUSE).bit_length():
        # Doubled without an end it would outgrow what a timedelta can hold.
        return MAX_PAUSE
    doubled: int = 2 ** (attempts - 1)
    return min(MIN_PAUSE * doubled, MAX_PAUSE)
