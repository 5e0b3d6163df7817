"""A worker: takes jobs from the broker, has its analyst do them, and replaces it when it dies."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Event
from typing import Final, cast

import zmq

from device_check.workers import keychain, protocol, sockets
from device_check.workers.conf import WorkersConf
from device_check.workers.process import Analyst, Died
from device_check.workers.protocol import (
    BEAT_SECONDS,
    JOB_LIMITS,
    REPLY_LIMITS,
    JobFailure,
    MessageKind,
)
from integrations.zmq import FramingError, Json, Message, Part, pack, unpack

logger = logging.getLogger(__name__)

EXAMINE: Final = "device_check.analysis.examination:examine"
_START_SECONDS: Final = 30.0
_MAX_PAUSE: Final = 10.0


@dataclass(frozen=True, slots=True)
class _Work:
    """The job in hand and when its time is up."""

    id: str
    ends: float


class Worker:
    """One analyst and its line to the broker.

    Args:
        workers: Where the broker is, and what a job may use.
        work: The function of the analyst, "package.module:name".
    """

    def __init__(self, workers: WorkersConf, *, work: str = EXAMINE) -> None:
        self._conf = workers
        self._function = work
        self._job: _Work | None = None
        self._analyst: Analyst | None = None
        self._crashes_in_a_row = 0
        self._start_at = 0.0
        self._give_up_at = 0.0
        self._beat_at = 0.0

    def run(self, stop: Event) -> None:
        """Work until `stop` is set and the job in hand is done.

        Raises:
            WorkersMisconfigured, KeyFileError: The socket's folder or the keys are not safe.
        """
        context: sockets.Context = zmq.Context()
        with context, self._connected(context) as self._socket:
            try:
                while self._job or not stop.is_set():
                    self._turn()
                self._send(MessageKind.BYE)
            finally:
                if self._analyst:
                    self._analyst.end()

    def _connected(self, context: sockets.Context) -> sockets.Socket:
        return sockets.connected(
            context,
            self._conf.back,
            keys=self._conf.keys,
            role=keychain.WORKER,
            limits=JOB_LIMITS,
        )

    def _turn(self) -> None:
        now = time.monotonic()
        if self._analyst is None and now >= self._start_at:
            self._start(now)
        if now >= self._beat_at:
            self._beat(now)
        ready = self._wait(now)
        if self._analyst and self._analyst.fileno() in ready:
            self._hear(self._analyst)
        for frames in sockets.waiting(self._socket):
            self._take(frames)
        self._keep_time(time.monotonic())

    def _wait(self, now: float) -> set[int]:
        """Wait for news or the next thing to do; gives the descriptors that have some."""
        poller = zmq.Poller()
        poller.register(self._socket, zmq.POLLIN)
        until = self._beat_at
        if self._analyst:
            poller.register(self._analyst.fileno(), zmq.POLLIN)
            until = min(until, self._job.ends if self._job else self._give_up_at)
        else:
            until = min(until, self._start_at)
        return {
            place
            for place, _ in poller.poll(protocol.milliseconds(until - now))
            if isinstance(place, int)
        }

    # --- The analyst ---

    def _start(self, now: float) -> None:
        self._analyst = Analyst(
            work=self._function,
            seconds=self._conf.job_seconds,
            memory_bytes=self._conf.memory_bytes,
        )
        self._give_up_at = now + _START_SECONDS

    def _hear(self, analyst: Analyst) -> None:
        was_ready = analyst.is_ready
        try:
            answer = analyst.take()
        except Died:
            self._restart_analyst(JobFailure.DIED)
            return
        if answer is not None and self._job:
            self._crashes_in_a_row = 0
            self._send(MessageKind.ANSWER, job=self._job.id, result=cast(dict[str, Json], answer))
            self._job = None
        elif analyst.is_ready and not was_ready:
            self._give_up_at = float("inf")
            logger.info("The analyst %d is ready", analyst.pid)
            self._beat(time.monotonic())

    def _restart_analyst(self, failure: JobFailure) -> None:
        """End the analyst, tell the broker what became of the job, and plan another one."""
        if self._analyst is None:
            return
        code = self._analyst.end()
        logger.warning("An analyst ended (%s, exit code %d); another is started", failure, code)
        self._analyst = None
        if self._job:
            self._send(MessageKind.FAILED, job=self._job.id, code=failure)
            self._job = None
        pause = 0.0 if not self._crashes_in_a_row else 0.1 * 2.0**self._crashes_in_a_row
        self._crashes_in_a_row = min(self._crashes_in_a_row + 1, 10)
        self._start_at = time.monotonic() + min(pause, _MAX_PAUSE)

    def _keep_time(self, now: float) -> None:
        if self._job:
            if now >= self._job.ends:
                self._restart_analyst(JobFailure.TIMEOUT)
        elif now >= self._give_up_at:
            self._restart_analyst(JobFailure.DIED)

    # --- The broker ---

    def _take(self, frames: list[Part]) -> None:
        try:
            message = unpack(frames, JOB_LIMITS)
            number = protocol.text(message, "job")
            seconds = protocol.seconds(message, "seconds", most=self._conf.job_seconds)
            audio = protocol.has_audio(message)
            thresholds = protocol.thresholds(message)
        except FramingError as error:
            logger.warning("Ignored a malformed job of the broker: %s", error)
            return
        if self._job or not self._analyst or not self._analyst.is_ready:
            self._send(MessageKind.FAILED, job=number, code=JobFailure.RETURNED)
            return
        self._job = _Work(number, time.monotonic() + seconds)
        self._give(self._analyst, message, audio=audio, thresholds=thresholds)

    def _give(
        self, analyst: Analyst, message: Message, *, audio: bool, thresholds: Mapping[str, float]
    ) -> None:
        try:
            analyst.give(message.parts, audio=audio, thresholds=thresholds)
        except Died:
            self._restart_analyst(JobFailure.RETURNED)

    def _beat(self, now: float) -> None:
        is_free = self._analyst is not None and self._analyst.is_ready and not self._job
        self._send(MessageKind.READY if is_free else MessageKind.BUSY)
        self._beat_at = now + BEAT_SECONDS

    def _send(self, kind: MessageKind, **members: Json) -> None:
        # Without a broker it is said again with the next beat, or nobody waits for it any more.
        sockets.send(self._socket, pack(Message({"kind": kind, **members}), REPLY_LIMITS))
