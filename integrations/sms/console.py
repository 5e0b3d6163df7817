"""Text messages that nobody gets: the demonstration shows them instead."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from integrations.common.options import PATH, Options
from integrations.sms.base import SmsProvider, TextMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleSmsOptions(Options):
    """`folder`: where each message is put as a file."""

    folder: str | Path = field(metadata=PATH)
    name: str = "default"
    label: str = "SMS of the demonstration"


class ConsoleSms(SmsProvider):
    """Puts each message into a file, once under its key."""

    Options = ConsoleSmsOptions
    is_demo = True

    def __init__(self, options: ConsoleSmsOptions) -> None:
        super().__init__(options)
        self._folder = Path(options.folder)

    def send(self, message: TextMessage, *, now: datetime) -> str:
        """See `SmsProvider.send`."""
        self._folder.mkdir(parents=True, exist_ok=True)
        written = json.dumps({"phone": message.phone, "text": message.text}, ensure_ascii=False)
        try:
            with (self._folder / f"{message.key}.json").open("x", encoding="utf-8") as file:
                file.write(written)
        except FileExistsError:
            return ""
        return ""
