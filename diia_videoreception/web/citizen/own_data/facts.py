"""A fact of the copy: one value with its key for programs and its label for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from diia_videoreception.wording import short_day, short_moment

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Coded:
    """A value of a fixed list, with its words."""

    code: str
    words: Text


Entry = Sequence["Fact"]
Value = str | int | bool | datetime | date | Coded | Sequence[str] | Sequence[Coded] | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One value; `entries` instead of it where there are things below."""

    key: str
    label: Text
    value: Value = None
    entries: Sequence[Entry] | None = None

    @property
    def words(self) -> str:
        """The value as people read it; empty where there is none."""
        return in_words(self.value)


@dataclass(frozen=True, slots=True)
class CopyPart:
    """One part of the copy.

    Attributes:
        why: What it is kept for, in plain words.
        is_list: Whether there may be many entries; else there is exactly one.
    """

    key: str
    title: Text
    why: Text
    entries: Sequence[Entry]
    is_list: bool = True


def coded(row: Model, name: str) -> Coded:
    """Return the value of a field with choices, with its words."""
    return Coded(getattr(row, name), getattr(row, f"get_{name}_display")())


def in_words(value: Value) -> str:
    """Return a value as people read it."""
    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case datetime():
            return short_moment(value)
        case date():
            return short_day(value)
        case Coded():
            return str(value.words)
        case str() | int():
            return str(value)
    return ", ".join(in_words(one) for one in value)


def as_json(value: Value) -> Any:
    """Return a value as programs read it: moments in ISO 8601 with UTC, fixed lists by their codes."""
    match value:
        case datetime() | date():
            return value.isoformat()
        case Coded():
            return value.code
        case None | str() | int():
            return value
    return [as_json(one) for one in value]


def entry_as_json(entry: Entry) -> dict[str, Any]:
    """Return the facts of one thing by their keys."""
    return {
        fact.key: as_json(fact.value)
        if fact.entries is None
        else [entry_as_json(one) for one in fact.entries]
        for fact in entry
    }
