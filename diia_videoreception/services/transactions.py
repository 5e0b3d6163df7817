"""One act in one transaction, and the lock that lets a citizen's own acts happen one after another.

Order of locks everywhere: citizen, resources by kind and key, application, occupancy by key.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, connection, connections, router, transaction
from django.db.models import AutoField, CharField, Func, Model, QuerySet, Value
from django.db.models.lookups import IsNull

from diia_videoreception.errors import Busy, ErasureAsked
from diia_videoreception.models import Citizen

P = ParamSpec("P")
R = TypeVar("R")
Row = TypeVar("Row", bound=Model)

LOCK_TIMEOUT = "3s"
_DEADLOCK, _LOCK_TIMEOUT = "40P01", "55P03"


def act(function: Callable[P, R]) -> Callable[P, R]:
    """Run an act in one transaction; a deadlock is retried once, a second one or a crowded row is `Busy`."""
    return _as_act(function, limits_waiting=True)


def locking_act(function: Callable[P, R]) -> Callable[P, R]:
    """Run an act as `act` does, one that begins with a lock of `locked`, which limits the waiting by itself."""
    return _as_act(function, limits_waiting=False)


def _as_act(function: Callable[P, R], *, limits_waiting: bool) -> Callable[P, R]:
    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        for last_try in (False, True):
            try:
                with transaction.atomic():
                    if limits_waiting:
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
    """Write one row before an act, in one statement: it stays whatever becomes of the act.

    Only who does many acts in one transaction, such as a script that fills a portal, takes it back
    with all of them.

    Raises:
        Busy: somebody else has kept the row too long.
    """
    try:
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


def locked(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Lock these rows; nobody waits longer than `LOCK_TIMEOUT` for them, nor in the rest of the act."""
    rows = rows.select_for_update(no_key=True, of=("self",))
    if connection.vendor == "postgresql":
        # The statement that locks sets its limit itself, for each row before it is locked.
        rows = rows.filter(IsNull(_set_limit(), False))
    return rows


def _set_limit() -> Func:
    return Func(
        Value("lock_timeout"),
        Value(LOCK_TIMEOUT),
        Value(True),
        function="set_config",
        output_field=CharField(),
    )


def lock_citizen(citizen: Citizen) -> Citizen:
    """Let the citizen's own acts happen one after another.

    Returns:
        The row with what may have changed until the lock was had: whether the person goes.
    """
    return locked(Citizen.objects.filter(pk=citizen.pk)).only("pk", "erasure_due").get()


def lock_staying_citizen(citizen: Citizen) -> None:
    """Lock as `lock_citizen` does, for what begins anything new.

    Raises:
        ErasureAsked: the person has asked that their data be erased, and not taken it back.
    """
    if lock_citizen(citizen).erasure_due is not None:
        raise ErasureAsked


def insert_new(row: Model) -> bool:
    """Insert a row in one statement, unless one with a key of it is there already.

    Nothing is rolled back then, so that no savepoint is needed. No signals are sent.

    Returns:
        Whether the row is new; its primary key is set then.
    """
    model = type(row)
    using = router.db_for_write(model)
    fields: list[Any] = [f for f in model._meta.concrete_fields if not isinstance(f, AutoField)]
    quote = connections[using].ops.quote_name
    statement = _INSERT_NEW.format(
        table=quote(model._meta.db_table),
        columns=", ".join(quote(field.column) for field in fields),
        values=", ".join(["%s"] * len(fields)),
        key=quote(str(model._meta.pk.column)),
    )
    with connections[using].cursor() as cursor:
        cursor.execute(
            statement,
            [
                field.get_db_prep_save(field.pre_save(row, add=True), connections[using])
                for field in fields
            ],
        )
        # All of it: SQLite ends the statement with its last row.
        keys = cursor.fetchall()
    if not keys:
        return False
    row.pk = keys[0][0]
    row._state.adding, row._state.db = False, using
    return True


_INSERT_NEW = """
INSERT INTO {table} ({columns}) VALUES ({values}) ON CONFLICT DO NOTHING RETURNING {key}
"""


def next_of_year(counter: type[Model], year: int) -> int:
    """Take the next number of a year, in a statement of its own before the act.

    No act holds it, so that nobody else's waits for this one: whoever is refused leaves a gap.

    Args:
        counter: A table with the columns `year`, which is unique, and `last`.

    Raises:
        Busy: somebody else has kept the row too long.
    """
    with alone(), connections[router.db_for_write(counter)].cursor() as cursor:
        cursor.execute(_NEXT.format(table=counter._meta.db_table), [year])
        ((last,),) = cursor.fetchall()
    return int(last)


_NEXT = """
INSERT INTO {table} (year, last) VALUES (%s, 1)
ON CONFLICT (year) DO UPDATE SET last = {table}.last + 1 RETURNING last
"""
