"""Places hold across threads and processes, and no death of a process loses one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from integrations.examination import places
from integrations.examination.places import OwnPlacesTaken, PlacesMisconfigured, PlacesTaken, place

HOLDER = """
import sys, time
from pathlib import Path
from integrations.examination.places import place
with place(Path(sys.argv[1]), person="other", count=1):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_machine__has_so_many(tmp_path: Path) -> None:
    with place(tmp_path, person="a", count=2), place(tmp_path, person="b", count=2):
        with pytest.raises(PlacesTaken) as refused, place(tmp_path, person="c", count=2):
            pass
        assert not isinstance(refused.value, OwnPlacesTaken)
    with place(tmp_path, person="c", count=2):
        pass


def test_a_person__has_two_of_them(tmp_path: Path) -> None:
    with place(tmp_path, person="a", count=9), place(tmp_path, person="a", count=9):
        with pytest.raises(OwnPlacesTaken), place(tmp_path, person="a", count=9):
            pass
        with place(tmp_path, person="b", count=9):
            pass
    with place(tmp_path, person="a", count=9):
        pass


def test_heavy_files__are_examined_one_at_a_time(tmp_path: Path) -> None:
    with place(tmp_path, person="a", count=2) as one, place(tmp_path, person="b", count=2) as other:
        places.take_heavy(one)
        with pytest.raises(PlacesTaken):
            places.take_heavy(other)
    with place(tmp_path, person="b", count=2) as other:
        places.take_heavy(other)


def test_a_place__holds_for_other_processes_and_is_free_when_its_process_is_killed(
    tmp_path: Path,
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            with pytest.raises(PlacesTaken), place(tmp_path, person="a", count=1):
                pass
        finally:
            holder.send_signal(signal.SIGKILL)
    with place(tmp_path, person="a", count=1):
        pass


def test_an_examiner__keeps_the_place_when_its_server_is_gone(tmp_path: Path) -> None:
    with place(tmp_path, person="a", count=1) as descriptor:
        inherited = os.dup(descriptor)
    with pytest.raises(PlacesTaken), place(tmp_path, person="b", count=1):
        pass
    os.close(inherited)
    with place(tmp_path, person="b", count=1):
        pass


def test_a_folder_that_others_write__is_not_trusted(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(PlacesMisconfigured), place(tmp_path, person="a", count=1):
        pass


def test_a_folder_behind_a_link__is_not_trusted(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(PlacesMisconfigured), place(tmp_path / "link", person="a", count=1):
        pass


def test_one_person__never_has_all_places(tmp_path: Path) -> None:
    with place(tmp_path, person="a", count=2):
        with pytest.raises(OwnPlacesTaken), place(tmp_path, person="a", count=2):
            pass
        with place(tmp_path, person="b", count=2):
            pass


def test_one_processor__is_left_to_the_server(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(places, "_CGROUP_LIMIT", tmp_path / "cpu.max")
    monkeypatch.setattr(places, "_memory", lambda: 8 * 1024**3)
    for processors, expected in ((1, 2), (2, 2), (8, 7)):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, n=processors: set(range(n)))
        assert places.default_count() == expected


def test_a_second_place__needs_the_memory_for_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(places, "_CGROUP_LIMIT", tmp_path / "cpu.max")
    monkeypatch.setattr(places, "_CGROUP_MEMORY", tmp_path / "memory.max")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    (tmp_path / "memory.max").write_text(f"{2 * 1024**3}\n")
    assert places.default_count() == 1


def test_a_container__counts_by_its_quota(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(places, "_CGROUP_LIMIT", tmp_path / "cpu.max")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)))
    (tmp_path / "cpu.max").write_text("300000 100000\n")
    assert places.default_count() == 2
    (tmp_path / "cpu.max").write_text("max 100000\n")
    assert places.default_count() == 63
