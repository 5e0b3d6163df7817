"""The life of a broker or of workers as a process: from the settings to a clean end on SIGTERM."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from device_check.workers.broker import Broker
from device_check.workers.conf import WorkersConf
from device_check.workers.keychain import WorkersMisconfigured
from device_check.workers.worker import EXAMINE, Worker
from integrations.common.stopping import stop_on_signals


def run_broker(workers: WorkersConf) -> None:
    """Run the broker until SIGTERM or Ctrl+C; in the main thread.

    Raises:
        WorkersMisconfigured, KeyFileError: The settings, folders or keys are not as they must be.
        zmq.ZMQError: Another program listens at the endpoint.
    """
    _require_usable(workers)
    Broker(workers).run(stop_on_signals())


def run_workers(workers: WorkersConf, *, count: int = 1, work: str = EXAMINE) -> None:
    """Run so many workers until SIGTERM or Ctrl+C and the jobs in hand are done; in the main thread.

    Args:
        workers: Where the broker is, and what a job may use.
        count: How many; each has its own process for the arithmetic.
        work: The function of the analysts, "package.module:name".

    Raises:
        WorkersMisconfigured, KeyFileError: The settings, folders or keys are not as they must be.
    """
    _require_usable(workers)
    stop = stop_on_signals()
    with ThreadPoolExecutor(count, thread_name_prefix="worker") as threads:
        lives = [threads.submit(Worker(workers, work=work).run, stop) for _ in range(count)]
        wait(lives, return_when=FIRST_COMPLETED)
        # When one fails, the process ends with it, and its manager starts it anew.
        stop.set()
        for life in lives:
            life.result()


def _require_usable(workers: WorkersConf) -> None:
    if not workers.endpoint:
        raise WorkersMisconfigured("ENDPOINT is missing.")
    if problems := workers.problems():
        raise WorkersMisconfigured(" ".join(problems))
