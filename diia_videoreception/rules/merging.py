"""Merging, field by field, what several tabs and programs have typed into one draft.

Whoever sends answers says which version they had read. A version is a digest of each answer, so
that three texts can be compared without keeping the oldest: what was read, what is stored now and
what is sent.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

Value = str | list[str] | bool
MAX_TAB = 32
MAX_TURN = 2**31
MAX_TABS = 20
"""How many tabs a draft remembers."""

Tab = tuple[int, Sequence[str]]
"""The last turn of a tab, and the answers that it wrote last."""
NO_TAB: Tab = (0, ())


@dataclass(frozen=True, slots=True)
class Known:
    """What a sender had read: the version, and which tab it is and how often that has sent.

    Without `tab` each sending stands by itself, as from a program.
    """

    version: str
    tab: str = ""
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Merged:
    """The outcome: what is to be stored, what gave way to a newer text, and what the sender knows.

    `version` has the digests of the answers that the sender has seen as they are stored; of the
    others it keeps those that were sent.
    """

    values: dict[str, Value]
    set_aside: dict[str, Value]
    version: str


def version_of(values: Mapping[str, Value]) -> str:
    """Write the version of answers, such as `topic:6b86b273ff34 phone:…`."""
    return _written({name: _digest(value) for name, value in values.items()})


def changed_since(version: str, values: Mapping[str, Value]) -> list[str]:
    """Name the values that are not as in the version; what it does not know counts as changed."""
    read = _read(version)
    return [name for name, value in values.items() if _digest(value) != read.get(name)]


def merge(
    stored: Mapping[str, Value],
    sent: Mapping[str, Value],
    known: Known,
    tabs: Mapping[str, Tab],
) -> Merged:
    """Decide for each sent answer whether it replaces the stored one.

    Args:
        tabs: what earlier sendings have left. A tab goes on from its own text before the answer to
            its last sending has come; what it sent before that is in it already; and what is sent
            a second time, by a reload, replaces nothing of anybody else.
    """
    last_turn, last_wrote = tabs.get(known.tab, NO_TAB)
    if known.turn < last_turn:
        return Merged(dict(stored), {}, known.version)
    own = set(last_wrote)
    is_repeated = known.tab in tabs and known.turn == last_turn
    base = _read(known.version)
    values, set_aside, seen = dict(stored), {}, dict(base)
    for name, value in sent.items():
        now, read = _digest(stored[name]), base.get(name, "")
        if value != stored[name] and (name in own or (now == read and not is_repeated)):
            values[name] = value
        elif value != stored[name] and _digest(value) != read:
            set_aside[name] = value
        if values[name] == value:
            seen[name] = _digest(value)
    return Merged(values, set_aside, _written(seen))


def tabs_after(
    tabs: Mapping[str, Tab], known: Known, wrote: Collection[str]
) -> dict[str, list[int | list[str]]]:
    """Note that a tab has sent, and which answers are its own now; the oldest tabs are forgotten."""
    _turn, own = tabs.get(known.tab, NO_TAB)
    others = {tab: left for tab, left in tabs.items() if tab != known.tab}
    noted = tabs_without(others, wrote)
    noted[known.tab] = [known.turn, sorted({*own, *wrote})]
    return dict(list(noted.items())[-MAX_TABS:])


def tabs_without(
    tabs: Mapping[str, Tab], names: Collection[str]
) -> dict[str, list[int | list[str]]]:
    """Note that these answers are no tab's any more: somebody else has replaced them."""
    gone = set(names)
    return {
        tab: [turn, [name for name in own if name not in gone]] for tab, (turn, own) in tabs.items()
    }


def _digest(value: Value) -> str:
    data = json.dumps(value, ensure_ascii=False).encode()
    return hashlib.blake2s(data, digest_size=6).hexdigest()


def _written(digests: Mapping[str, str]) -> str:
    return " ".join(f"{name}:{digest}" for name, digest in digests.items())


def _read(version: str) -> dict[str, str]:
    """Read a version; what is none names no digest, so that everything sent counts as changed."""
    parts = (part.partition(":") for part in version.split())
    return {name: digest for name, _colon, digest in parts}
