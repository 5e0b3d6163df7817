"""Reports on the disk while the portal is away."""

import stat
from pathlib import Path

import pytest

from device_check.agent.run import pause_after
from device_check.agent.spool import Spool


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool.sqlite3"


def drained(spool: Spool) -> list[str]:
    bodies = []
    while found := spool.oldest():
        bodies.append(found[1])
        spool.remove(found[0])
    return bodies


def test_oldest_first__also_after_a_restart(path: Path) -> None:
    spool = Spool(path)
    numbers = [spool.add(body) for body in ("one", "two", "three")]
    spool.close()

    assert numbers == sorted(set(numbers))
    assert drained(Spool(path)) == ["one", "two", "three"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_full_disk__reports_go_on(path: Path) -> None:
    path.symlink_to("/dev/full")
    spool = Spool(path)
    spool.add("one")
    spool.add("two")

    assert drained(spool) == ["one", "two"]


def test_full__the_oldest_give_way(path: Path) -> None:
    spool = Spool(path, limit=3)
    for number in range(10):
        spool.add(str(number))

    assert len(spool) == 3
    assert drained(spool) == ["7", "8", "9"]


def test_numbers_only_grow__whatever_the_clock_does(path: Path) -> None:
    moment = 2_000_000_000.0
    spool = Spool(path, clock=lambda: moment)
    first = spool.add("a")
    spool.remove(first)
    spool.close()
    moment = 1_000.0

    later = Spool(path, clock=lambda: moment)
    assert later.add("b") == first + 1
    assert later.add("c", above=first + 50) == first + 51


def test_lost_file__numbers_go_on_from_the_clock(path: Path) -> None:
    spool = Spool(path, clock=lambda: 1_000.0)
    first = spool.add("a")
    spool.close()
    path.unlink()

    assert Spool(path, clock=lambda: 1_001.0).add("b") > first


@pytest.mark.parametrize("damage", ["garbage", "cut", "middle"])
def test_damaged_file__is_put_aside(path: Path, damage: str) -> None:
    spool = Spool(path)
    for _ in range(50):
        spool.add("x" * 500)
    if damage == "middle":
        # While it is open: the next page that is read is not what it was.
        path.write_bytes(path.read_bytes()[:4096] + b"\xff" * (path.stat().st_size - 4096))
    else:
        spool.close()
        content = path.read_bytes()
        path.write_bytes(b"\xff" * 9000 if damage == "garbage" else content[:5000])
    again = Spool(path)

    again.add("new")

    assert [body for body in drained(again) if body == "new"] == ["new"]
    assert path.with_suffix(".broken").exists()


def test_pauses__grow_to_a_minute_and_differ() -> None:
    pauses = [pause_after(failures) for failures in range(1, 200)]

    assert pauses[0] <= 1
    assert max(pauses) <= 60
    assert min(pauses[10:]) >= 30
    assert len(set(pauses)) > 100
