"""The broker: hands jobs to workers, keeps few waiting, and lets no job and no client wait for ever."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Event

import zmq

from device_check.workers import keychain, protocol, sockets
from device_check.workers.conf import WorkersConf
from device_check.workers.protocol import (
    BEAT_SECONDS,
    JOB_LIMITS,
    MAX_CRASHES,
    REPLY_LIMITS,
    SILENCE_SECONDS,
    JobFailure,
    MessageKind,
    NotAnalysedReason,
)
from integrations.zmq import FramingError, Json, Message, Part, pack, unpack

logger = logging.getLogger(__name__)

_PATIENCE_SECONDS = 2.0
"""How long jobs are taken while no worker is there: after a restart they come within a beat."""


# By identity: looking for one among those that wait must not compare pictures.
@dataclass(slots=True, eq=False)
class _Job:
    """What a client waits for."""

    client: bytes
    request: str
    message: Message
    ends: float
    id: str
    crashes: int = 0


@dataclass(slots=True)
class _Peer:
    """A worker that is alive."""

    seen: float
    is_free: bool = False
    job: _Job | None = None


class Broker:
    """Between clients and workers; `run` is the whole life of one process."""

    def __init__(self, workers: WorkersConf) -> None:
        self._conf = workers
        self._queue: deque[_Job] = deque()
        # The first that is free has been free for longest.
        self._peers: OrderedDict[bytes, _Peer] = OrderedDict()
        self._last_seen = 0.0

    def run(self, stop: Event) -> None:
        """Serve until `stop` is set; then whoever waits is told that nobody is there.

        Raises:
            WorkersMisconfigured, KeyFileError: A socket's folder or the keys are not safe.
            zmq.ZMQError: Another broker listens there.
        """
        front = sockets.listening(
            self._conf.endpoint, keys=self._conf.keys, peer=keychain.CLIENT, limits=JOB_LIMITS
        )
        back = sockets.listening(
            self._conf.back, keys=self._conf.keys, peer=keychain.WORKER, limits=REPLY_LIMITS
        )
        self._last_seen = time.monotonic()
        with front as self._front, back as self._back:
            logger.info("The broker listens on %s and %s", self._conf.endpoint, self._conf.back)
            poller = zmq.Poller()
            poller.register(self._front, zmq.POLLIN)
            poller.register(self._back, zmq.POLLIN)
            while not stop.is_set():
                poller.poll(protocol.milliseconds(BEAT_SECONDS / 3))
                self._turn()
            for job in self._all_jobs():
                self._refuse(job, NotAnalysedReason.UNAVAILABLE)

    def _turn(self) -> None:
        now = time.monotonic()
        for frames in sockets.waiting(self._back):
            self._hear_worker(frames, now)
        for frames in sockets.waiting(self._front):
            self._hear_client(frames, now)
        self._evict_silent(now)
        self._expire(now)
        self._dispatch(now)

    def _all_jobs(self) -> list[_Job]:
        return [*self._queue, *(peer.job for peer in self._peers.values() if peer.job)]

    # --- Clients ---

    def _hear_client(self, frames: list[Part], now: float) -> None:
        client = bytes(frames[0])
        try:
            message = unpack(frames[1:], JOB_LIMITS)
            kind = protocol.kind_of(message)
            request = protocol.text(message, "id")
            if kind is MessageKind.STATUS:
                self._answer(
                    client, {"kind": MessageKind.STATUS, "id": request, "counts": self._counts()}
                )
                return
            if kind is not MessageKind.JOB:
                raise FramingError("header", "not for a broker")
            job = self._read_job(client, request, message, now)
        except FramingError as error:
            logger.warning("Ignored a malformed message of a client: %s", error)
            return
        if not self._peers and now - self._last_seen > _PATIENCE_SECONDS:
            self._refuse(job, NotAnalysedReason.UNAVAILABLE)
        elif len(self._queue) >= self._conf.queue and not self._has_free():
            self._refuse(job, NotAnalysedReason.BUSY)
        else:
            self._queue.append(job)
            self._dispatch(now)

    def _read_job(self, client: bytes, request: str, message: Message, now: float) -> _Job:
        seconds = protocol.seconds(message, "seconds", most=self._conf.deadline_seconds)
        protocol.has_audio(message)
        protocol.thresholds(message)
        return _Job(client, request, message, now + seconds, protocol.new_id())

    def _counts(self) -> dict[str, Json]:
        return {
            "workers": len(self._peers),
            "free": sum(peer.is_free for peer in self._peers.values()),
            "queued": len(self._queue),
        }

    def _refuse(self, job: _Job, code: NotAnalysedReason) -> None:
        self._answer(job.client, {"kind": MessageKind.REFUSED, "id": job.request, "code": code})

    def _answer(self, client: bytes, header: Mapping[str, Json]) -> None:
        # A client that has gone away, or does not listen, is no failure.
        sockets.send(self._front, [client, *pack(Message(header), REPLY_LIMITS)])

    # --- Workers ---

    def _hear_worker(self, frames: list[Part], now: float) -> None:
        name = bytes(frames[0])
        try:
            message = unpack(frames[1:], REPLY_LIMITS)
            kind = protocol.kind_of(message)
            if kind is MessageKind.BYE:
                self._forget(name)
                return
            peer = self._seen(name, now)
            if kind is MessageKind.READY:
                self._set_free(name, peer)
            elif kind is MessageKind.ANSWER:
                self._take_answer(name, peer, message)
            elif kind is MessageKind.FAILED:
                self._take_failure(peer, message)
        except (FramingError, ValueError) as error:
            logger.warning("Ignored a malformed message of a worker: %s", error)

    def _seen(self, name: bytes, now: float) -> _Peer:
        peer = self._peers.get(name)
        if peer is None:
            peer = self._peers[name] = _Peer(now)
            logger.info("A worker joined; there are now %d", len(self._peers))
        peer.seen = self._last_seen = now
        return peer

    def _set_free(self, name: bytes, peer: _Peer) -> None:
        # With a job under way the word was sent before the job arrived.
        if peer.job is None and not peer.is_free:
            peer.is_free = True
            self._peers.move_to_end(name)

    def _take_answer(self, name: bytes, peer: _Peer, message: Message) -> None:
        job = self._done(peer, message)
        if job:
            result = dict(protocol.mapping(message, "result"))
            self._answer(
                job.client, {"kind": MessageKind.ANSWER, "id": job.request, "result": result}
            )
        self._set_free(name, peer)

    def _take_failure(self, peer: _Peer, message: Message) -> None:
        failure = JobFailure(protocol.text(message, "code"))
        job = self._done(peer, message)
        peer.is_free = False
        if job is None:
            return
        if failure is JobFailure.TIMEOUT:
            self._refuse(job, NotAnalysedReason.TIMEOUT)
        else:
            self._requeue(job, died=failure is JobFailure.DIED)

    def _done(self, peer: _Peer, message: Message) -> _Job | None:
        """Return the job that this worker had and speaks of; None when it is late."""
        job = peer.job
        if job is None or protocol.text(message, "job") != job.id:
            return None
        peer.job = None
        return job

    def _requeue(self, job: _Job, *, died: bool) -> None:
        """Put a job that came back first in the queue, unless it has taken too many with it."""
        job.crashes += died
        if job.crashes >= MAX_CRASHES:
            self._refuse(job, NotAnalysedReason.WORKER_DIED)
        else:
            self._queue.appendleft(job)

    def _forget(self, name: bytes) -> None:
        """Drop a worker that has said good-bye; a job that crossed with it was not begun."""
        peer = self._peers.pop(name, None)
        if peer and peer.job:
            self._requeue(peer.job, died=False)

    # --- Time ---

    def _evict_silent(self, now: float) -> None:
        silent = [name for name, peer in self._peers.items() if now - peer.seen > SILENCE_SECONDS]
        for name in silent:
            peer = self._peers.pop(name)
            logger.warning("Evicted a silent worker; there are %d left", len(self._peers))
            if peer.job:
                self._requeue(peer.job, died=True)

    def _expire(self, now: float) -> None:
        nobody = not self._peers and now - self._last_seen > _PATIENCE_SECONDS
        for job in [job for job in self._queue if nobody or job.ends <= now]:
            self._queue.remove(job)
            self._refuse(
                job, NotAnalysedReason.UNAVAILABLE if nobody else NotAnalysedReason.TIMEOUT
            )
        for peer in self._peers.values():
            if peer.job and peer.job.ends <= now:
                self._refuse(peer.job, NotAnalysedReason.TIMEOUT)
                # Its worker ends the work itself and says when it is free again.
                peer.job = None

    def _has_free(self) -> bool:
        return any(peer.is_free for peer in self._peers.values())

    def _dispatch(self, now: float) -> None:
        free = [name for name, peer in self._peers.items() if peer.is_free]
        for name in free:
            if not self._queue:
                return
            job = self._queue.popleft()
            if self._hand_over(name, job, now):
                peer = self._peers[name]
                peer.is_free, peer.job = False, job
            else:
                self._forget(name)
                self._queue.appendleft(job)

    def _hand_over(self, name: bytes, job: _Job, now: float) -> bool:
        header: dict[str, Json] = {
            "kind": MessageKind.JOB,
            "job": job.id,
            "seconds": max(job.ends - now, 0.001),
            "audio": job.message.header["audio"],
            "thresholds": job.message.header.get("thresholds"),
        }
        return sockets.send(
            self._back, [name, *pack(Message(header, job.message.parts), JOB_LIMITS)]
        )
