"""Options of providers are checked field by field, by type or by what the field says of itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest

from integrations.common.options import (
    FINGERPRINTS,
    HTTPS,
    HTTPS_IF_ANY,
    PATH,
    PORT,
    SECONDS,
    TEXT,
    Options,
    checked,
    judged,
    one_of,
    some_of,
    whole,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Base(Options):
    secret: str = field(repr=False, metadata=TEXT)
    level: str = field(default="low", metadata=one_of("low", "high"))
    allow_http_loopback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Example(Base):
    name: str = "example"
    label: str = "Example"
    level: str = "high"
    note: str = ""
    url: str = field(default="https://a.example", metadata=HTTPS)
    help_url: str | None = field(default=None, metadata=HTTPS_IF_ANY)
    port: int = field(default=1, metadata=PORT)
    count: int = field(default=1, metadata=whole(0, 9))
    plain: int = 1
    factor: float = 1.0
    wait: float = field(default=1, metadata=SECONDS)
    mode: Literal["fast", "full"] = "fast"
    ways: Sequence[str] = field(default=("a",), metadata=some_of("a", "b"))
    prints: Sequence[str] = field(default=(), metadata=FINGERPRINTS)
    files: Sequence[Path | str] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    folder: Path | str = field(default="/srv", metadata=PATH)
    even: int = field(default=2, metadata=checked(lambda value: value % 2 == 0, "even"))
    judged_text: object = field(default="", metadata=judged(lambda value: str(value)))
    anything: object = None

    def conflicts(self) -> Iterator[str]:
        if self.count > self.port:
            yield "count, port: must go together"


def example(**options: Any) -> Example:
    return Example(**{"secret": "s3cret"} | options)


def test_options__right_ones_are_kept() -> None:
    made = example(
        name="other",
        url="http://127.0.0.1:8000/",
        allow_http_loopback=True,
        port=9,
        count=9,
        factor=2,
        wait=0.5,
        ways=["a", "b"],
        prints=("ab" * 32,),
        files=[Path("/x"), "y"],
        keys={"a": "b"},
        folder=Path("/srv"),
        help_url="",
        anything=object(),
    )

    assert (made.name, made.port, made.level) == ("other", 9, "high")
    assert "s3cret" not in repr(made)


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("name", "", "a text that is not empty"),
        ("label", 5, "a text that is not empty"),
        ("secret", None, "a text that is not empty"),
        ("level", "highest", "low or high"),
        ("allow_http_loopback", 1, "True or False"),
        ("allow_http_loopback", "no", "True or False"),
        ("note", None, "a text"),
        ("url", "http://a.example", "an https address"),
        ("url", "http://127.0.0.1/", "an https address"),
        ("url", None, "an https address"),
        ("help_url", "ftp://a.example", "an https address"),
        ("port", 0, "a whole number from 1 to 65535"),
        ("port", True, "a whole number from 1 to 65535"),
        ("port", "80", "a whole number from 1 to 65535"),
        ("count", 10, "a whole number from 0 to 9"),
        ("plain", 1.5, "a whole number"),
        ("plain", True, "a whole number"),
        ("factor", "2", "a number"),
        ("wait", 0, "a number of seconds above zero"),
        ("wait", True, "a number of seconds above zero"),
        ("mode", "slow", "fast or full"),
        ("mode", ["fast"], "fast or full"),
        ("ways", "ab", "some of a, b"),
        ("ways", [], "some of a, b"),
        ("ways", ["c"], "some of a, b"),
        ("ways", [["a"]], "some of a, b"),
        ("prints", ["AB" * 32], "a list of SHA-256 fingerprints"),
        ("files", "x", "a list"),
        ("files", [5], "a list, of which each"),
        ("keys", [("a", "b")], "a dict"),
        ("folder", "", "a path that is not empty"),
        ("even", 3, "even"),
    ],
)
def test_options__a_wrong_one_is_named(name: str, value: object, wanted: str) -> None:
    with pytest.raises(ValueError) as caught:
        example(**{name: value})

    assert str(caught.value).startswith(f"{name}: must be {wanted}")
    assert ";" not in str(caught.value)


def test_options__every_wrong_one_is_named_and_no_value() -> None:
    with pytest.raises(ValueError) as caught:
        example(port=0, note=5, judged_text="must not be so", label="")

    assert [text.split(":")[0] for text in str(caught.value).split("; ")] == [
        "label",
        "note",
        "port",
        "judged_text",
    ]
    assert "s3cret" not in str(caught.value)


def test_options__that_contradict_each_other_are_named() -> None:
    with pytest.raises(ValueError, match="count, port: must go together"):
        example(count=2)
