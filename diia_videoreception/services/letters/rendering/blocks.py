"""What a letter is made of. The text part and the HTML part say the same, being made of the same blocks.

Each block writes itself as plain text; templates/diia_videoreception/letters/ turn it into HTML by
its `kind`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol


class Block(Protocol):
    kind: ClassVar[str]

    def as_text(self) -> str:
        """Return the block as a part of the plain text."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    kind: ClassVar[str] = "paragraph"
    text: str

    def as_text(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Notice:
    """A paragraph that must not be overlooked."""

    kind: ClassVar[str] = "notice"
    text: str

    def as_text(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Heading:
    kind: ClassVar[str] = "heading"
    text: str

    def as_text(self) -> str:
        return self.text.upper()


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values; a value may have several lines."""

    kind: ClassVar[str] = "facts"
    rows: Sequence[tuple[str, str]]

    def as_text(self) -> str:
        return "\n".join(f"{label}: {_indented(value)}" for label, value in self.rows)


def _indented(value: str) -> str:
    lines = value.splitlines()
    if len(lines) < 2:
        return value
    return "\n" + "\n".join(f"  {line}" for line in lines)


@dataclass(frozen=True, slots=True)
class Steps:
    """What to do one after another."""

    kind: ClassVar[str] = "steps"
    items: Sequence[str]

    def as_text(self) -> str:
        return "\n".join(f"{number}. {item}" for number, item in enumerate(self.items, start=1))


@dataclass(frozen=True, slots=True)
class Items:
    kind: ClassVar[str] = "items"
    items: Sequence[str]

    def as_text(self) -> str:
        return "\n".join(f"— {item}" for item in self.items)


@dataclass(frozen=True, slots=True)
class Link:
    kind: ClassVar[str] = "link"
    text: str
    url: str

    def as_text(self) -> str:
        return f"{self.text}:\n{self.url}"


@dataclass(frozen=True, slots=True)
class Code:
    """A short code to be typed elsewhere."""

    kind: ClassVar[str] = "code"
    text: str = field(repr=False)

    def as_text(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Wording:
    """A letter in words: subject of at most 60 characters, title, and its blocks in order."""

    subject: str
    title: str
    blocks: Sequence[Block] = field(repr=False)
