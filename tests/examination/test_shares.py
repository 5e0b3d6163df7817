"""One person who sends expensive files without end leaves room for everybody else."""

import random
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from integrations.examination import shares
from integrations.examination.outside import Bench, examine_outside
from integrations.examination.places import PlacesTaken
from integrations.examination.shares import OwnTimeSpent, share
from tests.steps import samples

PAGE_WAITS = (2, 4, 8, 16, 32)
EXPENSIVE = samples.raw_pdf([*samples.PAGE_TREE, *[b"<< /A [" + b"1 " * 200 + b"] >>"] * 6_000])
ORDINARY = samples.saved(samples.new_pdf())


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(shares, "_now", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def use(folder: Path, clock: Clock, seconds: float, *, person: str = "a") -> None:
    with share(folder, person=person):
        clock.now += seconds


def test_files_of_one_sitting__are_not_noticed(tmp_path: Path, clock: Clock) -> None:
    for _ in range(10):
        use(tmp_path, clock, 0.6)


def test_expensive_files__are_paid_back_by_waiting(tmp_path: Path, clock: Clock) -> None:
    for _ in range(3):
        use(tmp_path, clock, 8)
    with pytest.raises(OwnTimeSpent) as refused, share(tmp_path, person="a"):
        pass
    clock.now += refused.value.seconds
    use(tmp_path, clock, 4)


def test_in_the_long_run__a_person_has_a_quarter_of_a_place(tmp_path: Path, clock: Clock) -> None:
    used, ends = 0, clock.now + 2000
    while clock.now < ends:
        try:
            use(tmp_path, clock, 4)
            used += 4
        except OwnTimeSpent as spent:
            clock.now += spent.seconds
    assert 450 < used < 550


def test_others_and_a_machine_that_started_anew__owe_nothing(tmp_path: Path, clock: Clock) -> None:
    use(tmp_path, clock, 60)
    use(tmp_path, clock, 1, person="b")
    clock.now = 5
    use(tmp_path, clock, 1)


def test_what_was_refused__costs_as_well(tmp_path: Path, clock: Clock) -> None:
    for _ in range(3):
        with suppress(ValueError), share(tmp_path, person="a"):
            clock.now += 8
            raise ValueError("broken")
    with pytest.raises(OwnTimeSpent), share(tmp_path, person="a"):
        pass


@pytest.mark.alone
@pytest.mark.parametrize("count", [1, 2])
def test_an_endless_loop_of_expensive_files__stops_nobody(
    tmp_path: Path, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So that the test is short; afterwards the attacker has a quarter of one place in any case.
    monkeypatch.setattr(shares, "ALLOWANCE_SECONDS", 5.0)
    bench = Bench(tmp_path / "places", count)
    stop = threading.Event()

    def attack() -> None:
        while not stop.is_set():
            try:
                examine_outside(EXPENSIVE, megapixels=120, person="attacker", bench=bench)
            except PlacesTaken:
                stop.wait(0.05)

    attackers = [threading.Thread(target=attack) for _ in range(3)]
    for attacker in attackers:
        attacker.start()
    try:
        accepted = [_accepted_as_the_page_tries(bench) for _ in range(5)]
    finally:
        stop.set()
        for attacker in attackers:
            attacker.join()
    assert all(accepted)


def _accepted_as_the_page_tries(bench: Bench) -> bool:
    for wait in (*PAGE_WAITS, 0):
        try:
            examine_outside(ORDINARY, megapixels=120, person="victim", bench=bench)
        except PlacesTaken:
            # As upload.js does: without that it may come again and again while the same file is examined.
            time.sleep(wait * random.uniform(0.75, 1.25))
        else:
            return True
    return False
