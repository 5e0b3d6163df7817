"""The table of days: each run begins at the moment that its row says."""

import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.harness import dates
from tests.harness.clock import NOW


def test_a_run__begins_at_its_moment_however_long_the_others_took(
    monkeypatch: pytest.MonkeyPatch, time_machine: Any
) -> None:
    begun: list[datetime] = []

    def run(command: list[str], *, env: dict[str, str], **_: Any) -> Any:
        now = datetime.now(dates.ZONE)
        begun.append(now + timedelta(seconds=int(env["FAKETIME"])))
        time_machine.move_to(now + timedelta(minutes=40), tick=False)
        return subprocess.CompletedProcess(command, 0, stdout="1 passed")

    time_machine.move_to(NOW, tick=False)
    table = dates.days(NOW.astimezone(dates.ZONE))
    monkeypatch.setattr(subprocess, "run", run)

    for day in table:
        dates._run(day, dates.PART, ["pytest"], {})

    assert begun == [day.moment for day in table], "the first one is today: now"


def test_what_is_left_out_of_a_day__is_there() -> None:
    for path in dates.ANY_DAY:
        assert (dates.ROOT / "tests" / path).exists(), path


READS_OR_NOT = """
import pytest
from django.utils import timezone

@pytest.fixture(scope="module")
def shared():
    return timezone.now()

@pytest.fixture
def still(time_machine):
    time_machine.move_to(0)

def test_reads():
    assert timezone.now()

def test_shares(shared):
    assert shared

def test_shares_too(shared):
    assert shared

def test_set(still):
    assert timezone.now()

def test_other():
    pass
"""


def test_who_reads_the_clock__is_asked_again_on_other_days_and_nobody_else(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(READS_OR_NOT)
    (told := tmp_path / "told").mkdir()

    def names_of_passed(**more: str) -> set[str]:
        options = [
            "-rA",
            "-p",
            "tests.harness.clock_readers",
            "-p",
            "no:django",
            "-p",
            "no:cacheprovider",
            "-c",
        ]
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                *options,
                os.devnull,
                f"--rootdir={tmp_path}",
                str(tmp_path),
            ],
            cwd=tmp_path,
            env=os.environ | {"CLOCK_READERS": str(told), "PYTHONPATH": str(dates.ROOT)} | more,
            capture_output=True,
            text=True,
            check=False,
        )
        return set(re.findall(r"PASSED test_it.py::test_(\w+)", done.stdout))

    assert names_of_passed() == {"reads", "shares", "shares_too", "set", "other"}
    assert names_of_passed(CLOCK_READERS_ONLY="1") == {"reads", "shares", "shares_too"}
