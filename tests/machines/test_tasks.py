"""Letters by workers of django-tasks-db: none is lost when one of them is killed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
from django.conf import settings as portal_settings
from django.db import connection
from django.utils import timezone

from diia_videoreception.models import Letter
from diia_videoreception.services.letters.delivery import deliver_due
from tests.harness.smtp import MailServer

ROOT = Path(__file__).parent.parent.parent
LETTERS = 40
SECONDS = 60
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def environment(transactional_db: None, smtp: MailServer) -> dict[str, str]:
    """Of processes that work on the database of the test, with the tasks in tables."""
    changed = {
        "INSTALLED_APPS": [*portal_settings.INSTALLED_APPS, "django_tasks", "django_tasks_db"],
        "TASKS": TASKS,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": smtp.host,
        "EMAIL_PORT": smtp.port,
    }
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TEST_SERVER": "1",
        "TEST_SERVER_DATABASE": str(connection.settings_dict["NAME"]),
        "TEST_SERVER_SETTINGS": json.dumps(changed),
    }


@pytest.fixture
def manage(environment: dict[str, str]) -> Iterator[Callable[..., None]]:
    def run(*arguments: str) -> None:
        subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, env=environment, check=True)

    run("django", "migrate", "-v", "0", "--skip-checks", "django_tasks_database")
    yield run
    # Its migrations cannot be taken back.
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("django_tasks_database"):
                cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)}")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'django_tasks_database'")


@contextmanager
def worker(environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "django", "db_worker", "--interval", "0.1"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(happened: Callable[[], bool]) -> None:
    end = monotonic() + SECONDS
    while not happened():
        assert monotonic() < end, "it did not happen in time"
        sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_two_workers__of_which_one_is_killed_send_every_letter(
    manage: Callable[..., None], environment: dict[str, str], smtp: MailServer
) -> None:
    manage("tests.machines.letters_of_another_process", str(LETTERS))
    with worker(environment) as first, worker(environment):
        until(lambda: len(smtp.messages) >= LETTERS // 4)
        first.send_signal(signal.SIGKILL)
        until(lambda: Letter.objects.filter(state=Letter.State.SENT).count() >= LETTERS - 1)

    # What the killed one had in its hands is free again when its lease is over.
    deliver_due(now=timezone.now() + timedelta(minutes=6))

    assert Letter.objects.filter(state=Letter.State.SENT).count() == LETTERS
    assert len({message["Message-ID"] for message in smtp.messages}) == LETTERS
    assert len(smtp.messages) <= LETTERS + 1
