"""One act in one transaction, and the lock that lets a citizen's own acts happen one after another.

Order of locks everywhere: citizen, officials by id, application, occupancy by id.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

from diia_videoreception.errors import Busy
from diia_videoreception.models import Citizen

P = ParamSpec("P")
R = TypeVar("R")

LOCK_TIMEOUT = "3s"
_DEADLOCK, _LOCK_TIMEOUT = "40P01", "55P03"


def act(function: Callable[P, R]) -> Callable[P, R]:
    """Run an act in one transaction; a deadlock is retried once, a second one or a crowded row is `Busy`."""

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        for last_try in (False, True):
            try:
                with transaction.atomic():
                    _limit_waiting()
                    return function(*args, **kwargs)
            except OperationalError as error:
                state = _sqlstate(error)
                if _is_crowded(error):
                    raise Busy from error
                if state != _DEADLOCK or connection.in_atomic_block:
                    raise
                if last_try:
                    raise Busy from error
        raise AssertionError("unreachable")

    return wrapper


@contextmanager
def alone() -> Iterator[None]:
    """Open a transaction before an act: what it writes stays whatever becomes of the act.

    Only who does many acts in one transaction, such as a script that fills a portal, takes it back
    with all of them.

    Raises:
        Busy: somebody else has kept the row too long.
    """
    try:
        with transaction.atomic():
            yield
    except OperationalError as error:
        if _is_crowded(error):
            raise Busy from error
        raise


def _sqlstate(error: OperationalError) -> str:
    return getattr(error.__cause__, "sqlstate", "")


def _is_crowded(error: OperationalError) -> bool:
    return _sqlstate(error) == _LOCK_TIMEOUT or "database is locked" in str(error)


def _limit_waiting() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")


def lock_citizen(citizen: Citizen) -> None:
    """Let the citizen's own acts happen one after another."""
    Citizen.objects.select_for_update(no_key=True).only("pk").get(pk=citizen.pk)
