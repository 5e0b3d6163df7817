"""A small reader of BER and DER.

The structures we read are few and some of their parts are hashed exactly as received, so elements
keep their bytes. The reader knows nothing but one-byte tags, has no recursion beyond a fixed
depth, and takes time linear in the input; every refusal is a :class:`KepError` ``malformed``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from integrations.kep.errors import KepError, Reason

BOOLEAN: Final = 0x01
INTEGER: Final = 0x02
BIT_STRING: Final = 0x03
OCTET_STRING: Final = 0x04
NULL: Final = 0x05
OID: Final = 0x06
ENUMERATED: Final = 0x0A
UTC_TIME: Final = 0x17
GENERALIZED_TIME: Final = 0x18
SEQUENCE: Final = 0x30
SET: Final = 0x31

_CONSTRUCTED: Final = 0x20
_MAX_DEPTH: Final = 16
_MAX_ELEMENTS: Final = 4096
_MAX_WALKED: Final = 16384
"""Elements of an indefinite length that are passed on the way to its end."""
_MAX_INTEGER_BYTES: Final = 1100
_MAX_OID_BYTES: Final = 40
_ENCODINGS: Final = {
    0x0C: "utf-8",
    0x12: "ascii",
    0x13: "ascii",
    0x14: "latin-1",
    0x16: "ascii",
    0x1A: "ascii",
    0x1C: "utf-32-be",
    0x1E: "utf-16-be",
}
_TIME: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d{1,9})?Z", re.ASCII)


def context(number: int, *, constructed: bool = True) -> int:
    """Return the tag byte [number]."""
    return 0x80 | (_CONSTRUCTED if constructed else 0) | number


def malformed(detail: str) -> KepError:
    """Return the error for bytes that do not follow the expected structure."""
    return KepError(Reason.MALFORMED, detail)


@dataclass(frozen=True, slots=True)
class Node:
    """One element: its tag byte, its contents and all of its bytes as received."""

    tag: int
    content: bytes
    raw: bytes
    definite: bool = True

    def require(self, tag: int) -> Node:
        """Return the element itself when it has this tag.

        Raises:
            KepError: ``malformed``.
        """
        if self.tag != tag:
            raise malformed(f"expected tag {tag:#04x}, found {self.tag:#04x}")
        return self

    def children(self) -> Iterator[Node]:
        """Yield the elements inside a constructed element."""
        if not self.tag & _CONSTRUCTED:
            raise malformed("a primitive element has no parts")
        position = count = 0
        while position < len(self.content):
            node, position = _element(self.content, position)
            count += 1
            if count > _MAX_ELEMENTS:
                raise malformed("too many elements")
            yield node

    def fields(self, tag: int = SEQUENCE) -> Fields:
        """Start reading the parts of this element one by one."""
        return Fields(self.require(tag))

    def only(self) -> Node:
        """Return the single part of a constructed element."""
        [node] = self._exactly(1)
        return node

    def _exactly(self, count: int) -> list[Node]:
        nodes = list(self.children())
        if len(nodes) != count:
            raise malformed(f"expected {count} element, found {len(nodes)}")
        return nodes

    def oid(self) -> str:
        """Read an OBJECT IDENTIFIER in dotted form."""
        data = self.require(OID).content
        if not data or data[-1] & 0x80 or len(data) > _MAX_OID_BYTES:
            raise malformed("object identifier")
        arcs: list[int] = []
        value = 0
        for byte in data:
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                arcs.append(value)
                value = 0
        first = min(arcs[0] // 40, 2)
        return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))

    def integer(self, tag: int = INTEGER) -> int:
        """Read an INTEGER (or ENUMERATED)."""
        data = self.require(tag).content
        if not 0 < len(data) <= _MAX_INTEGER_BYTES:
            raise malformed("integer")
        return int.from_bytes(data, "big", signed=True)

    def boolean(self) -> bool:
        """Read a BOOLEAN."""
        data = self.require(BOOLEAN).content
        if len(data) != 1:
            raise malformed("boolean")
        return data != b"\x00"

    def octets(self, tag: int = OCTET_STRING) -> bytes:
        """Read an OCTET STRING, in one piece or (BER) in several."""
        if self.tag == tag | _CONSTRUCTED:
            return b"".join(part.require(OCTET_STRING).content for part in self.children())
        return self.require(tag).content

    def bits(self) -> bytes:
        """Read a BIT STRING that fills whole bytes."""
        content = self.require(BIT_STRING).content
        if not content or content[0]:
            raise malformed("bit string")
        return content[1:]

    def flags(self) -> frozenset[int]:
        """Read a BIT STRING of named bits as the set of their numbers."""
        content = self.require(BIT_STRING).content
        if not 1 <= len(content) <= 5 or content[0] > 7:
            raise malformed("named bits")
        data = content[1:]
        return frozenset(i for i in range(8 * len(data)) if data[i // 8] >> (7 - i % 8) & 1)

    def text(self) -> str:
        """Read any of the usual character strings."""
        encoding = _ENCODINGS.get(self.tag)
        if encoding is None:
            raise malformed("not a character string")
        try:
            return self.content.decode(encoding)
        except UnicodeDecodeError as error:
            raise malformed("characters") from error

    def moment(self) -> datetime:
        """Read UTCTime or GeneralizedTime in Zulu time."""
        text = self.content.decode("latin-1")
        if self.tag == UTC_TIME:
            text = ("19" if text[:2] >= "50" else "20") + text
        elif self.tag != GENERALIZED_TIME:
            raise malformed("not a time")
        match = _TIME.fullmatch(text)
        if match is None:
            raise malformed("time")
        year, month, day, hour, minute, second = map(int, match.groups())
        try:
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError as error:
            raise malformed("time") from error


class Fields:
    """Reads the parts of a SEQUENCE in order, optional ones by their tag."""

    def __init__(self, node: Node) -> None:
        self._parts = list(node.children())
        self._position = 0

    def next(self, tag: int | None = None) -> Node:
        """Take the next part, which must exist and have the tag if one is given."""
        if self._position == len(self._parts):
            raise malformed("a part is missing")
        node = self._parts[self._position]
        self._position += 1
        return node if tag is None else node.require(tag)

    def optional(self, *tags: int) -> Node | None:
        """Take the next part if there is one with such a tag."""
        if self._position < len(self._parts) and self._parts[self._position].tag in tags:
            return self.next()
        return None

    def rest(self) -> list[Node]:
        """Take everything that is left."""
        rest = self._parts[self._position :]
        self._position = len(self._parts)
        return rest

    def end(self) -> None:
        """Make sure that nothing is left."""
        if self._position != len(self._parts):
            raise malformed("unexpected part")


def parse(data: bytes, tag: int | None = None) -> Node:
    """Read the one element that fills ``data``.

    Args:
        data: The bytes.
        tag: The tag that it must have, where that tells a message from any other file.

    Raises:
        KepError: ``malformed``, or ``trailing_data`` when bytes follow the element.
    """
    node, end = _element(data, 0)
    if tag is not None:
        node.require(tag)
    if end != len(data):
        raise KepError(Reason.TRAILING_DATA, f"{len(data) - end} octets after the element")
    return node


def encode(tag: int, *parts: bytes) -> bytes:
    """Return one DER element with the parts as its contents."""
    content = b"".join(parts)
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    size = (length.bit_length() + 7) // 8
    return bytes((tag, 0x80 | size)) + length.to_bytes(size, "big") + content


def encode_integer(value: int) -> bytes:
    """Return the DER of an INTEGER."""
    size = (value if value >= 0 else ~value).bit_length() // 8 + 1
    return encode(INTEGER, value.to_bytes(size, "big", signed=True))


def encode_oid(dotted: str) -> bytes:
    """Return the DER of an OBJECT IDENTIFIER."""
    first, second, *others = map(int, dotted.split("."))
    data = bytearray()
    for arc in (40 * first + second, *others):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | arc & 0x7F)
        data += bytes(reversed(groups))
    return encode(OID, bytes(data))


def _element(data: bytes, start: int) -> tuple[Node, int]:
    tag, content, end = _header(data, start)
    if end is not None:
        return Node(tag, data[content:end], data[start:end]), end
    end = _indefinite_end(data, content)
    return Node(tag, data[content : end - 2], data[start:end], definite=False), end


def _header(data: bytes, start: int) -> tuple[int, int, int | None]:
    """Read tag and length: (tag byte, start of contents, end or None if indefinite)."""
    if start + 2 > len(data):
        raise malformed("truncated")
    tag, length = data[start], data[start + 1]
    if tag & 0x1F == 0x1F:
        raise malformed("long tag")
    content = start + 2
    if length == 0x80:
        if not tag & _CONSTRUCTED:
            raise malformed("indefinite length of a primitive element")
        return tag, content, None
    if length > 0x80:
        size = length & 0x7F
        if size > 4:
            raise malformed("length")
        length = int.from_bytes(data[content : content + size], "big")
        content += size
    end = content + length
    if end > len(data):
        raise malformed("truncated")
    return tag, content, end


def _indefinite_end(data: bytes, position: int) -> int:
    """Return the position after the end-of-contents bytes.

    Each level that is read looks for its end anew, so the elements on the way are counted.
    """
    depth, walked = 1, 0
    while depth:
        if data[position : position + 2] == b"\x00\x00":
            position += 2
            depth -= 1
            continue
        walked += 1
        if walked > _MAX_WALKED:
            raise malformed("too many elements")
        _, content, end = _header(data, position)
        if end is None:
            depth += 1
            if depth > _MAX_DEPTH:
                raise malformed("nested too deeply")
        position = content if end is None else end
    return position
