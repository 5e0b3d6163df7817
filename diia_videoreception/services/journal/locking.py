"""One sealer at a time, of acts and of looks."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_ADVISORY_LOCK = 0x64696961_6A726E6C


@contextmanager
def only_sealer() -> Iterator[bool]:
    """Yield True to the one sealer of the moment; SQLite's immediate transaction is enough of a lock."""
    if connection.vendor != "postgresql":
        yield True
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ADVISORY_LOCK])
        yield bool(cursor.fetchone()[0])
