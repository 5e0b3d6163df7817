"""`python -m device_check.agent`: enrols a workplace, then checks it and reports.

Exit status: 0 done; 1 the portal was not reached (reports wait in the folder) or did not enrol;
2 wrong arguments, or not enrolled; 3 the portal refuses this workplace.
"""

import argparse
import logging
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Final

from device_check.agent import VERSION
from device_check.agent.enrol import EnrolmentFailed, enrol
from device_check.agent.link import SECONDS_TO_ANSWER, NoAnswer, NotAccepted
from device_check.agent.run import REFUSED_WORDS, Agent
from device_check.agent.settings import SPOOL_FILE, NotEnrolled, load
from device_check.agent.spool import DEFAULT_LIMIT, Spool
from device_check.protocol import EVERY

logger = logging.getLogger("device_check.agent")

DONE: Final = 0
NOT_DONE: Final = 1
WRONG_USE: Final = 2
REFUSED: Final = 3

MAX_WAIT: Final = 600
"""Seconds."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say and give the exit status."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    signal.signal(signal.SIGTERM, _leave)
    return _enrol(options) if options.command == "enrol" else _report(options)


def _enrol(options: argparse.Namespace) -> int:
    try:
        workplace = enrol(url=options.portal, code=options.code, folder=options.folder)
    except EnrolmentFailed as error:
        return _fail(NOT_DONE, "Not enrolled: %s", error)
    logger.info("Enrolled as workplace %s", workplace)
    return DONE


def _report(options: argparse.Namespace) -> int:
    try:
        portal, keys = load(options.folder)
    except NotEnrolled as error:
        return _fail(WRONG_USE, "%s", error)
    spool = Spool(options.folder / SPOOL_FILE, limit=options.keep)
    agent = Agent(
        portal=portal,
        keys=keys,
        spool=spool,
        camera=options.camera,
        microphone=options.microphone,
        every=options.every,
        seconds_to_answer=options.timeout,
    )
    try:
        return _once(agent) if options.command == "once" else _run(agent)
    finally:
        agent.close()
        spool.close()


def _run(agent: Agent) -> int:
    with suppress(KeyboardInterrupt):
        agent.run()
    return DONE


def _once(agent: Agent) -> int:
    agent.check()
    try:
        agent.deliver()
    except NotAccepted:
        return _fail(REFUSED, REFUSED_WORDS)
    except NoAnswer as error:
        return _fail(NOT_DONE, "The portal was not reached, the report waits: %s", error)
    return DONE


def _fail(status: int, text: str, *details: object) -> int:
    logger.error(text, *details)
    return status


def _leave(number: int, frame: FrameType | None) -> None:
    # Safe at any point: what has to outlive the process is on the disk already.
    sys.exit(DONE)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m device_check.agent",
        description="Checks camera and microphone of a workplace and reports to the portal.",
    )
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(dest="command", required=True)

    enrols = commands.add_parser("enrol", help="exchange a one-time code for the right to report")
    enrols.add_argument("--portal", required=True, metavar="URL", help="address of the enrolment")
    enrols.add_argument("--code", required=True, help="one-time code from the portal")
    enrols.add_argument("--folder", required=True, type=Path, help="where the key is kept")

    for name, help_text in (
        ("run", "check and report on a schedule"),
        ("once", "check and report now"),
    ):
        reports = commands.add_parser(name, help=help_text)
        reports.add_argument("--folder", required=True, type=Path, help="where the key is kept")
        reports.add_argument(
            "--every", type=_every, default=300, metavar="SECONDS", help="between checks (300)"
        )
        reports.add_argument(
            "--camera", default="0", metavar="INDEX|FILE", help='number, file or "none" (0)'
        )
        reports.add_argument(
            "--microphone",
            default="default",
            metavar="DEVICE|FILE",
            help='number, name, WAV file or "none" (default)',
        )
        reports.add_argument(
            "--keep",
            type=_positive,
            default=DEFAULT_LIMIT,
            metavar="REPORTS",
            help=f"reports that wait while the portal is away ({DEFAULT_LIMIT})",
        )
        reports.add_argument(
            "--timeout",
            type=_seconds,
            default=SECONDS_TO_ANSWER,
            metavar="SECONDS",
            help=f"longest wait for the portal ({SECONDS_TO_ANSWER:g})",
        )

    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _seconds(text: str) -> float:
    seconds = float(text)
    # NaN is in no range.
    if not 0 < seconds <= MAX_WAIT:
        raise argparse.ArgumentTypeError(f"more than 0, at most {MAX_WAIT}")
    return seconds


def _every(text: str) -> int:
    seconds = int(text)
    if seconds not in EVERY:
        raise argparse.ArgumentTypeError(f"between {EVERY.start} and {EVERY.stop - 1}")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
