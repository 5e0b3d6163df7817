"""Housekeeping in processes of its own, on the database of the test."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

ROOT = Path(__file__).parent.parent.parent
SECONDS = 60


@contextmanager
def housekeeping(
    *arguments: str, changed: Mapping[str, Any] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Starts the command; it is killed at the end of the block if it still runs.

    The test must commit what the process shall see (`transaction=True`).
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "django", "videoreception_housekeeping", "-v", "2", *arguments],
        cwd=ROOT,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PYTHONUNBUFFERED": "1",
            "TEST_SERVER": "1",
            "TEST_SERVER_DATABASE": str(connection.settings_dict["NAME"]),
            "TEST_SERVER_SETTINGS": json.dumps(changed or {}),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=SECONDS)


def summary_of(process: subprocess.Popen[str]) -> str:
    """The line about the next run; empty when the process has ended."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("lapse_undecided "):
            return line.strip()
    return ""


def output_of(process: subprocess.Popen[str]) -> str:
    """Waits for the process to end by itself, and gives everything it has said."""
    output, _errors = process.communicate(timeout=SECONDS)
    return output
