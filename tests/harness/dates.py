"""Runs the suite on other days: `python -m tests.harness.dates [word …] [--only DAY] [-- pytest …]`.

The clock of the whole process tree is set by Debian's faketime; what measures durations (monotonic
clocks) is not. Without words: the tests that need no browser, mail server or wheel and that a day can
matter to, on SQLite, on the first day of the table, which notes who of them reads the clock; these again
on each other day; then everything today and on the last day of the year.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain, repeat
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

from tests.harness.kept import ROOT

ZONE = ZoneInfo("Europe/Kyiv")
DAY = timedelta(days=1)
MAX_SECONDS = 4 * 60
LIBRARY = "libfaketimeMT.so.1"
SLEEPING = Path(__file__).parent / "faked"
PART, READERS = "part", "readers"
OF_PART = "not browser and not packaging and not mail_server and not alone"
ANY_DAY = (
    "antivirus",
    "api/test_bounds.py",
    "api/test_schema.py",
    "device_check/agent",
    "device_check/analysis",
    "device_check/workers",
    "examination",
    "inspection",
    "machines",
    "rules/test_growth.py",
    "sandbox/test_authority.py",
    "sandbox/test_network.py",
    "sms",
    "test_contrast.py",
    "test_names.py",
    "test_quality.py",
    "test_upgrade.py",
    "wagtail_admin/test_language.py",
    "wagtail_admin/test_walker.py",
    "web/centre/test_walker.py",
    "web/test_odd_forms.py",
    "web/test_rates.py",
    "zmq",
)
"""What files, parameters, words, rights and processor time are judged by no calendar: the runs of everything try them."""
EVERYTHING = ("sqlite", "alone", "postgres", "browser", "wheel")
"""Targets of the Makefile that `make test` runs and a day can matter to."""
TODAY, LAST_EVENING = ON_EVERYTHING = ("today", "last evening of the year")


@dataclass(frozen=True)
class Day:
    name: str
    moment: datetime
    """When the tests begin, in Kyiv."""


@dataclass(frozen=True)
class Run:
    """How a run ended."""

    day: Day
    part: str
    passed: bool
    seconds: float
    last_line: str

    @property
    def is_slow(self) -> bool:
        return self.part == READERS and self.seconds > MAX_SECONDS

    def __str__(self) -> str:
        state = ("slow" if self.is_slow else "ok") if self.passed else "FAILED"
        return (
            f"{self.day.name:<32}{self.day.moment:%a %d.%m.%Y %H:%M}  {self.part:<11}{state:<7}"
            f"{self.seconds:>5.0f} s  {self.last_line}"
        )


def days(today: datetime) -> list[Day]:
    """The days on which a wrong assumption about the calendar shows."""
    year = today.year

    def at(name: str, day: date, hour: int = 10, minute: int = 0) -> Day:
        return Day(name, datetime.combine(day, time(hour, minute), ZONE))

    spring, autumn = _last_sunday(year + 1, 3), _last_sunday(year + 1, 10)
    monday = today.date() + (7 - today.weekday()) * DAY
    return [
        Day(TODAY, today),
        at(LAST_EVENING, date(year, 12, 31), 23, 30),
        # Still the old year by UTC.
        at("new year", date(year + 1, 1, 1), 0, 30),
        at("7 January", date(year + 1, 1, 7)),
        at("28 February of a leap year", date(2028, 2, 28)),
        at("29 February", date(2028, 2, 29)),
        at("before summer time", spring - DAY),
        at("summer time begins meanwhile", spring, 2, 58),
        at("after the change", spring + DAY),
        at("before winter time", autumn - DAY),
        at("winter time begins meanwhile", autumn, 3, 58),
        at("after the change", autumn + DAY),
        at("a Sunday", monday - DAY + 7 * DAY, 23, 50),
        at("a Monday", monday, 0, 10),
        at("end of a month", date(year + 1, 4, 30), 22, 30),
    ]


def faked(moment: datetime, now: datetime, folder: Path) -> dict[str, str]:
    """The environment in which it is `moment`, for this process and all that it starts.

    A distance, not a moment: a process that starts later is later too. Files seem to be written at
    the shown time, so compiled modules need a place of their own, in `folder`.
    """
    library = next(Path("/usr/lib").glob(f"*/faketime/{LIBRARY}"), None)
    if library is None:
        sys.exit("faketime is missing. Run: make setup-test")
    return {
        **os.environ,
        "LD_PRELOAD": str(library),
        "FAKETIME": f"{int((moment - now).total_seconds()):+d}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "PYTHONPYCACHEPREFIX": str(folder),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(SLEEPING), os.environ.get("PYTHONPATH")])),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="days whose name contains this")
    parser.add_argument("--part-only", action="store_true", help="without the run of everything")
    parser.add_argument("tests", nargs="*", help="arguments for pytest instead of the whole part")
    options = parser.parse_args()
    chosen = [
        day for day in days(datetime.now(ZONE)) if not options.only or options.only in day.name
    ]
    runs = []
    for run in _runs(chosen, options):
        print(run, flush=True)
        runs.append(run)
    print("\n".join(["", "The table of days:", *map(str, runs)]))
    sys.exit(any(run.is_slow or not run.passed for run in runs))


def _runs(chosen: Sequence[Day], options: argparse.Namespace) -> Iterator[Run]:
    processes = os.environ.get("PROCESSES", "3")
    pytest = [sys.executable, "-m", "pytest", "-q", "-n", processes, "--dist", "worksteal"]
    left_out = [] if options.tests else [f"--ignore=tests/{path}" for path in ANY_DAY]
    command = [*pytest, "-p", "tests.harness.clock_readers", "-m", OF_PART, *left_out]
    with tempfile.TemporaryDirectory(prefix="vr-readers-") as folder:
        told = {"CLOCK_READERS": folder}
        for part, day in zip(chain([PART], repeat(READERS)), chosen, strict=False):
            only = {"CLOCK_READERS_ONLY": "1"} if part == READERS else {}
            yield _run(day, part, [*command, *options.tests], told | only)
    if options.tests or options.part_only:
        return
    for day in chosen:
        if day.name in ON_EVERYTHING:
            yield _run(day, "everything", ["make", "--no-print-directory", *EVERYTHING], {})


def _run(day: Day, part: str, command: list[str], told: dict[str, str]) -> Run:
    began = monotonic()
    # Each run begins at its moment, however long the runs before it took.
    now = day.moment if day.name == TODAY else datetime.now(ZONE)
    folder = Path(tempfile.mkdtemp(prefix="vr-dates-"))
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=faked(day.moment, now, folder) | told | {"TEST_DATABASE": "sqlite"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    lines = done.stdout.strip().splitlines()
    if done.returncode:
        print(done.stdout, flush=True)
    last = lines[-1] if lines else ""
    return Run(day, part, done.returncode == 0, monotonic() - began, last)


def _last_sunday(year: int, month: int) -> date:
    day = date(year, month, 31)
    return day - ((day.weekday() + 1) % 7) * DAY


if __name__ == "__main__":
    main()
