"""Keeps the migrated SQLite database of one run for the next, as migrating takes most of a short run.

A kept file is used only when every migration, the data beside the code and the versions of all
installed packages are the same as when it was made.
"""

import hashlib
import shutil
import sqlite3
from importlib.metadata import distributions
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

ROOT = Path(__file__).parent.parent.parent
KEPT = ROOT / "build" / "test-databases"
OLD_ONES = 3


def _kept_file() -> Path:
    seen = hashlib.sha256()
    for package in ("cms_pages", "device_check", "diia_videoreception", "tests"):
        for pattern in ("migrations/*.py", "data/**/*.json"):
            for path in sorted((ROOT / package).glob(pattern)):
                seen.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    seen.update((ROOT / "tests" / "settings.py").read_bytes())
    seen.update(repr(sorted({(found.name, found.version) for found in distributions()})).encode())
    return KEPT / f"{seen.hexdigest()[:16]}.sqlite3"


def take(path: Path) -> bool:
    """Copies the kept database to `path`; False when there is none that fits."""
    kept = _kept_file()
    if not kept.exists():
        return False
    shutil.copyfile(kept, path)
    return True


def keep(connection: BaseDatabaseWrapper) -> None:
    """Keeps the freshly migrated database of the connection, and drops the oldest ones."""
    kept = _kept_file()
    KEPT.mkdir(parents=True, exist_ok=True)
    unfinished = kept.with_name(f"{Path(connection.settings_dict['NAME']).name}.{kept.stem}.new")
    connection.ensure_connection()
    copy = sqlite3.connect(unfinished)
    with copy:
        connection.connection.backup(copy)
    copy.close()
    unfinished.replace(kept)
    for old in sorted(KEPT.glob("*.sqlite3"), key=lambda file: file.stat().st_mtime)[:-OLD_ONES]:
        old.unlink(missing_ok=True)
