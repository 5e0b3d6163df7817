"""The portal's process and clients made by hand: whose key may say what (B-72)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import zmq
from django.db import connection

from device_check.agent.link import NoAnswer, NotAccepted, PortalConnection
from device_check.models import Workplace
from device_check.protocol import LIMITS
from device_check.services import workplaces
from integrations.zmq import KeyPair, Message, new_key_pair, pack, secure_client
from tests.harness.clock import NOW
from tests.steps.workplaces import RunningPortal, Seat, enrolled, report

pytestmark = pytest.mark.any_database

ACK = "ack"
Connect = Callable[..., PortalConnection]


@pytest.fixture
def connect(portal: RunningPortal) -> Iterator[Connect]:
    links: list[PortalConnection] = []

    def make(keys: KeyPair, **options: Any) -> PortalConnection:
        links.append(portal.link(keys, **options))
        return links[-1]

    yield make
    for link in links:
        link.close()


def send(link: PortalConnection, seq: Any, **changed: Any) -> dict[str, Any]:
    return dict(link.ask({"type": "report", "seq": seq, "report": report(**changed)}).header)


def test_report__is_stored_for_the_holder_of_the_key(connect: Connect, seat: Seat) -> None:
    other = enrolled(label="Каса 2")
    camera = {"present": True, "problems": ["too_dark"], "measures": {"mean": 12.5}}
    message = {
        "type": "report",
        "seq": 7,
        "report": report(camera=camera),
        "workplace": str(other.workplace.public_id),
    }

    answer = connect(seat.keys).ask(message).header

    assert answer == {"type": ACK, "seq": 7}
    stored = seat.fresh()
    assert stored.last_seq == 7
    assert stored.last_report["camera"] == camera
    assert stored.agent_version == "1.0"
    assert stored.last_report_at is not None
    assert other.fresh().last_report_at is None


def test_ping__tells_the_moment_and_the_last_number(connect: Connect, seat: Seat) -> None:
    link = connect(seat.keys)
    send(link, 41)

    answer = link.ask({"type": "ping"}).header

    assert answer["last_seq"] == 41
    assert str(answer["moment"]).endswith("+00:00")


def test_repeated_and_late_messages__are_acknowledged_and_change_nothing(
    connect: Connect, seat: Seat
) -> None:
    link = connect(seat.keys)
    assert send(link, 5, every=500)["type"] == ACK
    first = seat.fresh().last_report_at

    assert send(link, 5, every=501) == {"type": ACK, "seq": 5}
    assert send(connect(seat.keys), 3, every=503) == {"type": ACK, "seq": 3}

    stored = seat.fresh()
    assert (stored.last_seq, stored.last_report["every"]) == (5, 500)
    assert stored.last_report_at == first
    assert send(link, 2**53) == {"type": ACK, "seq": 2**53}
    assert seat.fresh().last_seq == 2**53


def test_revoked_key__is_refused_on_the_living_connection(connect: Connect, seat: Seat) -> None:
    link = connect(seat.keys)
    assert send(link, 1)["type"] == ACK

    workplaces.revoke(public_id=seat.workplace.public_id, now=NOW)

    assert send(link, 2) == {"type": "refused", "code": "not_accepted"}
    assert link.ask({"type": "ping"}).header["code"] == "not_accepted"
    assert seat.fresh().last_seq == 1
    with pytest.raises(NotAccepted):
        connect(seat.keys).ask({"type": "ping"})


def test_new_code__ends_the_old_key(connect: Connect, seat: Seat) -> None:
    link = connect(seat.keys)
    assert send(link, 9)["type"] == ACK

    code = workplaces.issue_code(public_id=seat.workplace.public_id, now=NOW)
    assert send(link, 10)["code"] == "not_accepted"

    keys = new_key_pair()
    workplaces.enrol(code=code, public_key=keys.public, now=NOW)
    assert send(connect(keys), 1)["type"] == ACK
    assert send(link, 11)["code"] == "not_accepted"
    assert seat.fresh().last_seq == 1


def test_strangers__are_not_let_in_and_others_are_served(
    connect: Connect, portal: RunningPortal, seat: Seat
) -> None:
    with pytest.raises(NotAccepted):
        connect(new_key_pair()).ask({"type": "ping"})
    with pytest.raises(NoAnswer):
        connect(seat.keys, server_key=new_key_pair().public).ask({"type": "ping"}, seconds=0.5)
    with zmq.Context() as context, context.socket(zmq.DEALER) as plain:
        plain.setsockopt(zmq.LINGER, 0)
        plain.connect(portal.endpoint)
        plain.send_multipart(
            pack(Message({"type": "report", "seq": 1, "report": report()}), LIMITS)
        )
        assert not plain.poll(500)

    assert seat.fresh().last_report_at is None
    assert send(connect(seat.keys), 1)["type"] == ACK


DEVICE = {"present": True, "problems": [], "measures": {}}
FORGED: list[dict[str, Any]] = [
    {"type": "report", "seq": 5},
    {"type": "report", "seq": 5, "report": []},
    {"type": "report", "seq": 5, "report": report(label="Інше")},
    {"type": "report", "seq": 5, "report": {"version": "1.0"}},
    *({"type": "report", "seq": seq, "report": report()} for seq in (0, -1, 2**53 + 1, 1.5, "5", True, None)),
    *(
        {"type": "report", "seq": 5, "report": report(**changed)}
        for changed in (
            {"version": "1.0<script>"},
            {"version": "1" * 21},
            {"version": "1\u0000"},
            {"moment": "вчора"},
            {"moment": "2026-11-22T10:00:00"},
            {"moment": "0001-01-01T00:00:00+14:00"},
            {"moment": "9999-12-31T23:59:59+00:00"},
            {"every": 0},
            {"every": 10**9},
            {"rtt_ms": -1},
            {"skew_seconds": 1e300},
            {"skew_seconds": "0"},
            {"rtt_ms": 10**400},
            {"camera": None},
            {"camera": {**DEVICE, "present": "так"}},
            {"camera": {**DEVICE, "problems": ["hacked"]}},
            {"camera": {**DEVICE, "problems": ["silent"]}},
            {"camera": {**DEVICE, "problems": ["no_face"]}},
            {"camera": {**DEVICE, "problems": [["too_dark"]]}},
            {"camera": {**DEVICE, "problems": ["too_dark", "too_dark"]}},
            {"camera": {**DEVICE, "picture": "/9j/4AAQ"}},
            {"camera": {**DEVICE, "measures": {"<b>": 1}}},
            {"camera": {**DEVICE, "measures": {"mean": "1"}}},
            {"camera": {**DEVICE, "measures": {"mean": True}}},
            {"camera": {**DEVICE, "measures": {"mean": 10**400}}},
            {"camera": {**DEVICE, "measures": {f"m{n}": n for n in range(41)}}},
            {"microphone": {**DEVICE, "problems": ["too_dark"]}},
        )
    ),
    {"type": "order"},
    {"type": ["report"]},
    {},
]  # fmt: skip


def test_forged_messages__are_refused_and_change_nothing(connect: Connect, seat: Seat) -> None:
    link = connect(seat.keys)
    send(link, 4)
    before = seat.fresh().last_report

    for message in FORGED:
        answer = link.ask(message).header
        assert answer == {"type": "refused", "code": "malformed"}, message

    assert seat.fresh().last_report == before
    assert seat.fresh().last_seq == 4
    assert send(link, 5)["type"] == ACK


RAW: list[list[bytes]] = [
    [b""],
    [b"\x01"],
    [b"\x02", b"{}"],
    [b"\x01", b"[" * 8000],
    [b"\x01", b'{"seq": 1' + b"0" * 5000 + b"}"],
    [b"\x01", b'{"type": "report", "seq": NaN}'],
    [b"\x01", b"\xff\xfe"],
    [b"\x01", b"{}", b"more"],
]


def raw_client(portal: RunningPortal, keys: KeyPair) -> zmq.Socket[bytes]:
    socket = zmq.Context.instance().socket(zmq.DEALER)
    socket.setsockopt(zmq.LINGER, 0)
    secure_client(socket, keys, server_public_key=portal.server_key)
    socket.connect(portal.endpoint)
    return socket


def test_what_is_no_message__is_refused_and_the_portal_goes_on(
    connect: Connect, portal: RunningPortal, seat: Seat
) -> None:
    with raw_client(portal, seat.keys) as socket:
        for frames in RAW:
            socket.send_multipart(frames)
            assert socket.poll(5000), frames
            assert b'"malformed"' in socket.recv_multipart()[-1], frames
    with raw_client(portal, seat.keys) as socket:
        socket.send_multipart([b"\x01", b"x" * 100_000])
        assert not socket.poll(300)

    assert send(connect(seat.keys), 1)["type"] == ACK


def test_database_away__no_answer_and_nothing_is_lost(connect: Connect, seat: Seat) -> None:
    link, table = connect(seat.keys), Workplace._meta.db_table
    send(link, 1)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO moved")
        try:
            with pytest.raises(NoAnswer):
                link.ask({"type": "report", "seq": 2, "report": report()}, seconds=0.5)
        finally:
            cursor.execute(f"ALTER TABLE moved RENAME TO {table}")

    assert send(connect(seat.keys), 2) == {"type": ACK, "seq": 2}
    assert seat.fresh().last_seq == 2
