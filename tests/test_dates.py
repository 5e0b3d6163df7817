"""The table of days: each run begins at the moment that its row says."""

import subprocess
from datetime import datetime, timedelta
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
        dates._run(day, dates.PART, ["pytest"])

    assert begun == [day.moment for day in table], "the first one is today: now"


def test_what_is_left_out_of_a_day__is_there() -> None:
    for path in dates.ANY_DAY:
        assert (dates.ROOT / "tests" / path).exists(), path
