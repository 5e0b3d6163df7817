"""Filled databases, made once on a server that is kept and copied by each run.

They belong to the code that made them: migrations or data of another kind, or another week, and they are
made anew. The folder of the server, TEST_POSTGRES_KEPT, may be deleted at any time.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from django.db import connection

from tests.bench.growth.dataset import fill
from tests.harness import databases
from tests.harness.kept import fingerprint
from tests.harness.migrated import make_postgres, seen

UNFINISHED = "unfinished"


def start_of_week() -> datetime:
    """Give the moment for which databases are filled in these seven days."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=today.weekday())


@contextmanager
def copies(*sizes: int) -> Iterator[dict[int, str]]:
    """Give the names of databases with so many applications, which are dropped afterwards.

    Raises:
        SystemExit: The server is not the bench's own.
    """
    if not databases.is_ours():
        raise SystemExit(
            "Growth is measured on a PostgreSQL of its own, not where DATABASE_URL leads:"
            " unset it, and set TEST_DATABASE=postgres."
        )
    names = {rows: f"run_{rows}_{os.getpid()}" for rows in sizes}
    connection.close()
    for other in databases.names():
        # A run that was killed left them; there is one at a time.
        if other.startswith(("run_", UNFINISHED)):
            databases.run("dropdb", "--force", other)
    try:
        for rows, name in names.items():
            databases.run("createdb", "--strategy=file_copy", "--template", _template(rows), name)
        yield names
    finally:
        connection.close()
        for name in names.values():
            databases.run("dropdb", "--if-exists", "--force", name)


def _template(rows: int) -> str:
    now = start_of_week()
    made_by = fingerprint([Path(__file__).with_name("dataset.py")], seen(), f"{now:%G-%V}")
    name = f"filled_{rows}_{made_by}"
    for other in databases.names():
        if other.startswith(f"filled_{rows}_") and other != name:
            databases.run("dropdb", "--force", other)
    if name not in databases.names():
        begun = perf_counter()
        make_postgres(UNFINISHED)
        with using(UNFINISHED):
            fill(rows, now=now)
        databases.run("psql", "-qc", f"ALTER DATABASE {UNFINISHED} RENAME TO {name}")
        print(f"Filled with {rows} applications in {perf_counter() - begun:.0f} s.", flush=True)
    return name


@contextmanager
def using(database: str) -> Iterator[None]:
    """Let the default connection speak to another database of the same server."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
