"""Migrates a test database once: for all processes of a run, and for the runs after it.

Migrating takes most of a short run. What is kept is used only when every migration, the data beside
the code and the versions of all installed packages are the same as when it was made. Run as a
program, it makes ready what TEST_DATABASE names.
"""

import os
import shutil
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING

from tests.harness import databases
from tests.harness.kept import ROOT, fingerprint, one_at_a_time

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

KEPT = ROOT / "build" / "test-databases"
OLD_ONES = 3
TEMPLATE = "migrated"
# The cache keeps the addresses of sites, which migrations make.
MIGRATE = """
import django
from django.core.management import call_command
django.setup()
call_command("createcachetable", verbosity=0)
call_command("migrate", run_syncdb=True, interactive=False, skip_checks=True, verbosity=0)
"""


def take(connection: "BaseDatabaseWrapper") -> bool:
    """Puts a migrated database in the place of the connection's test database.

    Returns:
        False for a PostgreSQL server that is not ours: Django has to migrate there.
    """
    name = str(connection.settings_dict["TEST"]["NAME"])
    if connection.vendor == "sqlite":
        with one_at_a_time(KEPT):
            shutil.copyfile(_sqlite_file(), name)
        return True
    if not databases.is_ours():
        return False
    with one_at_a_time(KEPT):
        _make_template()
        databases.run("createdb", "--template", TEMPLATE, name)
    return True


def _sqlite_file() -> Path:
    kept = KEPT / f"{seen()}.sqlite3"
    if not kept.exists():
        unfinished = KEPT / "unfinished.sqlite3"
        unfinished.unlink(missing_ok=True)
        _migrate(unfinished)
        _keep(unfinished, kept)
    return kept


def _make_template() -> None:
    if TEMPLATE not in databases.names():
        make_postgres(TEMPLATE)


def make_postgres(name: str) -> None:
    """Makes a migrated database of this name on our server."""
    kept = KEPT / f"{seen()}.pgdump"
    databases.run("createdb", name)
    if kept.exists():
        databases.run("pg_restore", "--exit-on-error", "--dbname", name, kept)
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    unfinished = KEPT / "unfinished.pgdump"
    _migrate(name)
    databases.run("pg_dump", "--format", "custom", "--file", unfinished, name)
    _keep(unfinished, kept)


def _migrate(name: str | Path) -> None:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    ours |= {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_SERVER": "1"}
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", MIGRATE],
        cwd=ROOT,
        env=ours | {"TEST_SERVER_DATABASE": str(name)},
        check=True,
    )


def _keep(unfinished: Path, kept: Path) -> None:
    unfinished.replace(kept)
    same = KEPT.glob(f"*{kept.suffix}")
    for old in sorted(same, key=lambda file: file.stat().st_mtime)[:-OLD_ONES]:
        old.unlink(missing_ok=True)


def seen() -> str:
    files = [
        path
        for package in ("cms_pages", "device_check", "diia_videoreception", "tests")
        for pattern in ("migrations/*.py", "data/**/*.json")
        for path in (ROOT / package).glob(pattern)
    ]
    packages = sorted({(found.name, found.version) for found in distributions()})
    return fingerprint([*files, ROOT / "tests" / "settings.py"], repr(packages))


if __name__ == "__main__":
    with one_at_a_time(KEPT):
        if databases.is_ours():
            _make_template()
        elif os.environ.get("TEST_DATABASE") != "postgres":
            _sqlite_file()
