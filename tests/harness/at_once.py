"""Rivals: several acts released at the same moment, each with its own database connection."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection, connections

from diia_videoreception.errors import ActRefused

Rival = TypeVar("Rival")

SECONDS_TO_GATHER = 60


def at_once(act: Callable[[Rival], object], rivals: Iterable[Rival]) -> list[object]:
    """Runs `act(rival)` for all rivals together, released by a barrier.

    Needs a test with `transaction=True`: rivals see committed rows only.

    Returns:
        One outcome for each rival in their order: what the act returned, or the code of the refusal
        (`"slot_taken"`). Any other exception is raised here, so that no error passes for an outcome.
    """
    rivals = list(rivals)
    barrier = Barrier(len(rivals), timeout=SECONDS_TO_GATHER)

    def run(rival: Rival) -> object:
        try:
            connection.ensure_connection()
            barrier.wait()
            return act(rival)
        except ActRefused as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=len(rivals)) as pool:
        return list(pool.map(run, rivals))
