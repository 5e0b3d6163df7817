"""Reads what Django's file backend has written."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

_SEPARATOR = b"\n" + b"-" * 79 + b"\n"
SHOWN = 50


@dataclass(frozen=True, slots=True)
class SentLetter:
    """One letter as its reader would see it."""

    to: str
    subject: str
    sent_at: datetime
    text: str
    attachments: list[str]


def sent_letters(folder: Path) -> list[SentLetter]:
    """Return the last letters, newest first."""
    if not folder.exists():
        return []
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
    letters = [
        _read(part)
        for file in files[:SHOWN]
        for part in file.read_bytes().split(_SEPARATOR)
        if part.strip()
    ]
    return sorted(letters, key=lambda letter: letter.sent_at, reverse=True)[:SHOWN]


def _read(data: bytes) -> SentLetter:
    message = message_from_bytes(data, _class=EmailMessage, policy=policy.default)
    body = message.get_body(preferencelist=("plain", "html"))
    return SentLetter(
        to=str(message["To"]),
        subject=str(message["Subject"]),
        # Django writes "-0000", which the standard library reads as a moment without a zone.
        sent_at=parsedate_to_datetime(str(message["Date"])).replace(tzinfo=UTC),
        text=str(body.get_content()) if body else "",
        attachments=[
            part.get_filename() or part.get_content_type() for part in message.iter_attachments()
        ],
    )
