"""A conference with a server of its own that tells what it was asked, and fails when it is told to."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar

from django.db import connection

from integrations.common.options import Options
from integrations.conference.base import (
    Capabilities,
    ConferenceFailed,
    ConferenceProvider,
    Entry,
    Joining,
    Meeting,
)

SERVED = {"BACKEND": "tests.steps.conferences.Served", "OPTIONS": {}}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedOptions(Options):
    name: str = "served"
    label: str = "Served rooms"


class Served(ConferenceProvider):
    """Its class holds what was asked; `reset` begins anew.

    No transaction may wait for a server, so that its tests need `transactional_db`.
    """

    Options = ServedOptions
    engine: ClassVar[str] = "janus"
    asked: ClassVar[list[tuple[str, Any]]] = []
    is_down: ClassVar[bool] = False
    meanwhile: ClassVar[Callable[[], object] | None] = None
    """Happens, once, while the server lets somebody in."""
    page_permissions = MappingProxyType(
        dict.fromkeys(("camera", "hid"), ("https://media.example.gov.ua",))
    )
    page_sources = MappingProxyType({"connect-src": ("wss://media.example.gov.ua",)})

    def __init__(self, options: ServedOptions) -> None:
        super().__init__(options)
        self.capabilities = Capabilities(in_browser=True, max_people=12, has_server=True)

    @classmethod
    def reset(cls) -> None:
        cls.asked, cls.is_down, cls.meanwhile = [], False, None

    def prepare(self, *, number: str, start: datetime, end: datetime) -> None:
        del number, start, end
        self._require_no_transaction()

    def ensure_room(self, meeting: Meeting) -> None:
        self._note("ensure_room", meeting)

    def join(self, entry: Entry, *, until: datetime) -> Joining:
        self._note("join", entry)
        happens, type(self).meanwhile = type(self).meanwhile, None
        if happens is not None:
            happens()
        return Joining(
            relay_only=False, server={"url": "wss://media", "ticket": entry.participant.hex}
        )

    def badge(self, entry: Entry) -> str:
        return f"{entry.participant.hex} {entry.session}"

    def dismiss(self, entry: Entry, *, others: Callable[[], Collection[Entry]]) -> None:
        self._note("dismiss", entry)
        self._note("others", {(other.participant, other.session) for other in others()})

    def close(self, meeting: Meeting) -> None:
        self._note("close", meeting)

    def _note(self, what: str, about: object) -> None:
        self._require_no_transaction()
        if self.is_down:
            raise ConferenceFailed("Served: down")
        self.asked.append((what, about))

    @staticmethod
    def _require_no_transaction() -> None:
        assert not connection.in_atomic_block, "a transaction waits for the server"

    @classmethod
    def heard(cls, what: str) -> list[Any]:
        """About what it was asked this."""
        return [about for one, about in cls.asked if one == what]
