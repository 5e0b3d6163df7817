"""The agent as a real process: enrolled, cut off, killed, revoked (B-72)."""

import re
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from device_check.agent.__main__ import main
from device_check.agent.enrol import EnrolmentFailed, enrol
from device_check.agent.settings import KEY_FILE, PORTAL_FILE, SPOOL_FILE, NotEnrolled, load
from device_check.agent.spool import Spool
from device_check.services import workplaces
from integrations.zmq import new_key_pair
from tests.harness.clock import NOW
from tests.steps.workplaces import (
    NO_DEVICES,
    ROOT,
    SECONDS,
    Folder,
    KeyFolder,
    RunningPortal,
    agent_command,
    run_agent,
    running_portal,
)

pytestmark = pytest.mark.any_database


def wait_until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.03)


def waiting(folder: Folder) -> list[int]:
    """Numbers of the reports that wait in the folder."""
    if not (folder.path / SPOOL_FILE).exists():
        return []
    spool = Spool(folder.path / SPOOL_FILE)
    numbers = [row[0] for row in spool._open().execute("SELECT seq FROM report ORDER BY seq")]
    spool.close()
    return numbers


def taken(portal: RunningPortal, folder: Folder) -> list[int]:
    """Numbers of the reports that the portal has stored, in their order."""
    found = re.findall(rf"Workplace {folder.seat.workplace.public_id}: report (\d+)", portal.logged)
    return [int(number) for number in found]


@contextmanager
def running_agent(folder: Folder, *options: str) -> Iterator[subprocess.Popen[str]]:
    log = (folder.path.parent / "agent.log").open("a")
    process = subprocess.Popen(
        agent_command("run", "--folder", folder.path, *options),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stderr=log,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        log.close()


def log_of(folder: Folder) -> str:
    return (folder.path.parent / "agent.log").read_text()


def _free_port() -> int:
    with socket.socket() as taken_for_a_moment:
        taken_for_a_moment.bind(("127.0.0.1", 0))
        return int(taken_for_a_moment.getsockname()[1])


def test_agent__comes_from_the_code_to_the_screen(
    portal: RunningPortal,
    key_folder: KeyFolder,
    live_server: Any,
    settings: Any,
    tmp_path: Path,
    dark_picture: Path,
    silence: Path,
) -> None:
    reports = {"ENDPOINT": portal.endpoint, "KEYS": str(key_folder.path)}
    settings.DEVICE_CHECK = {"REPORTS": reports}
    workplace = workplaces.create_workplace(label="Каса", site_code="К", kind="kiosk", now=NOW)
    code = workplaces.issue_code(public_id=workplace.public_id, now=timezone.now())
    address = live_server.url + reverse("device_check:enrol")
    folder = tmp_path / "new" / "folder"

    enrolled = run_agent("enrol", "--portal", address, "--code", code, "--folder", folder)
    assert (enrolled.returncode, str(workplace.public_id) in enrolled.stderr) == (0, True)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in (KEY_FILE, PORTAL_FILE):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    workplace.refresh_from_db()
    assert workplace.public_key
    assert workplace.public_key not in (folder / KEY_FILE).read_text()

    again = run_agent("enrol", "--portal", address, "--code", code, "--folder", tmp_path / "b")
    assert (again.returncode, "does not accept this code" in again.stderr) == (1, True)
    assert not list((tmp_path / "b").iterdir())

    once = run_agent("once", "--folder", folder, "--camera", dark_picture, "--microphone", silence)
    assert once.returncode == 0, once.stderr
    workplace.refresh_from_db()
    stored = workplace.last_report
    assert stored["camera"]["present"] is True
    assert "too_dark" in stored["camera"]["problems"]
    assert stored["microphone"]["problems"] == ["silent"]
    assert stored["camera"]["measures"]
    assert not [name for name in stored["camera"]["measures"] if name.startswith("face")]
    assert 0 < stored["rtt_ms"] < 5000
    assert abs(stored["skew_seconds"]) < 5
    assert stat.S_IMODE((folder / SPOOL_FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "address",
    [
        "http://portal.example.gov.ua/device-check/enrol/",
        "ftp://127.0.0.1/",
        "http://127.0.0.1:1/device-check/enrol/",
    ],
)
def test_enrolment__only_over_https_and_leaves_nothing_behind(address: str, tmp_path: Path) -> None:
    with pytest.raises(EnrolmentFailed) as failed:
        enrol(url=address, code="X", folder=tmp_path / "f")

    assert ("https" in str(failed.value)) == (":1/" not in address)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_enrolment__on_a_full_disk_asks_for_a_new_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answered = {"workplace": str(uuid4()), "endpoint": "tcp://portal.ua:1", "server_key": "0" * 40}
    enrolment = "device_check.agent.enrol"
    monkeypatch.setattr(f"{enrolment}._post", lambda *arguments: answered)
    full = OSError(ENOSPC, "No space left on device")
    monkeypatch.setattr(f"{enrolment}.store", Mock(side_effect=full))

    with pytest.raises(EnrolmentFailed, match=r"No space left.*ask for a new one"):
        enrol(url="https://portal.ua/", code="CODE", folder=tmp_path)


def test_cut_off_and_killed__everything_arrives_in_order_and_once(
    key_folder: KeyFolder, folder: Folder
) -> None:
    port = _free_port()
    folder.lead_to(f"tcp://127.0.0.1:{port}", key_folder.keys.public)
    options = ("--every", "1", "--timeout", "0.2", *NO_DEVICES)
    with running_agent(folder, *options) as agent:
        wait_until(lambda: len(waiting(folder)) >= 2, "reports while the portal is away")
        agent.send_signal(signal.SIGKILL)
        agent.wait()
    offline = waiting(folder)
    assert offline == sorted(offline)

    with running_agent(folder, *options) as agent, running_portal(key_folder, port=port) as portal:
        # The pause between attempts has grown meanwhile; more reports join the queue.
        wait_until(lambda: len(taken(portal, folder)) > len(offline), "reports after the return")
        agent.send_signal(signal.SIGTERM)
        assert agent.wait(SECONDS) == 0
        wait_until(
            lambda: folder.seat.fresh().last_seq == taken(portal, folder)[-1], "the last report"
        )
        arrived = taken(portal, folder)
        portal.process.send_signal(signal.SIGTERM)
        assert portal.process.wait(SECONDS) == 0

    assert arrived[: len(offline)] == offline
    assert arrived == sorted(set(arrived))
    assert "wait for the portal" in log_of(folder)
    assert folder.seat.workplace.label not in portal.logged


def test_revoked__says_so_and_keeps_the_report(portal: RunningPortal, folder: Folder) -> None:
    folder.lead_to(portal.endpoint, portal.server_key)
    workplaces.revoke(public_id=folder.seat.workplace.public_id, now=NOW)

    done = run_agent("once", "--folder", folder.path, *NO_DEVICES)

    assert done.returncode == 3
    assert "This workplace is not accepted (revoked or unknown)" in done.stderr
    assert len(waiting(folder)) == 1


def test_revoked_while_it_runs__says_so_on_the_living_connection(
    portal: RunningPortal, folder: Folder
) -> None:
    folder.lead_to(portal.endpoint, portal.server_key)
    with running_agent(folder, "--every", "1", *NO_DEVICES):
        wait_until(lambda: taken(portal, folder), "the first report")
        workplaces.revoke(public_id=folder.seat.workplace.public_id, now=NOW)
        last = folder.seat.fresh().last_seq
        wait_until(lambda: "not accepted" in log_of(folder), "the refusal in the log")
    assert folder.seat.fresh().last_seq == last


def test_portal_away__the_report_waits(folder: Folder, key_folder: KeyFolder) -> None:
    folder.lead_to("tcp://127.0.0.1:1", key_folder.keys.public)

    done = run_agent("once", "--folder", folder.path, "--timeout", "0.2", *NO_DEVICES)

    assert (done.returncode, "the report waits" in done.stderr) == (1, True)
    assert len(waiting(folder)) == 1


def _once(folder: Folder) -> str:
    done = run_agent("once", "--folder", folder.path, *NO_DEVICES, "--timeout", "2")
    assert done.returncode == 1
    assert len(waiting(folder)) == 1
    return done.stderr


def test_nobody_at_the_port__is_said(folder: Folder, key_folder: KeyFolder) -> None:
    endpoint = f"tcp://127.0.0.1:{_free_port()}"
    folder.lead_to(endpoint, key_folder.keys.public)
    assert f"nobody answers at {endpoint}" in _once(folder)


def test_unknown_name__is_said(folder: Folder, key_folder: KeyFolder) -> None:
    folder.lead_to("tcp://portal.invalid:7500", key_folder.keys.public)
    assert "the name portal.invalid is not known here" in _once(folder)


def test_another_key_of_the_portal__is_said(folder: Folder, portal: RunningPortal) -> None:
    folder.lead_to(portal.endpoint, new_key_pair().public)
    assert "its key has changed" in _once(folder)


def test_another_program_at_the_port__is_said(folder: Folder, key_folder: KeyFolder) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        folder.lead_to(f"tcp://127.0.0.1:{other.getsockname()[1]}", key_folder.keys.public)
        assert "it is not the portal" in _once(folder)


def test_damaged_spool__is_put_aside_and_reports_go_on(
    portal: RunningPortal, folder: Folder
) -> None:
    folder.lead_to(portal.endpoint, portal.server_key)
    assert run_agent("once", "--folder", folder.path, *NO_DEVICES).returncode == 0
    first = folder.seat.fresh().last_seq
    (folder.path / SPOOL_FILE).write_bytes(b"\xff" * 5000)

    done = run_agent("once", "--folder", folder.path, *NO_DEVICES)

    assert (done.returncode, "put aside" in done.stderr) == (0, True)
    assert folder.seat.fresh().last_seq > first


def test_folder_without_enrolment__is_named(tmp_path: Path) -> None:
    done = run_agent("once", "--folder", tmp_path)

    assert done.returncode == 2
    assert f"{tmp_path}: not enrolled yet" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("damage", ["json", "endpoint", "key", "open"])
def test_damaged_folder__is_named(damage: str, folder: Folder, key_folder: KeyFolder) -> None:
    endpoint = "ipc:///tmp/x" if damage == "endpoint" else "tcp://127.0.0.1:1"
    folder.lead_to(endpoint, key_folder.keys.public)
    match damage:
        case "json":
            (folder.path / PORTAL_FILE).write_text("{")
        case "key":
            (folder.path / KEY_FILE).write_text("короткий")
        case "open":
            (folder.path / KEY_FILE).chmod(0o644)

    with pytest.raises(NotEnrolled, match=str(folder.path)):
        load(folder.path)


def test_folder_that_everybody_may_write_to__is_not_used(folder: Folder, tmp_path: Path) -> None:
    """Whoever can write there can put another portal, or reports, in place."""
    folder.lead_to("tcp://127.0.0.1:5571", folder.seat.keys.public)
    load(folder.path)
    folder.path.chmod(0o777)

    with pytest.raises(NotEnrolled, match="0700"):
        load(folder.path)
    with pytest.raises(EnrolmentFailed, match="0700"):
        enrol(url="https://127.0.0.1:1/", code="CODE", folder=folder.path)


@pytest.mark.parametrize("option", ["--timeout=nan", "--timeout=0", "--every=0", "--keep=0"])
def test_senseless_option__is_refused(option: str) -> None:
    with pytest.raises(SystemExit) as left:
        main(["once", "--folder=/nowhere", option])

    assert left.value.code == 2


def test_agent__needs_no_django() -> None:
    program = (
        "import sys, device_check.agent.__main__, device_check.agent.measuring; "
        "sys.exit('django' in sys.modules)"
    )

    assert (
        subprocess.run([agent_command()[0], "-c", program], cwd=ROOT, check=False).returncode == 0
    )
