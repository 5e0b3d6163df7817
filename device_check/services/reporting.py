"""The portal's side of the agents' protocol: one answer to each message (see `device_check.protocol`)."""

import logging
from collections.abc import Mapping
from datetime import datetime

from device_check.protocol import (
    MALFORMED,
    NOT_ACCEPTED,
    MalformedMessage,
    read_report,
    read_seq,
)
from device_check.selectors.workplaces import accepted_by_key
from device_check.services.workplaces import take_report
from integrations.zmq import Json

logger = logging.getLogger(__name__)

Answer = dict[str, Json]


def answer(*, public_key: str, message: Mapping[str, Json], now: datetime) -> Answer:
    """Do what a workplace asks; who it is follows from its key alone.

    The workplace is looked up each time: a revoked one is refused on a connection that was let in
    before. A report that came earlier already is acknowledged again and changes nothing.

    Args:
        public_key: Of the sender (Z85), as proved to the authenticator.
        message: What was sent.
        now: The moment.
    """
    workplace = accepted_by_key(public_key)
    if workplace is None:
        logger.warning("Refused a message of the key %s", public_key)
        return {"type": "refused", "code": NOT_ACCEPTED}
    try:
        match message.get("type"):
            case "ping":
                return {"type": "pong", "moment": now.isoformat(), "last_seq": workplace.last_seq}
            case "report":
                seq, report = read_seq(message), read_report(message.get("report"))
            case _:
                raise MalformedMessage("type")
    except MalformedMessage as error:
        logger.warning(
            "Ignored an unreadable message of workplace %s: %s", workplace.public_id, error
        )
        return refused_as_malformed()
    new = take_report(public_key=public_key, seq=seq, report=report, now=now)
    kind = "report" if new else "known report"
    logger.info("Workplace %s: %s %d", workplace.public_id, kind, seq)
    return {"type": "ack", "seq": seq}


def refused_as_malformed() -> Answer:
    return {"type": "refused", "code": MALFORMED}
