"""Analyses by real processes: the right result for each, and none lost when workers die."""

import os
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from device_check.analysis import InputError, Thresholds, UnusableInput
from device_check.workers.conf import WorkersConf
from tests.device_check.workers import orders
from tests.device_check.workers.orders import hold
from tests.device_check.workers.party import Held, Party, is_alive, stopped_cleanly, wait_for


def test_files_and_thresholds__reach_the_analyst_as_they_are(at_work: Party) -> None:
    images = [orders.ECHO, bytes(range(256)) * 800, b"\xff" * 1000]
    audio = b"\x01" * 96_000

    analysis = at_work.analyse(*images, audio=audio, thresholds=Thresholds(dark_luma=61.5))

    assert analysis.measures["image"] == {
        "images": 3,
        "sum": sum(map(sum, images)),
        "audio": 96_000,
        "dark_luma": 61.5,
    }
    assert at_work.analyse(orders.ECHO).measures["image"]["audio"] == -1


def test_unusable_files__are_said_to_be_so(at_work: Party) -> None:
    with pytest.raises(UnusableInput) as refused:
        at_work.analyse(orders.REFUSE)
    assert (refused.value.code, refused.value.detail) == (InputError.NOT_JPEG, "as told")

    for images, code in (
        ([], InputError.NOTHING_GIVEN),
        ([b"x"] * 7, InputError.TOO_MANY),
        ([bytes(1024 * 1024 + 1)], InputError.TOO_LARGE),
    ):
        with pytest.raises(UnusableInput) as refused:
            at_work.analyse(*images)
        assert refused.value.code == code


def test_burst__is_served_or_refused_at_once_and_nothing_is_lost(
    at_work: Party, callers: ThreadPoolExecutor
) -> None:
    outcomes = Counter(
        callers.map(lambda _: at_work.refusal(orders.ECHO, bytes(200_000)), range(50))
    )

    assert set(outcomes) <= {"", "busy"}
    assert outcomes[""] >= at_work.conf.queue
    assert at_work.refusal(orders.ECHO) == ""


def test_full_queue__is_busy_at_once(
    conf: WorkersConf, party: Party, held: Held, callers: ThreadPoolExecutor
) -> None:
    party.conf = replace(conf, queue=3)
    party.start_broker()
    party.start_worker()
    party.wait_until_free(1)
    first = callers.submit(party.refusal, hold(held.folder))
    held.begun_by()
    waiting = [callers.submit(party.refusal, orders.ECHO) for _ in range(3)]
    wait_for(lambda: (status := party.status()) is not None and status.queued == 3)

    assert party.refusal(orders.ECHO) == "busy"

    held.let_go()
    assert [job.result() for job in (first, *waiting)] == [""] * 4


def test_killed_analyst__the_job_is_done_by_another(
    at_work: Party, held: Held, callers: ThreadPoolExecutor
) -> None:
    job = callers.submit(at_work.analyse, hold(held.folder))
    killed = held.begun_by()
    os.kill(killed, signal.SIGKILL)

    assert held.begun_by() != killed
    held.let_go()
    assert job.result().measures["image"]["images"] == 1
    at_work.wait_until_free(2)


def test_killed_worker__the_job_is_done_by_another_and_its_analyst_ends(
    party: Party, held: Held, callers: ThreadPoolExecutor
) -> None:
    party.start_broker()
    first = party.start_worker()
    party.wait_until_free(1)
    job = callers.submit(party.analyse, hold(held.folder))
    orphan = held.begun_by()
    party.start_worker()
    party.wait_until_free(1)
    first.kill()
    first.wait()

    assert held.begun_by() != orphan
    # Both read from the pipe, so whoever comes first goes on.
    held.let_go()
    wait_for(lambda: job.done() or not is_alive(orphan))
    if not job.done():
        held.let_go()
    assert job.result().measures["image"]["images"] == 1


def test_poison__is_given_up_after_two_deaths_and_the_pool_recovers(at_work: Party) -> None:
    for poison in (orders.DIE, orders.BREAK):
        assert at_work.refusal(poison) == "worker_died"

        at_work.wait_until_free(2)
        assert at_work.refusal(orders.ECHO) == ""


def test_memory__is_bounded(conf: WorkersConf, party: Party) -> None:
    party.conf = replace(conf, memory_mb=100)
    party.start_broker()
    party.start_worker(count=2)
    party.wait_until_free(2)

    assert party.analyse(orders.HOG + b" 60").measures["image"]["bytes"] == 60 * orders.MEGABYTE
    assert party.refusal(orders.HOG + b" 140") == "worker_died"
    party.wait_until_free(2)


def test_job_that_never_ends__times_out_and_frees_its_worker(
    conf: WorkersConf, party: Party
) -> None:
    party.conf = replace(conf, job_seconds=1)
    party.start_broker()
    party.start_worker()
    party.wait_until_free(1)

    assert party.refusal(orders.HANG) == "timeout"
    party.wait_until_free(1)
    assert party.refusal(orders.ECHO) == ""


def test_deadline__of_the_client_counts_for_waiting_and_for_work(
    party: Party, held: Held, callers: ThreadPoolExecutor
) -> None:
    party.start_broker()
    party.start_worker()
    party.wait_until_free(1)
    first = callers.submit(party.refusal, hold(held.folder), seconds=2)
    held.begun_by()

    assert party.refusal(orders.ECHO, seconds=0.2) == "timeout"
    assert first.result() == "timeout"
    party.wait_until_free(1)


def test_nobody_there__is_said_at_once_or_after_a_moment(party: Party) -> None:
    assert party.refusal(orders.ECHO) == "unavailable"

    party.start_broker()
    wait_for(lambda: party.status() is not None)
    assert party.refusal(orders.ECHO) == "unavailable"


def test_broker_restart__needs_nothing_of_workers_and_clients(at_work: Party) -> None:
    broker = at_work.started[0]
    for end in (signal.SIGKILL, signal.SIGTERM):
        assert at_work.refusal(orders.ECHO) == ""
        broker.send_signal(end)
        broker.wait()

        broker = at_work.start_broker()
        at_work.wait_until_free(2)
        assert at_work.refusal(orders.ECHO) == ""


def test_sigterm__lets_the_job_in_hand_be_finished(
    party: Party, held: Held, callers: ThreadPoolExecutor
) -> None:
    broker = party.start_broker()
    worker = party.start_worker(count=2)
    party.wait_until_free(2)
    job = callers.submit(party.refusal, hold(held.folder))
    analyst = held.begun_by()

    worker.send_signal(signal.SIGTERM)
    wait_for(lambda: (status := party.status()) is not None and status.workers == 1)
    held.let_go()

    assert job.result() == ""
    assert worker.wait() == 0
    assert not is_alive(analyst)
    assert stopped_cleanly(broker)


def test_analyst__knows_no_secrets(at_work: Party) -> None:
    assert at_work.analyse(orders.ENVIRONMENT).measures["image"] == {"secrets": 0}


def test_client__works_in_forked_processes_and_in_threads(
    at_work: Party, callers: ThreadPoolExecutor
) -> None:
    assert at_work.refusal(orders.ECHO) == ""
    child = os.fork()
    if not child:
        os._exit(at_work.refusal(orders.ECHO) != "" or at_work.refusal(orders.ECHO) != "")

    assert os.waitpid(child, 0)[1] == 0
    sums = callers.map(
        lambda n: at_work.analyse(orders.ECHO, bytes([n]) * 1000).measures["image"]["sum"],
        range(10),
    )
    assert list(sums) == [n * 1000 + sum(orders.ECHO) for n in range(10)]
