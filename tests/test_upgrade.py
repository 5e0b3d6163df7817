"""A portal that was filled with an earlier version comes through the migrations whole."""

import json
import lzma
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.harness import databases

ROOT = Path(__file__).parent.parent
DUMPS = Path(__file__).parent / "data" / "upgrade"
NAME = "upgraded"
# Read with the models of today, by another process: this one works on another database.
ASK = """
import django, json
django.setup()
from django.contrib.auth.models import Permission
from diia_videoreception.models import *
from diia_videoreception.selectors.access import applications_visible_to
print(json.dumps({
    "applications": {a.number: a.state for a in Application.objects.order_by("number")},
    "topics": Application.objects.exclude(topic="").count(),
    "identifiers": sorted(c.identifier for c in Citizen.objects.all()),
    "occupancies": Occupancy.objects.count(),
    "documents": list(Document.objects.values_list("name", flat=True)),
    "credentials": SignInCredential.objects.count(),
    "letters": Letter.objects.count(),
    "journal": JournalRecord.objects.count(),
    "rights": sorted(Permission.objects.filter(
        content_type__app_label="diia_videoreception", codename__contains="signin"
    ).values_list("codename", flat=True)),
}))
"""


@pytest.fixture
def upgraded(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a process that works on the restored and migrated database."""
    if connection.vendor == "sqlite":
        name = str(tmp_path / "portal.sqlite3")
        with closing(sqlite3.connect(name)) as restored:
            restored.executescript(_dump("sqlite"))
    else:
        name = NAME
        databases.run("createdb", name)
        dump = tmp_path / "dump.sql"
        dump.write_text(_dump("postgresql"))
        databases.run("psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", name, "-f", dump)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TEST_SERVER": "1",
        "TEST_SERVER_DATABASE": name,
    }
    _run(environment, "-m", "django", "migrate", "--skip-checks", "--no-input", "-v", "0")
    yield environment
    if connection.vendor != "sqlite":
        databases.run("dropdb", name)


def _dump(kind: str) -> str:
    return lzma.decompress((DUMPS / f"{kind}.sql.xz").read_bytes()).decode()


def _run(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.django_db
def test_filled_portal__migrates_and_its_journal_verifies(upgraded: dict[str, str]) -> None:
    found: dict[str, Any] = json.loads(_run(upgraded, "-c", ASK).splitlines()[-1])

    assert len(found["applications"]) == 10
    assert set(found["applications"].values()) >= {
        "submitted",
        "confirmed",
        "declined",
        "cancelled",
    }
    assert found["topics"] == 10
    assert {"АВ123456", "001234567"} <= {value.split("-")[-1] for value in found["identifiers"]}
    assert (found["occupancies"], found["credentials"], found["letters"]) == (8, 2, 17)
    assert found["documents"] == ["Довідка.png"]
    assert found["journal"] >= 26
    assert found["rights"] == [
        f"{may}_signincredential" for may in ("add", "change", "delete", "view")
    ]
    _run(upgraded, "-m", "django", "verify_journal", "--skip-checks")
