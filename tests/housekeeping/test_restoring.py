"""A backup brings database, documents and keys back; what is missing or changed is found."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import uuid
from contextlib import closing
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as portal
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection

from diia_videoreception.models import Citizen, Document, JournalAct
from diia_videoreception.services import journal
from diia_videoreception.services.documents.storage import private_storage
from diia_videoreception.services.journal.sealing import seal_journal
from tests.factories import NOW, ApplicationFactory
from tests.harness import databases

ROOT = Path(__file__).parent.parent.parent
MANAGE = (
    "import sys; from django.core.management import execute_from_command_line as run; run(sys.argv)"
)

pytestmark = pytest.mark.django_db(transaction=True)


def manual(name: str) -> str:
    """The script that docs/operate.md names."""
    text = (ROOT / "docs" / "operate.md").read_text()
    found = re.search(rf"^```bash {re.escape(name)}\n(.*?)^```$", text, re.M | re.S)
    assert found, name
    return found[1]


@pytest.fixture
def documents() -> list[Document]:
    """Two documents of an application that the journal knows, all sealed."""
    application = ApplicationFactory()
    made = []
    for name in ("скарга.pdf", "план.pdf"):
        content = name.encode() * 100
        public_id = uuid.uuid4()
        document = Document.objects.create(
            public_id=public_id,
            application=application,
            name=name,
            media_type="application/pdf",
            size=len(content),
            sha256=sha256(content).hexdigest(),
            path=private_storage().save(f"documents/{public_id.hex}", ContentFile(content)),
            created_at=NOW,
        )
        journal.record(JournalAct.SUBMIT, subject=application, now=NOW)
        made.append(document)
    seal_journal()
    return made


def report() -> str:
    output = StringIO()
    try:
        call_command("verify_restored", stdout=output, stderr=output)
    except CommandError as error:
        return f"{output.getvalue()}\n{error}"
    return output.getvalue()


def file_of(document: Document) -> Path:
    return Path(private_storage().path(document.path))


def test_whole__is_told(documents: list[Document]) -> None:
    assert "Journal: 2 sealed" in report()
    assert "Documents: 2 of 2 are whole." in report()
    assert "Citizens: 1 of 1 are found." in report()
    assert "not whole" not in report()


def test_missing_file__is_named(documents: list[Document]) -> None:
    file_of(documents[0]).unlink()

    assert f"No file of document {documents[0].public_id}." in report()
    assert "Documents: 1 of 2 are whole." in report()
    assert "not whole" in report()


def test_changed_file__is_named_although_its_length_is_the_same(documents: list[Document]) -> None:
    file = file_of(documents[1])
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)

    assert f"Changed file of document {documents[1].public_id}." in report()
    assert "not whole" in report()


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("ENCRYPTION_KEYS", [Fernet.generate_key().decode()], "No key of ENCRYPTION_KEYS opens"),
        ("LOOKUP_KEY", "another-key-of-the-same-length-0123456789", "LOOKUP_KEY does not find"),
    ],
)
def test_other_key__is_found(
    documents: list[Document], settings: Any, setting: str, value: object, expected: str
) -> None:
    settings.DIIA_VIDEORECEPTION = {**settings.DIIA_VIDEORECEPTION, setting: value}

    assert expected in report()
    assert "not whole" in report()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A portal's folder with its keys in a file, and somewhere to restore to."""
    ours = {key: portal.DIIA_VIDEORECEPTION[key] for key in ("ENCRYPTION_KEYS", "LOOKUP_KEY")}
    (tmp_path / "secrets.json").write_text(json.dumps(ours))
    (tmp_path / "restored").mkdir()
    (tmp_path / "restored" / "manage.py").write_text(MANAGE)
    return tmp_path


def environment(place: Path, database: str | Path) -> dict[str, str]:
    """Of the restored portal: its own database and folder, and the keys that came back."""
    storage = "django.core.files.storage.FileSystemStorage"
    folder = place / "restored"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    changed = {
        "STORAGES": portal.STORAGES
        | {
            portal.DIIA_VIDEORECEPTION.get("PRIVATE_STORAGE", "diia_videoreception"): {
                "BACKEND": storage,
                "OPTIONS": {"location": str(folder / "documents")},
            }
        },
        "DIIA_VIDEORECEPTION": portal.DIIA_VIDEORECEPTION
        | json.loads((place / "secrets.json").read_text()),
    }
    return kept | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "TEST_SERVER": "1",
        "TEST_SERVER_DATABASE": str(database),
        "TEST_SERVER_SETTINGS": json.dumps(changed, default=str),
        "DOCUMENTS": str(folder / "documents"),
        "SECRETS": str(folder / "secrets.json"),
    }


def run(script: str, *arguments: Path, cwd: Path, env: dict[str, str]) -> str:
    done = subprocess.run(
        ["bash", "-c", script, "script", *arguments],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def back_up_and_restore(place: Path) -> str:
    """Does what the manual says; on SQLite with its own way of copying a database that is in use."""
    name, backup, keys = f"restored_{uuid.uuid4().hex[:8]}", place / "backup", place / "keys.json"
    source, storage = str(connection.settings_dict["NAME"]), Path(private_storage().path(""))
    if connection.vendor == "sqlite":
        file = place / "restored" / "portal.sqlite3"
        here = environment(place, file)
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(file)) as new:
            old.backup(new)
        shutil.copytree(storage, place / "restored" / "documents")
        return run("python manage.py verify_restored", cwd=place / "restored", env=here)
    here = environment(place, name) | server()
    there = here | {"DOCUMENTS": str(storage), "SECRETS": str(place / "secrets.json")}
    run(manual("backup.sh"), backup, keys, cwd=place, env=there | {"DATABASE": source})
    try:
        return run(
            manual("restore.sh"),
            backup,
            keys,
            cwd=place / "restored",
            env=here | {"DATABASE": name},
        )
    finally:
        run(f"dropdb --if-exists {name}", cwd=place, env=here)


def server() -> dict[str, str]:
    """How the programs of PostgreSQL reach the server of the tests."""
    values = connection.settings_dict
    reach = {
        "PGHOST": str(values["HOST"]),
        "PGPORT": str(values["PORT"] or ""),
        "PGUSER": str(values["USER"]),
        "PGPASSWORD": str(values["PASSWORD"] or ""),
    }
    folders = [os.environ["TEST_POSTGRES_BINARIES"]] if databases.is_ours() else []
    path = os.pathsep.join([str(Path(sys.executable).parent), *folders, os.environ["PATH"]])
    return {name: value for name, value in reach.items() if value} | {"PATH": path}


def test_backup__restored_to_an_empty_place_is_whole(
    documents: list[Document], place: Path
) -> None:
    expected = back_up_and_restore(place)

    head = report().splitlines()[0]
    assert head in expected, "the journal came back with its head"
    assert "Documents: 2 of 2 are whole." in expected
    assert "Citizens: 1 of 1 are found." in expected
    assert Citizen.objects.count() == 1
