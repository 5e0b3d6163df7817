"""The work of the agent: check, keep, deliver."""

import json
import logging
import random
import time
from datetime import UTC, datetime, timedelta
from typing import Final

from device_check.agent import VERSION, checking
from device_check.agent.link import NoAnswer, NotAccepted, PortalConnection
from device_check.agent.settings import Portal
from device_check.agent.spool import Spool
from device_check.protocol import (
    MALFORMED,
    NOT_ACCEPTED,
    MalformedMessage,
    WorkplaceReport,
    read_moment,
    read_seq,
)
from integrations.zmq import Json, KeyPair

logger = logging.getLogger(__name__)

REFUSED_WORDS: Final = (
    "This workplace is not accepted (revoked or unknown): ask for a new code and enrol again"
)
_MIN_PAUSE: Final = 1.0
_MAX_PAUSE: Final = 60.0


class Agent:
    """Checks the devices of one workplace and brings the reports to its portal.

    Args:
        portal: Where the portal is, and its key.
        keys: Of this workplace.
        spool: Where reports wait.
        camera: See `checking.check`.
        microphone: See `checking.check`.
        every: Seconds between two checks, as told to the portal.
        seconds_to_answer: Longest wait for the portal.
    """

    def __init__(
        self,
        *,
        portal: Portal,
        keys: KeyPair,
        spool: Spool,
        camera: str,
        microphone: str,
        every: int,
        seconds_to_answer: float,
    ) -> None:
        self._portal = portal
        self._keys = keys
        self._spool = spool
        self._camera = camera
        self._microphone = microphone
        self._every = every
        self._seconds = seconds_to_answer
        self._link: PortalConnection | None = None
        self._last_taken = 0

    def run(self) -> None:
        """Check and delivers for ever; ends by the signal's exception at any point safely."""
        next_check, next_attempt, failures = time.monotonic(), 0.0, 0
        while True:
            if time.monotonic() >= next_check:
                # A check that took longer than the time between two is followed by a full pause.
                next_check = max(next_check + self._every, time.monotonic())
                self.check(reach=time.monotonic() >= next_attempt)
            if time.monotonic() >= next_attempt:
                if self._try_to_deliver():
                    failures, next_attempt = 0, next_check
                else:
                    failures += 1
                    next_attempt = time.monotonic() + pause_after(failures)
            time.sleep(max(0.0, min(next_check, next_attempt) - time.monotonic()))

    def check(self, *, reach: bool = True) -> None:
        """Make one report and keep it; with `reach` also measure the way to the portal."""
        rtt_ms, skew_seconds = self._way_to_the_portal() if reach else (None, None)
        camera, microphone = checking.check(camera=self._camera, microphone=self._microphone)
        report = WorkplaceReport(
            version=VERSION,
            moment=datetime.now(UTC),
            every=self._every,
            camera=camera,
            microphone=microphone,
            rtt_ms=rtt_ms,
            skew_seconds=skew_seconds,
        )
        body = json.dumps(report.as_json(), allow_nan=False)
        seq = self._spool.add(body, above=self._last_taken)
        problems = [*camera.problems, *microphone.problems]
        logger.info("Checked, report %d: %s", seq, ", ".join(problems) or "no problem found")

    def deliver(self) -> int:
        """Send what waits, oldest first; each report goes when the portal has the one before.

        Returns:
            How many the portal has taken.

        Raises:
            NoAnswer: The portal does not answer; the rest waits.
            NotAccepted: The portal refuses this workplace; the rest waits.
        """
        delivered = 0
        while waiting := self._spool.oldest():
            seq, body = waiting
            answer = self._ask({"type": "report", "seq": seq, "report": json.loads(body)})
            if answer.get("code") == MALFORMED:
                logger.error("The portal cannot read report %d: dropped", seq)
            elif answer.get("type") != "ack" or answer.get("seq") != seq:
                raise NoAnswer("an answer to something else")
            self._spool.remove(seq)
            delivered += 1
        return delivered

    def close(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None

    def _try_to_deliver(self) -> bool:
        try:
            delivered = self.deliver()
        except NotAccepted:
            logger.warning(REFUSED_WORDS)
        except NoAnswer as error:
            logger.warning("%d report(s) wait for the portal: %s", len(self._spool), error)
        else:
            if delivered:
                logger.info("The portal has taken %d report(s)", delivered)
            return True
        return False

    def _way_to_the_portal(self) -> tuple[float | None, float | None]:
        """Return milliseconds there and back, and how many seconds the portal's clock is ahead."""
        try:
            # The first question also pays for the handshake.
            self._ask({"type": "ping"})
            asked, began = datetime.now(UTC), time.monotonic()
            answer = self._ask({"type": "ping"})
            seconds = time.monotonic() - began
            self._last_taken = read_seq({"seq": answer["last_seq"]}) if answer["last_seq"] else 0
            skew = read_moment(answer["moment"]) - (asked + timedelta(seconds=seconds / 2))
        except (NoAnswer, NotAccepted, KeyError, MalformedMessage):
            # Delivery tells about it; the check goes on.
            return None, None
        return round(seconds * 1000, 1), round(skew.total_seconds(), 1)

    def _ask(self, question: dict[str, Json]) -> dict[str, Json]:
        if self._link is None:
            self._link = PortalConnection(
                self._portal.endpoint, keys=self._keys, server_key=self._portal.server_key
            )
        try:
            answer = dict(self._link.ask(question, seconds=self._seconds).header)
            if answer.get("code") == NOT_ACCEPTED:
                raise NotAccepted
        except (NoAnswer, NotAccepted):
            self.close()
            raise
        return answer


def pause_after(failures: int) -> float:
    """Return seconds to the next attempt: doubled each time up to a minute, and never quite the same.

    Without the chance in it all workplaces would come at once when the portal is back.
    """
    # Ten times doubled is more than a minute: what grows without an end outgrows a float.
    longest: float = min(_MAX_PAUSE, _MIN_PAUSE * 2 ** min(failures - 1, 10))
    return longest * random.uniform(0.5, 1)  # noqa: S311 - no secret
