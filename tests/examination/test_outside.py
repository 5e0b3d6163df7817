"""The examiner's process: what it may not do, and what its end means for the person."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from integrations.examination import outside
from integrations.examination.formats import FileRefused
from integrations.examination.outside import Bench, examine_outside
from tests.steps import samples

CONFINED = """
import json, os, resource, socket, subprocess, sys
from integrations.examination import confinement
confinement.limit_resources()
tried = {}
def attempt(name, call):
    try:
        call()
        tried[name] = "done"
    except BaseException as error:
        tried[name] = type(error).__name__
names = confinement.isolate()
attempt("read a file", lambda: os.open(sys.argv[0], os.O_RDONLY))
attempt("write a file", lambda: os.open("/tmp/vr-examiner-wrote", os.O_CREAT | os.O_WRONLY))
attempt("list a folder", lambda: os.listdir("/"))
attempt("connect", lambda: socket.socket().connect(("127.0.0.1", PORT)))
attempt("local socket", lambda: socket.socket(socket.AF_UNIX))
attempt("fork", os.fork)
attempt("run a program", lambda: os.execv("/bin/true", ["true"]))
attempt("signal its server", lambda: os.kill(os.getppid(), 0))
attempt("limits of its server", lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CPU))
attempt("more memory", lambda: bytearray(1100 * 1024 * 1024))
attempt("end quietly", lambda: None)
print(json.dumps({"format": "PNG", "changed": False, "tried": tried, "confined": names,
                  "nice": NICE()}))
"""


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "places", 2)


def with_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str) -> None:
    (tmp_path / "hostile_examiner.py").write_text(program)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(outside, "_EXAMINER", "hostile_examiner")


def examined(bench: Bench, data: bytes = b"%PDF-1.7") -> dict[str, Any]:
    return examine_outside(data, megapixels=120, person="a", bench=bench)[0]


def refusal(bench: Bench, data: bytes = b"%PDF-1.7") -> str:
    with pytest.raises(FileRefused) as refused:
        examined(bench, data)
    return refused.value.code


def test_nothing__can_be_reached(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bench: Bench
) -> None:
    """Each of these works in an ordinary process; the kernel refuses all of them here."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        program = CONFINED.replace("PORT", str(server.getsockname()[1]))
        nice = "lambda: int(open('/proc/self/stat').read().rsplit(')', 1)[1].split()[16])"
        program = program.replace("names =", f"nice = ({nice})()\nnames =", 1)
        with_program(monkeypatch, tmp_path, program.replace("NICE()", "nice"))
        answer = examined(bench)
    tried = answer["tried"]
    assert tried.pop("end quietly") == "done"
    assert tried.pop("more memory") == "MemoryError"
    assert set(tried.values()) == {"PermissionError"}, tried
    assert "calls" in answer["confined"]
    assert answer["nice"] == 19


def test_every_kind__is_examined_confined(bench: Bench) -> None:
    files = (
        samples.png(),
        samples.jpeg(exif=samples.exif(orientation=6), icc_profile=samples.icc_profile()),
        samples.jpeg()[:-2] + b"something else" + b"\xff\xd9",
        samples.saved(samples.new_pdf()),
    )
    for data in files:
        assert "calls" in examined(bench, data)["confined"]


def test_a_crash__means_too_complex(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bench: Bench
) -> None:
    with_program(monkeypatch, tmp_path, "import os\nos.abort()")
    assert refusal(bench) == "pdf_too_complex"
    assert refusal(bench, samples.png()) == "image_too_complex"


@pytest.mark.alone
def test_processor_time__is_bounded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bench: Bench
) -> None:
    program = "from integrations.examination import confinement as c\nc.ORDINARY_SECONDS = 1\n"
    with_program(monkeypatch, tmp_path, program + "c.limit_resources()\nwhile True: pass")
    assert refusal(bench) == "pdf_too_complex"


def test_a_machine_without_time__does_not_blame_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bench: Bench
) -> None:
    program = "import time\nfrom integrations.examination import confinement as c\n"
    program += "c.WALL_SECONDS = 0.3\nc.limit_resources()\ntime.sleep(60)"
    with_program(monkeypatch, tmp_path, program)
    assert refusal(bench) == "file_busy"


def test_one_that_does_not_end_itself__is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bench: Bench
) -> None:
    monkeypatch.setattr(outside, "WALL_SECONDS", 0.3)
    monkeypatch.setattr(outside, "_MARGIN_SECONDS", 0.1)
    with_program(monkeypatch, tmp_path, "import time\ntime.sleep(60)")
    began = time.monotonic()
    assert refusal(bench) == "file_busy"
    assert time.monotonic() - began < 10


def test_one_that_cannot_work__does_not_blame_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bench: Bench
) -> None:
    with_program(monkeypatch, tmp_path, "import no_such_library")
    with pytest.raises(subprocess.CalledProcessError):
        examined(bench)


def test_secrets_of_the_portal__stay_in_the_portal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bench: Bench
) -> None:
    monkeypatch.setenv("PORTAL_SECRET", "secret")
    answer = json.dumps({"format": "PDF", "changed": False})
    program = f"import os\nassert 'PORTAL_SECRET' not in os.environ\nprint('''{answer}''')"
    with_program(monkeypatch, tmp_path, program)
    assert examined(bench)["format"] == "PDF"


def test_the_server__decodes_nothing() -> None:
    """Neither library is even loaded where the server is."""
    program = (
        "import sys; import integrations.examination.outside;"
        "assert not {'PIL', 'pikepdf', 'cv2'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.alone
def test_a_heavy_file__waits_for_no_other(bench: Bench) -> None:
    heavy = samples.flat_png(6000, 6000)
    with outside.places.place(bench.folder, person="b", count=2) as other:
        outside.places.take_heavy(other)
        assert refusal(bench, heavy) == "file_busy"
        assert examined(bench, samples.png())["width"] == 64
    assert examined(bench, heavy)["width"] == 6000
