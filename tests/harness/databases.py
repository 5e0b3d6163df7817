"""pytest plug-in: gives one test run its own folder and, when asked for, its own PostgreSQL.

Loaded with `-p` before pytest-django reads the settings. `TEST_DATABASE` chooses `sqlite` (default)
or `postgres`; with `DATABASE_URL` set the server it names is used and none is started. With
`TEST_POSTGRES_KEPT` the server's data are kept in that folder for later runs, one at a time.
Processes of pytest-xdist inherit everything through the environment.
"""

import atexit
import os
import shutil
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.harness.kept import one_at_a_time
from tests.harness.postgres import PostgresServer

_folder: Path | None = None
_server: PostgresServer | None = None
_held = ExitStack()


def _start() -> None:
    global _folder, _server
    # A short path: the name of a Unix socket has room for about 100 characters.
    _folder = Path(tempfile.mkdtemp(prefix="vr-tests-", dir="/tmp"))
    _folder.chmod(0o755)
    os.environ["TEST_FOLDER"] = str(_folder)
    if os.environ.get("TEST_DATABASE") == "postgres" and not os.environ.get("DATABASE_URL"):
        socket_folder = _folder / "postgres"
        socket_folder.mkdir()
        kept = os.environ.get("TEST_POSTGRES_KEPT")
        if kept:
            _held.enter_context(one_at_a_time(Path(kept)))
        data = Path(kept, "data") if kept else socket_folder / "data"
        _server = PostgresServer.start(socket_folder, data, is_kept=bool(kept))
        os.environ["TEST_POSTGRES_HOST"] = str(socket_folder)
        os.environ["TEST_POSTGRES_BINARIES"] = str(_server.binaries)


def is_ours() -> bool:
    """Whether this run has a PostgreSQL server of its own."""
    return "TEST_POSTGRES_BINARIES" in os.environ


def names() -> list[str]:
    """Names of the databases on our server."""
    return run("psql", "-Atc", "SELECT datname FROM pg_database").split()


def run(program: str, *arguments: str | Path) -> str:
    """Runs a program of PostgreSQL for our server; gives what it prints."""
    return subprocess.run(
        [Path(os.environ["TEST_POSTGRES_BINARIES"], program), *arguments],
        env=os.environ | {"PGHOST": os.environ["TEST_POSTGRES_HOST"], "PGUSER": "postgres"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


def _stop() -> None:
    if _server is not None:
        _server.stop()
    _held.close()
    if _folder is not None:
        shutil.rmtree(_folder, ignore_errors=True)


if "PYTEST_XDIST_WORKER" not in os.environ:
    atexit.register(_stop)
    _start()
