"""The manual's recipe for portals that have Celery: its beat runs housekeeping, on Redis."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest
from django.db import connection

from diia_videoreception.models import JournalAct, JournalRecord
from diia_videoreception.services import journal
from tests.factories import NOW, ApplicationFactory
from tests.harness.manual import BLOCK
from tests.steps.manuals import DOCS

pytestmark = pytest.mark.any_database
SECONDS = 60
BROKER = "redis://cache.internal/1"
ROOT = Path(__file__).parent.parent.parent


def recipe() -> str:
    """The one block of operate.md that names Celery."""
    blocks = [found["text"] for found in BLOCK.finditer((DOCS / "operate.md").read_text())]
    (text,) = [block for block in blocks if "from celery import" in block]
    return text


@pytest.mark.django_db(transaction=True)
def test_beat__runs_housekeeping_as_the_manual_says(redis_url: str, tmp_path: Path) -> None:
    broker = f"redis+socket://{redis_url.removeprefix('unix://')}"
    (tmp_path / "portal_tasks.py").write_text(recipe().replace(BROKER, broker))
    application = ApplicationFactory()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        "SCHEDULE": str(tmp_path / "schedule"),
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT), os.environ.get("PYTHONPATH", "")]),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TEST_SERVER": "1",
        "TEST_SERVER_DATABASE": str(connection.settings_dict["NAME"]),
    }
    journal.record(JournalAct.SUBMIT, subject=application, now=NOW)
    with celery(environment):
        end = monotonic() + SECONDS
        while JournalRecord.objects.filter(sequence=None).exists():
            assert monotonic() < end, "housekeeping did not run"
            sleep(0.1)


@contextmanager
def celery(environment: dict[str, str]) -> Iterator[None]:
    """A worker with its beat."""
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "portal_tasks", "worker", "--beat", "--pool=solo",
         "--schedule", environment["SCHEDULE"]],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield
    finally:
        # The beat is a child of the worker, and would outlive it.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
