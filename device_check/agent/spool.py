"""Reports that the portal has not acknowledged yet, in a small database on the disk."""

import logging
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

logger = logging.getLogger(__name__)

DEFAULT_LIMIT: Final = 1000
"""About three and a half days of a report each five minutes, 1 MB."""

_TABLE = "CREATE TABLE IF NOT EXISTS report (seq INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT)"
_LAST = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence"

Result = TypeVar("Result")


class Spool:
    """Keeps the newest `limit` reports; the oldest ones give way.

    A report that `add` has returned from survives the end of the process and of the power, unless
    the disk is full or broken: then reports wait in memory until the process ends.
    Numbers only grow. A file that cannot be read any more is put aside and a new one begun: its
    numbers start from the clock, above those of the lost file.
    """

    def __init__(
        self,
        path: Path,
        *,
        limit: int = DEFAULT_LIMIT,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._path = path
        self._limit = limit
        self._clock = clock
        self._database: sqlite3.Connection | None = None
        self._on_disk = True

    def add(self, body: str, *, above: int = 0) -> int:
        """Store a report and give its number, which is higher than `above`."""

        def store(database: sqlite3.Connection) -> int:
            with database:
                last = int(database.execute(_LAST).fetchone()[0])
                seq = max(last + 1, above + 1, int(self._clock() * 1000))
                database.execute("INSERT INTO report VALUES (?, ?)", (seq, body))
                dropped = database.execute(
                    "DELETE FROM report WHERE seq NOT IN "
                    "(SELECT seq FROM report ORDER BY seq DESC LIMIT ?)",
                    (self._limit,),
                ).rowcount
            if dropped:
                logger.warning("The spool is full: %d old report(s) dropped", dropped)
            return seq

        return self._do(store)

    def oldest(self) -> tuple[int, str] | None:
        """Return the number and the text of the report to be sent next."""

        def find(database: sqlite3.Connection) -> tuple[int, str] | None:
            row = database.execute("SELECT seq, body FROM report ORDER BY seq LIMIT 1").fetchone()
            return (int(row[0]), str(row[1])) if row else None

        return self._do(find)

    def remove(self, seq: int) -> None:
        def delete(database: sqlite3.Connection) -> None:
            with database:
                database.execute("DELETE FROM report WHERE seq = ?", (seq,))

        self._do(delete)

    def __len__(self) -> int:
        return self._do(
            lambda database: int(database.execute("SELECT count(*) FROM report").fetchone()[0])
        )

    def close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def _do(self, act: Callable[[sqlite3.Connection], Result]) -> Result:
        try:
            return act(self._open())
        except (OSError, sqlite3.OperationalError) as error:
            # A full disk or a file in use is no damage: what is stored stays.
            self._leave_the_disk(error)
            return act(self._open())
        except sqlite3.DatabaseError as error:
            self._put_aside(error)
            return act(self._open())

    def _open(self) -> sqlite3.Connection:
        if self._database is None:
            if self._on_disk:
                self._path.touch(mode=0o600)
            database = sqlite3.connect(self._path if self._on_disk else ":memory:", timeout=10)
            # Before anything that may fail, so that a damaged file is closed before it is moved.
            self._database = database
            database.execute("PRAGMA synchronous=FULL")
            with database:
                database.execute(_TABLE)
        return self._database

    def _leave_the_disk(self, error: Exception) -> None:
        logger.error("Reports cannot be kept on the disk (%s), they wait in memory", error)
        self.close()
        self._on_disk = False

    def _put_aside(self, error: sqlite3.DatabaseError) -> None:
        aside = self._path.with_suffix(".broken")
        logger.warning("The spool cannot be read (%s): put aside as %s", error, aside.name)
        self.close()
        self._path.replace(aside)
        self._path.with_name(f"{self._path.name}-journal").unlink(missing_ok=True)
