"""What speaks for and against a citizen who wants a time, read by one statement under the locks.

Whoever waits for the same official waits for this; what Django needs to put its queries together is
most of what a hold costs, so that this one is written out.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connections, router
from django.db.models import Q

from diia_videoreception.conf import app_settings
from diia_videoreception.models import (
    Application,
    Citizen,
    ConsentAcceptance,
    ConsentText,
    HoldUse,
    Occupancy,
    Service,
)
from diia_videoreception.rules import limits
from diia_videoreception.rules.slots import Interval
from diia_videoreception.rules.transitions import OPEN_STATES
from diia_videoreception.selectors.accounts.consents import RULES
from diia_videoreception.selectors.booking.stored_times import EXPORTED, moment_of

_STATEMENT = """
SELECT
    (SELECT {taken} FROM {occupancies} WHERE id IN ({had}
        SELECT id FROM {occupancies} WHERE citizen_id = %s
            AND (kind = 'hold' OR kind = 'proposal' AND expires_at <= %s))),
    (SELECT {uses} FROM {hold_uses} WHERE citizen_id = %s AND created_at >= %s),
    (SELECT {open} FROM {applications}
        WHERE citizen_id = %s AND state IN ({open_states}) AND "end" > %s),
    (SELECT {proposed} FROM {occupancies}
        WHERE citizen_id = %s AND kind = 'proposal' AND expires_at > %s),
    (SELECT {consents} FROM {acceptances} acceptance
        JOIN {texts} text ON text.id = acceptance.text_id
        WHERE acceptance.citizen_id = %s AND text.service <> '{rules}' AND text.version = (
            SELECT max(version) FROM {texts} newest
            WHERE newest.service = text.service AND newest.language = text.language))
"""
_COLUMNS = {
    "taken": "id, kind, citizen_id, expires_at",
    "uses": 'official_id, "start", created_at, expires_at, outcome, moved_from',
    "open": 'official_id, "start", "end"',
    "proposed": '"start", "end"',
    "consents": """acceptance.id, acceptance.accepted_at, EXISTS (
        SELECT 1 FROM {services} service WHERE service.key = text.service AND service.is_paused)""",
}
_TABLES = {
    "occupancies": Occupancy,
    "hold_uses": HoldUse,
    "applications": Application,
    "acceptances": ConsentAcceptance,
    "texts": ConsentText,
    "services": Service,
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A row of `Occupancy` as a claim sees it."""

    pk: int
    kind: str
    citizen_id: int | None
    expires_at: datetime | None

    def is_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now

    def is_hold_of(self, citizen: Citizen) -> bool:
        return self.kind == Occupancy.Kind.HOLD and self.citizen_id == citizen.pk


@dataclass(frozen=True, slots=True)
class Consent:
    """The citizen's consent to terms in force; `is_paused` says whether their service is."""

    pk: int
    accepted_at: datetime
    is_paused: bool


@dataclass(frozen=True, slots=True)
class OpenApplication:
    """An application of the citizen that nobody has decided against and whose time is not over."""

    official_id: int
    time: Interval


@dataclass(frozen=True, slots=True)
class Standing:
    """How a citizen stands to terms and limits.

    Attributes:
        taken: What is in the way, their own hold, and what of theirs has expired.
        proposed: Times that agencies have proposed to them and that wait for their answer.
    """

    taken: list[Taken] = field(default_factory=list)
    history: list[limits.PastHold] = field(default_factory=list)
    open_applications: list[OpenApplication] = field(default_factory=list)
    proposed: list[Interval] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)

    @property
    def own_times(self) -> list[Interval]:
        """When somebody else receives the citizen, or has proposed to."""
        return [*(one.time for one in self.open_applications), *self.proposed]

    @property
    def consent(self) -> Consent | None:
        """The newest consent to book under, one of a service that is open before others."""
        return max(
            self.consents,
            key=lambda one: (not one.is_paused, one.accepted_at, one.pk),
            default=None,
        )


def standing_of(citizen: Citizen, *, had: Q | None = None, now: datetime) -> Standing:
    """Read all of it.

    Args:
        had: which rows of `Occupancy` have what is wanted; None for what is held already.
    """
    connection = connections[router.db_for_write(Occupancy)]
    moment = connection.ops.adapt_datetimefield_value
    since = limits.history_since(now, app_settings.hold_limits)
    sql, values = "", ()
    if had is not None:
        sql, values = Occupancy.objects.filter(had).values("pk").query.sql_with_params()
    key, at = citizen.pk, moment(now)
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(connection.vendor, f"{sql} UNION ALL" if sql else ""),
            [*values, key, at, key, moment(since), key, at, key, at, key],
        )
        ((taken, uses, open_ones, proposed, consents),) = cursor.fetchall()
    return Standing(
        taken=[
            Taken(pk, kind, whose, moment_of(expires_at) if expires_at else None)
            for pk, kind, whose, expires_at in json.loads(taken or "[]")
        ],
        history=[_use(row) for row in json.loads(uses or "[]")],
        open_applications=[
            OpenApplication(official_id, Interval(moment_of(start), moment_of(end)))
            for official_id, start, end in json.loads(open_ones or "[]")
        ],
        proposed=[
            Interval(moment_of(start), moment_of(end))
            for start, end in json.loads(proposed or "[]")
        ],
        consents=[
            Consent(pk, moment_of(accepted_at), bool(is_paused))
            for pk, accepted_at, is_paused in json.loads(consents or "[]")
        ],
    )


@lru_cache
def _statement(vendor: str, had: str) -> str:
    tables = {name: model._meta.db_table for name, model in _TABLES.items()}
    columns = {name: text.format(**tables) for name, text in _COLUMNS.items()}
    rows = {name: EXPORTED[vendor].format(columns=text) for name, text in columns.items()}
    states = ", ".join(f"'{state.value}'" for state in OPEN_STATES)
    return _STATEMENT.format(had=had, open_states=states, rules=RULES, **rows, **tables)


def taken_of(had: Q) -> list[Taken]:
    """Return the rows of `Occupancy` that fit, as claims see them."""
    names = ("pk", "kind", "citizen_id", "expires_at")
    return [Taken(*row) for row in Occupancy.objects.filter(had).values_list(*names)]


def history_of(citizen: Citizen, now: datetime) -> list[limits.PastHold]:
    """Return the citizen's holds that any limit asks for."""
    since = limits.history_since(now, app_settings.hold_limits)
    return [
        limits.PastHold(
            official_id=use.official_id,
            start=use.start,
            created_at=use.created_at,
            expires_at=use.expires_at,
            outcome=limits.HoldOutcome(use.outcome),
            moved_from=_moves(use.moved_from),
        )
        for use in HoldUse.objects.filter(citizen=citizen, created_at__gte=since)
    ]


def _use(row: Sequence[Any]) -> limits.PastHold:
    official_id, start, created_at, expires_at, outcome, moved_from = row
    return limits.PastHold(
        official_id=official_id,
        start=moment_of(start),
        created_at=moment_of(created_at),
        expires_at=moment_of(expires_at),
        outcome=limits.HoldOutcome(outcome),
        # SQLite keeps JSON as text.
        moved_from=_moves(json.loads(moved_from) if isinstance(moved_from, str) else moved_from),
    )


def _moves(stored: Sequence[Sequence[Any]]) -> frozenset[tuple[int, datetime]]:
    return frozenset((official, datetime.fromisoformat(start)) for official, start in stored)
