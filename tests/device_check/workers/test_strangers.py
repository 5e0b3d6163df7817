"""Strangers and liars: kept out, or ignored, while the service goes on."""

import json
import random
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import zmq
from django.core.management import CommandError, call_command

from device_check.analysis import UnusableInput
from device_check.conf import read_settings
from device_check.workers import client, keychain, protocol, sockets
from device_check.workers.conf import WorkersConf
from device_check.workers.keychain import WorkersMisconfigured, make_keys
from device_check.workers.protocol import JOB_LIMITS, MessageKind
from integrations.zmq import Json, KeyFileError, Message, pack
from integrations.zmq.framing import CURVE_OVERHEAD, VERSION
from tests.device_check.workers import orders
from tests.device_check.workers.party import Party, stopped_cleanly, wait_for


@pytest.fixture
def context() -> Iterator[sockets.Context]:
    context = zmq.Context()
    context.linger = 0
    yield context
    context.destroy()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- Liars inside -------------------------------------------------------------------------------


def job(**members: Json) -> Message:
    usual: dict[str, Json] = {"kind": "job", "id": "1", "seconds": 1, "audio": False}
    return Message({**usual, **members}, (orders.ECHO,))


def lies() -> Iterator[list[bytes]]:
    chance = random.Random(7)
    for _ in range(300):
        frames = [chance.randbytes(chance.randrange(40)) for _ in range(chance.randrange(1, 5))]
        yield frames
        yield [VERSION, *frames]
    for message in (
        Message({}),
        Message({"kind": "job"}),
        job(id=1),
        job(id="x" * 1000),
        job(seconds=-1),
        job(seconds="1"),
        job(seconds=True),
        job(audio=None),
        job(kind="answer"),
        job(kind="ready"),
        job(thresholds=[]),
        job(thresholds={"dark_luma": "60"}),
        job(thresholds={"unknown": 1}),
        Message({**job().header}),
    ):
        yield pack(message, JOB_LIMITS)
    yield [VERSION, json.dumps(dict(job().header)).encode(), *[b""] * 50]
    yield [VERSION, b"{}".ljust(JOB_LIMITS.header_bytes + 1)]


def test_liars__are_ignored_and_the_service_goes_on(
    at_work: Party, context: sockets.Context
) -> None:
    front = context.socket(zmq.DEALER)
    front.connect(at_work.conf.endpoint)
    back = context.socket(zmq.DEALER)
    back.connect(at_work.conf.back)
    for lie in lies():
        front.send_multipart(lie)
        back.send_multipart(lie)
    front.send_multipart(pack(Message({"kind": MessageKind.STATUS, "id": "last"}), JOB_LIMITS))

    assert front.poll(10_000)
    assert json.loads(front.recv_multipart()[1])["id"] == "last"
    assert at_work.refusal(orders.ECHO) == ""


def test_oversized_frame__costs_the_connection_only(
    at_work: Party, context: sockets.Context
) -> None:
    liar = context.socket(zmq.DEALER)
    monitor = liar.get_monitor_socket(zmq.EVENT_DISCONNECTED)
    liar.connect(at_work.conf.endpoint)
    liar.send(bytes(JOB_LIMITS.part_bytes + CURVE_OVERHEAD + 1))

    assert monitor.poll(10_000)
    assert at_work.refusal(orders.ECHO) == ""


def test_forged_result__reaches_nobody(
    conf: WorkersConf, party: Party, context: sockets.Context, callers: ThreadPoolExecutor
) -> None:
    """A worker that answers a job which it was not given, while it has another."""
    party.start_broker()
    liar = sockets.connected(context, conf.back, keys="", role="worker", limits=JOB_LIMITS)
    liar.send_multipart(pack(Message({"kind": MessageKind.READY}), JOB_LIMITS))
    wait_for(lambda: (status := party.status()) is not None and status.free == 1)
    job = callers.submit(party.refusal, orders.ECHO, seconds=0.5)
    assert liar.poll(10_000)
    result: Json = {"analysis": {"verdict": "good", "problems": [], "measures": {}}}
    answer = {"kind": MessageKind.ANSWER, "job": protocol.new_id(), "result": result}
    liar.send_multipart(pack(Message(answer), JOB_LIMITS))

    assert job.result() == "timeout"


@pytest.mark.parametrize(
    "result",
    [
        None,
        {},
        {"analysis": {}},
        {"analysis": {"verdict": "splendid", "problems": [], "measures": {}}},
        {"unusable": 1},
        {"unusable": {"code": "<script>"}},
    ],
)
def test_worker_that_answers_nonsense__is_as_good_as_none(
    party: Party, context: sockets.Context, result: Json
) -> None:
    front = context.socket(zmq.ROUTER)
    front.bind(party.conf.endpoint)

    def answer() -> None:
        name, _, header, *_ = front.recv_multipart()
        number = json.loads(header)["id"]
        reply = Message({"kind": MessageKind.ANSWER, "id": number, "result": result})
        front.send_multipart([name, *pack(reply, JOB_LIMITS)])

    with ThreadPoolExecutor(1) as threads:
        answered = threads.submit(answer)
        assert party.refusal(orders.ECHO) == "unavailable"
        answered.result()


# --- The network --------------------------------------------------------------------------------


@pytest.fixture
def over_tcp(tmp_path: Path, party: Party) -> Party:
    keys = tmp_path / "keys"
    make_keys(keys)
    party.conf = replace(
        party.conf,
        endpoint=f"tcp://127.0.0.1:{free_port()}",
        workers_endpoint=f"tcp://127.0.0.1:{free_port()}",
        keys=str(keys),
    )
    assert party.conf.problems() == []
    party.start_broker()
    party.start_worker()
    party.wait_until_free(1)
    return party


def test_tcp__serves_holders_of_keys_only(
    over_tcp: Party, tmp_path: Path, context: sockets.Context
) -> None:
    assert over_tcp.refusal(orders.ECHO, bytes(200_000)) == ""
    endpoint, keys = over_tcp.conf.endpoint, Path(over_tcp.conf.keys)

    def reached(folder: Path | None, address: str = endpoint) -> bool:
        try:
            client.status(endpoint=address, deadline_seconds=0.3, keys=folder)
        except client.NotAnalysed:
            return False
        return True

    unknown = tmp_path / "unknown"
    make_keys(unknown)
    (unknown / "broker.pub").write_text((keys / "broker.pub").read_text())
    impostor = tmp_path / "impostor"
    make_keys(impostor)
    (impostor / "client.key").write_text((keys / "client.key").read_text())
    assert reached(keys)
    assert not reached(unknown)
    assert not reached(impostor), "the client must not talk to another broker"
    assert not reached(None), "plain text"
    assert not reached(keys, over_tcp.conf.back), "clients have no business at the workers' door"
    assert not reached(tmp_path / "nowhere"), "a missing key is no reason to fail otherwise"
    assert over_tcp.refusal(orders.ECHO) == ""


def test_keys__are_private_and_never_overwritten(tmp_path: Path) -> None:
    make_keys(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    assert before.keys() == {
        f"{n}.{e}" for n in ("broker", "client", "worker") for e in ("key", "pub")
    }
    with pytest.raises(FileExistsError):
        make_keys(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    own = keychain.own_keys(tmp_path, keychain.CLIENT)
    assert keychain.public_key(tmp_path, keychain.CLIENT) == own.public
    (tmp_path / "client.key").chmod(0o644)
    with pytest.raises(KeyFileError, match="0600"):
        keychain.own_keys(tmp_path, keychain.CLIENT)
    (tmp_path / "broker.pub").write_text("no key")
    with pytest.raises(WorkersMisconfigured, match=r"broker\.pub"):
        keychain.public_key(tmp_path, keychain.BROKER)


# --- Settings and commands ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"endpoint": "ipc://relative/check"}, "ENDPOINT"),
        ({"endpoint": "ipc:///" + "x" * 120}, "ENDPOINT"),
        ({"endpoint": "http://host:1"}, "ENDPOINT"),
        ({"endpoint": "tcp://host"}, "ENDPOINT"),
        ({"endpoint": "tcp://host:1", "keys": "/k"}, "WORKERS_ENDPOINT"),
        (
            {"endpoint": "tcp://h:1", "workers_endpoint": "tcp://h:1", "keys": "/k"},
            "WORKERS_ENDPOINT",
        ),
        ({"endpoint": "tcp://h:1", "workers_endpoint": "tcp://h:2"}, "KEYS"),
        ({"endpoint": "ipc:///run/c", "workers_endpoint": "tcp://h:2"}, "KEYS"),
        ({"endpoint": "ipc:///run/c", "deadline_seconds": 61}, "DEADLINE_SECONDS"),
        ({"endpoint": "ipc:///run/c", "queue": 0}, "QUEUE"),
        ({"endpoint": "ipc:///run/c", "memory_mb": 1}, "MEMORY_MB"),
    ],
)
def test_wrong_settings__are_named(values: dict[str, Any], name: str) -> None:
    assert any(problem.startswith(f"{name} ") for problem in WorkersConf(**values).problems())


def test_settings__come_from_the_portal() -> None:
    raw = {"WORKERS": {"ENDPOINT": "ipc:///run/portal/check", "QUEUE": 5, "MEMORY_MB": 300}}

    read, problems = read_settings(raw)

    assert not problems
    assert read.workers == WorkersConf(endpoint="ipc:///run/portal/check", queue=5, memory_mb=300)
    assert read.workers.problems() == []
    assert read.workers.back == "ipc:///run/portal/check.workers"
    assert WorkersConf().problems() == []


@pytest.mark.parametrize("command", ["device_check_broker", "device_check_worker"])
def test_command__refuses_a_folder_that_others_can_enter(
    settings: Any, sockets: Path, command: str
) -> None:
    settings.DEVICE_CHECK = {"WORKERS": {"ENDPOINT": f"ipc://{sockets}/check"}}
    sockets.chmod(0o750)

    with pytest.raises(CommandError, match="0700"):
        call_command(command, stdout=StringIO())


def test_command__needs_settings_that_fit(settings: Any, tmp_path: Path) -> None:
    for workers, reason in (
        ({}, "ENDPOINT is missing"),
        ({"ENDPOINT": "tcp://127.0.0.1:1"}, "KEYS"),
    ):
        settings.DEVICE_CHECK = {"WORKERS": workers}
        for command in ("device_check_broker", "device_check_worker"):
            with pytest.raises(CommandError, match=reason):
                call_command(command)
    settings.DEVICE_CHECK = {"WORKERS": {"KEYS": str(tmp_path / "keys")}}
    call_command("device_check_broker", generate_keys=True)
    assert (tmp_path / "keys" / "broker.key").exists()


def test_second_broker__is_kept_out(at_work: Party) -> None:
    second = at_work.start_broker()

    assert second.wait(timeout=20) != 0
    assert at_work.refusal(orders.ECHO) == ""


def test_commands__analyse_for_the_portal_and_end_cleanly(
    party: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHECK_ENDPOINT", party.conf.endpoint)
    settings = "--settings=tests.device_check.workers.portal"
    for command in ("broker", "worker"):
        arguments = [sys.executable, "-m", "django", f"device_check_{command}", settings]
        party.started.append(subprocess.Popen(arguments))
    party.wait_until_free(1)

    with pytest.raises(UnusableInput) as refused:
        party.analyse(b"no picture")
    assert refused.value.code == "not_jpeg"
    for process in reversed(party.started):
        assert stopped_cleanly(process)
