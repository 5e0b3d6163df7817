"""Encrypting what is stored again, under the first of ENCRYPTION_KEYS, while the portal runs.

What is encrypted lies in columns whose names end with `_encrypted`, whatever the model. No row is
locked for longer than one statement, and a value that somebody has changed meanwhile stays as they
wrote it. Nothing is remembered between runs: a run that was stopped is begun again and passes by
what is done.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.db import models

from diia_videoreception.conf import app_settings
from diia_videoreception.personal_data import encrypted_again, key_of
from diia_videoreception.services.transactions import act

SUFFIX = "_encrypted"
BATCH = 100
"""Evidence is some 100 KB a row, and a batch is in memory at once."""
MAX_PASSES = 5


@dataclass(frozen=True, slots=True)
class Column:
    """One encrypted column of the database."""

    model: type[models.Model]
    name: str

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.name}"


@dataclass(slots=True)
class Found:
    """What a pass has seen.

    Attributes:
        by_key: How many values each key encrypts at the end, by its place in ENCRYPTION_KEYS.
        unreadable: Values that no key opens, as (column, primary key).
        replaced: How many values were encrypted again.
    """

    by_key: Counter[int] = field(default_factory=Counter)
    unreadable: list[tuple[Column, int]] = field(default_factory=list)
    replaced: int = 0

    @property
    def old(self) -> int:
        """How many values still need another key than the first."""
        return sum(count for place, count in self.by_key.items() if place)

    @property
    def unneeded_keys(self) -> list[int]:
        """Places of the old keys that open nothing any more; none while a value cannot be read."""
        if self.unreadable:
            return []
        places = range(1, len(app_settings.encryption_keys))
        return [place for place in places if not self.by_key[place]]


def encrypted_columns() -> list[Column]:
    """Return every encrypted column of the installed models."""
    return [
        Column(model, column.name)
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        if column.name.endswith(SUFFIX) and not model._meta.proxy
    ]


def count() -> Found:
    """Return which key encrypts how many values, and change nothing."""
    found = Found()
    for column in encrypted_columns():
        for primary_key, token in _values(column):
            place = key_of(token)
            if place is None:
                found.unreadable.append((column, primary_key))
            else:
                found.by_key[place] += 1
    return found


def rotate() -> Found:
    """Encrypt everything again under the first key.

    Ends with a pass that found no older value, or after `MAX_PASSES`: processes that run with older
    settings go on writing under an older key.
    """
    replaced = 0
    for _ in range(MAX_PASSES):
        done, overtaken = _pass()
        replaced += done
        if not done and not overtaken:
            break
    found = count()
    found.replaced = replaced
    return found


def _pass() -> tuple[int, int]:
    """Return how many values were encrypted again, and how many somebody else changed in that moment."""
    done = overtaken = 0
    for column in encrypted_columns():
        for primary_key, token in _values(column):
            # Neither what the first key made nor what no key opens.
            if key_of(token):
                if _replace(column, primary_key, old=token, new=encrypted_again(token)):
                    done += 1
                else:
                    overtaken += 1
    return done, overtaken


@act
def _replace(column: Column, primary_key: int, *, old: str, new: str) -> bool:
    """Compare and swap: whether the value was still the one that was read."""
    rows = column.model._base_manager.filter(pk=primary_key, **{column.name: old})
    return bool(rows.update(**{column.name: new}))


def _values(column: Column) -> Iterator[tuple[int, str]]:
    """Yield all values of a column by primary key, a batch at a time; empty ones hold nothing."""
    rows = column.model._base_manager.exclude(**{column.name: ""}).order_by("pk")
    last: int | None = None
    while True:
        rest = rows if last is None else rows.filter(pk__gt=last)
        batch = list(rest.values_list("pk", column.name)[:BATCH])
        if not batch:
            return
        yield from ((key, token) for key, token in batch if token is not None)
        last = batch[-1][0]
