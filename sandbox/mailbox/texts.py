"""Reads what the console of text messages has written."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

SHOWN = 50


@dataclass(frozen=True, slots=True)
class SentText:
    """One text message as its reader would see it."""

    to: str
    sent_at: datetime
    text: str


def sent_texts(folder: Path) -> list[SentText]:
    """Return the last text messages, newest first."""
    files = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
    return [_read(file) for file in files[:SHOWN]]


def _read(file: Path) -> SentText:
    data = json.loads(file.read_text(encoding="utf-8"))
    sent_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return SentText(to=data["phone"], sent_at=sent_at, text=data["text"])
