"""Options of providers: frozen dataclasses, checked field by field in one way.

What a field holds follows from its type; where that does not say enough, its metadata does:

    @dataclass(frozen=True, slots=True, kw_only=True)
    class ScannerOptions(Options):
        url: str = field(metadata=HTTPS)
        port: int = field(default=3310, metadata=whole(1, 65535))
        mode: Literal["fast", "full"] = "fast"
        verbose: bool = False

A default of a subclass keeps the check of the field.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from integrations.common.urls import is_safe_url

Check = Callable[[Any, Any], str]
"""Takes a value and the options, returns what the value must be, or nothing when it is that."""
Metadata = Mapping[str, Check]

MAX_PORT = 65_535
_KEY = "check"
_LISTS = (list, tuple, set, frozenset)


def checked(is_right: Callable[[Any], object], wanted: str) -> Metadata:
    """Check a field by a function of its value, which may be of any type.

    Args:
        is_right: Return whether the value is one.
        wanted: What it must be, in words: "a domain in small letters".
    """
    return {_KEY: lambda value, options: "" if is_right(value) else f"must be {wanted}"}


def judged(problem_of: Callable[[Any], str]) -> Metadata:
    """Check a field by a function that returns what is wrong with its value, or nothing."""
    return {_KEY: lambda value, options: problem_of(value)}


def whole(least: int, most: int) -> Metadata:
    """Check for a whole number in a range, both ends included."""
    return checked(
        lambda value: type(value) is int and least <= value <= most,
        f"a whole number from {least} to {most}",
    )


def one_of(*choices: str) -> Metadata:
    """Check for one of the choices."""
    return checked(lambda value: value in choices, _in_words(choices))


def some_of(*choices: str) -> Metadata:
    """Check for a list of some of the choices."""
    return checked(
        lambda value: isinstance(value, _LISTS) and value and all(one in choices for one in value),
        f"some of {', '.join(choices)}",
    )


def list_of(pattern: str, wanted: str) -> Metadata:
    """Check for a list, which may be empty, of texts that match the whole pattern."""
    compiled = re.compile(pattern)
    return checked(
        lambda value: (
            isinstance(value, _LISTS)
            and all(isinstance(item, str) and compiled.fullmatch(item) for item in value)
        ),
        f"a list of {wanted}",
    )


def _https(value: Any, options: Any) -> str:
    loopback = getattr(options, "allow_http_loopback", False) is True
    if isinstance(value, str) and is_safe_url(value, allow_http_loopback=loopback):
        return ""
    return "must be an https address"


TEXT = checked(lambda value: isinstance(value, str) and value != "", "a text that is not empty")
PATH = checked(
    lambda value: isinstance(value, str | Path) and str(value) != "", "a path that is not empty"
)
CA_FILE = checked(
    lambda value: isinstance(value, str) and (not value or Path(value).is_file()),
    "a file that is there",
)
"""Certificates (PEM) of the only authorities that may speak for a server; empty for the usual ones."""
SECONDS = checked(
    lambda value: type(value) in (int, float) and value > 0, "a number of seconds above zero"
)
HTTPS: Metadata = {_KEY: _https}
"""An https address, or http on this machine where the option `allow_http_loopback` lets it be."""
HTTPS_IF_ANY: Metadata = {
    _KEY: lambda value, options: "" if value in ("", None) else _https(value, options)
}
PORT = whole(1, MAX_PORT)
FINGERPRINTS = list_of(r"[0-9a-f]{64}", "SHA-256 fingerprints, 64 lower-case digits each")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the options of every provider hold; ValueError names every wrong one.

    Attributes:
        name: Alias in the settings.
        label: Name of the service, a msgid or the portal's own words.
    """

    name: str = field(metadata=TEXT)
    label: str = field(metadata=TEXT)

    def __post_init__(self) -> None:
        problems = [f"{name}: {wanted}" for name, wanted in wrong_fields(self).items()]
        problems = problems or list(self.conflicts())
        if problems:
            raise ValueError("; ".join(problems))

    def conflicts(self) -> Iterator[str]:
        """Tell what is wrong with several options together, once each is right by itself."""
        yield from ()


def wrong_fields(options: Any) -> dict[str, str]:
    """Return what each wrong field of a dataclass must be, by its name."""
    return {
        name: wanted
        for name, check in _checks(type(options)).items()
        if (wanted := check(getattr(options, name), options))
    }


def _checks(kind: type[Any]) -> dict[str, Check]:
    hints = get_type_hints(kind)
    return {
        item.name: _declared(kind, item.name) or _typed(hints[item.name]) for item in fields(kind)
    }


def _declared(kind: type, name: str) -> Check | None:
    """Return the check in the metadata of the field, of the class itself or the nearest base."""
    for base in kind.__mro__:
        item = base.__dict__.get("__dataclass_fields__", {}).get(name)
        if item is not None and _KEY in item.metadata:
            check: Check = item.metadata[_KEY]
            return check
    return None


def _typed(hint: Any) -> Check:
    origin, inner = get_origin(hint) or hint, get_args(hint)
    if origin is Literal:
        return one_of(*inner)[_KEY]
    if origin in (Union, UnionType):
        if NoneType in inner:
            return _or_none([_typed(one) for one in inner if one is not NoneType])
        return _any_of([_typed(one) for one in inner])
    if origin in (Sequence, list, tuple):
        return _list_of(inner)
    return _BY_TYPE.get(origin, lambda value, options: "")


def _list_of(inner: tuple[Any, ...]) -> Check:
    item = _typed(inner[0]) if inner else None

    def check(value: Any, options: Any) -> str:
        if not isinstance(value, _LISTS):
            return "must be a list"
        if item is None or not any(item(one, options) for one in value):
            return ""
        return f"must be a list, of which each {item(object(), options)}"

    return check


def _or_none(others: list[Check]) -> Check:
    check = _any_of(others)
    return lambda value, options: "" if value is None else check(value, options)


def _any_of(checks: list[Check]) -> Check:
    def check(value: Any, options: Any) -> str:
        wanted = [one(value, options) for one in checks]
        return "" if "" in wanted else " or ".join(wanted)

    return check


def _in_words(choices: tuple[str, ...]) -> str:
    *first, last = choices
    return f"{', '.join(first)} or {last}" if first else last


_IS_DICT = checked(lambda value: isinstance(value, Mapping), "a dict")[_KEY]
_BY_TYPE: dict[Any, Check] = {
    Mapping: _IS_DICT,
    dict: _IS_DICT,
    bool: checked(lambda value: isinstance(value, bool), "True or False")[_KEY],
    int: checked(lambda value: type(value) is int, "a whole number")[_KEY],
    float: checked(lambda value: type(value) in (int, float), "a number")[_KEY],
    str: checked(lambda value: isinstance(value, str), "a text")[_KEY],
    Path: checked(lambda value: isinstance(value, Path), "a path")[_KEY],
}
