"""Workplaces of the centres: invited, enrolled by a one-time code, heard, revoked (B-72)."""

import logging
import uuid
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from device_check.errors import CheckRefused
from device_check.models import Workplace
from device_check.protocol import WorkplaceReport
from integrations.common.readable_codes import readable_code
from integrations.zmq import is_public_key

logger = logging.getLogger(__name__)

CODE_LIVES: Final = timedelta(hours=24)
_GROUPS: Final = 3
_GROUP_LENGTH: Final = 4
_MARKS: Final = str.maketrans("", "", " -\t\r\n")


class WorkplaceGone(CheckRefused):
    """The workplace does not exist, or is not in the state that the act needs."""

    code = "workplace_gone"
    message = _("This workplace has changed since you opened the page.")
    status = HTTPStatus.CONFLICT


class CodeRefused(CheckRefused):
    """The same answer for a wrong, an expired and a used code."""

    code = "code_refused"
    message = _("We cannot accept this code. Ask for a new one.")
    status = HTTPStatus.FORBIDDEN


def create_workplace(
    *, label: str, site_code: str, kind: str, now: datetime, is_managed: bool = False
) -> Workplace:
    """Add a workplace that waits for its code.

    Args:
        is_managed: Whether the host alone renames and revokes it.
    """
    workplace = Workplace.objects.create(
        label=label, site_code=site_code, kind=kind, created_at=now, is_managed=is_managed
    )
    logger.info("Workplace %s created", workplace.public_id)
    return workplace


def rename_workplace(*, public_id: uuid.UUID, label: str, now: datetime) -> None:
    """Call a workplace otherwise.

    Raises:
        WorkplaceGone: There is no such workplace.
    """
    if not Workplace.objects.filter(public_id=public_id).update(label=label):
        raise WorkplaceGone
    logger.info("Workplace %s renamed", public_id)


def issue_code(*, public_id: uuid.UUID, now: datetime) -> str:
    """Make a new one-time code; only its keyed hash is kept, so it can be shown only now.

    An earlier code and the key of an enrolled or revoked workplace are worth nothing any more.
    Twelve signs of 31 carry 59 bits.

    Raises:
        WorkplaceGone: There is no such workplace, or the host has revoked it for good.
    """
    code = "-".join(readable_code(_GROUP_LENGTH) for _ in range(_GROUPS))
    open_ones = Workplace.objects.exclude(is_managed=True, status=Workplace.Status.REVOKED)
    found = open_ones.filter(public_id=public_id).update(
        status=Workplace.Status.INVITED,
        public_key=None,
        revoked_at=None,
        enrolment_code_hash=_hash(code),
        enrolment_expires_at=now + CODE_LIVES,
    )
    if not found:
        raise WorkplaceGone
    logger.info("Workplace %s has got a new code", public_id)
    return code


def enrol(*, code: str, public_key: str, now: datetime) -> Workplace:
    """Take the key of a workplace for its code, which one of several rivals can do.

    Raises:
        CodeRefused: The code is wrong, expired or used, or the key is not one that can be taken;
            which of them is not told.
    """
    if not code.isascii() or not is_public_key(public_key):
        raise CodeRefused
    hashed = _hash(code)
    row = Workplace.objects.filter(
        enrolment_code_hash=hashed,
        status=Workplace.Status.INVITED,
        enrolment_expires_at__gt=now,
    )
    try:
        with transaction.atomic():
            taken = row.update(
                status=Workplace.Status.ACTIVE,
                public_key=public_key,
                enrolment_code_hash=None,
                enrolment_expires_at=None,
                enrolled_at=now,
                last_seq=0,
                last_report_at=None,
                last_report={},
                agent_version="",
            )
    except IntegrityError as error:
        # The key belongs to another workplace.
        raise CodeRefused from error
    if not taken:
        raise CodeRefused
    workplace = Workplace.objects.get(public_key=public_key)
    logger.info("Workplace %s enrolled", workplace.public_id)
    return workplace


def revoke(*, public_id: uuid.UUID, now: datetime, by_host: bool = False) -> None:
    """Shut a workplace out: its code and its key are refused from the next message on.

    Args:
        by_host: Whether the host asks, who alone revokes what it manages.

    Raises:
        WorkplaceGone: There is no such workplace, it is revoked already, or is not theirs to revoke.
    """
    found = (
        Workplace.objects.filter(public_id=public_id, is_managed=by_host)
        .exclude(status=Workplace.Status.REVOKED)
        .update(
            status=Workplace.Status.REVOKED,
            revoked_at=now,
            enrolment_code_hash=None,
            enrolment_expires_at=None,
        )
    )
    if not found:
        raise WorkplaceGone
    logger.info("Workplace %s revoked", public_id)


def take_report(*, public_key: str, seq: int, report: WorkplaceReport, now: datetime) -> bool:
    """Store the report of the workplace with this key, if it is newer than what is there.

    One statement compares and writes, so of two that arrive together the newer one stays.

    Returns:
        Whether it was new; a repeated or late one changes nothing.
    """
    return bool(
        Workplace.objects.filter(
            public_key=public_key, status=Workplace.Status.ACTIVE, last_seq__lt=seq
        ).update(
            last_seq=seq,
            last_report_at=now,
            last_report=report.as_json(),
            agent_version=report.version,
        )
    )


def _hash(code: str) -> str:
    plain = code.translate(_MARKS).upper()
    return salted_hmac("device_check.enrolment", plain, algorithm="sha256").hexdigest()
