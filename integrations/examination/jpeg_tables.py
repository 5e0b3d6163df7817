"""The tables of a JPEG (ITU-T T.81, B.2.4): which of them its scans use; the others could hold anything."""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from integrations.examination.jpeg_segments import MAX_SEGMENTS, JpegDamaged

HUFFMAN: Final = 0xC4
ARITHMETIC: Final = 0xCC
QUANTISATION: Final = 0xDB
RESTART_INTERVAL: Final = 0xDD
TABLES: Final = frozenset({HUFFMAN, ARITHMETIC, QUANTISATION, RESTART_INTERVAL})
MAX_TABLES: Final = MAX_SEGMENTS
"""Many may stand in one segment; encoders write a few for each scan."""

_PROGRESSIVE: Final = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_DC, _AC = 0x00, 0x10
"""The class of an entropy table, in the upper half of the octet that names it (Tc)."""


@dataclass(slots=True)
class Table:
    """One table as it stands in its segment, and whether a scan has used it."""

    content: bytes
    is_used: bool = False


class Tables:
    """Follows tables, frame and scans in their order; tells afterwards what was used."""

    def __init__(self) -> None:
        self.is_overdrawn = False
        """Whether a scan of a sequential frame draws what an earlier one has drawn, and so hides that."""
        self._count = 0
        self._current: dict[tuple[int, int], Table] = {}
        self._quantisation: dict[int, int] = {}
        self._drawn: set[int] = set()
        self._is_progressive = False

    def define(self, code: int, payload: bytes) -> list[Table]:
        """Take the tables of one segment; each counts until another of its name stands in its place.

        Raises:
            JpegDamaged: The segment is cut short, or there are absurdly many tables.
        """
        tables = []
        for name, content in _split(code, payload):
            self._count += 1
            if self._count > MAX_TABLES:
                raise JpegDamaged("too many tables")
            table = Table(content)
            self._current[(code, name)] = table
            tables.append(table)
        return tables

    def frame(self, code: int, payload: bytes) -> None:
        """Take the head of the frame (B.2.2): which component is quantised by which table.

        Raises:
            JpegDamaged: The head is not as long as it says.
        """
        self._is_progressive = code in _PROGRESSIVE
        if len(payload) < 6 or len(payload) != 6 + 3 * payload[5]:
            raise JpegDamaged("the head of the frame has another length")
        for component, _, table in struct.iter_unpack("BBB", payload[6:]):
            self._quantisation[component] = table

    def scan(self, payload: bytes) -> None:
        """Mark what a scan uses, by its head (B.2.3).

        Raises:
            JpegDamaged: The head is not as long as it says.
        """
        count = payload[0] if payload else 0
        if len(payload) != 4 + 2 * count:
            raise JpegDamaged("the head of a scan has another length")
        start, _, approximation = payload[-3:]
        has_dc = not self._is_progressive or (start == 0 and approximation >> 4 == 0)
        has_ac = not self._is_progressive or start > 0
        self._use(RESTART_INTERVAL, 0)
        for component, selectors in struct.iter_unpack("BB", payload[1:-3]):
            if component not in self._drawn:
                # Decoders keep this table for all scans of the component.
                self._use(QUANTISATION, self._quantisation.get(component, 0))
            elif not self._is_progressive:
                self.is_overdrawn = True
            self._drawn.add(component)
            for code in (HUFFMAN, ARITHMETIC):
                if has_dc:
                    self._use(code, _DC | selectors >> 4)
                if has_ac:
                    self._use(code, _AC | selectors & 0x0F)

    def _use(self, code: int, name: int) -> None:
        table = self._current.get((code, name))
        if table is not None:
            table.is_used = True


def used(tables: Iterable[Table]) -> bytes:
    """Return what is left of a segment without the tables that nobody has used."""
    return b"".join(table.content for table in tables if table.is_used)


def _split(code: int, payload: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the name of each table of a segment and its octets, its name among them."""
    position = 0
    while position < len(payload):
        name, length = payload[position], _length(code, payload, position)
        if position + length > len(payload):
            raise JpegDamaged("a table is cut short")
        key = 0 if code == RESTART_INTERVAL else name & 0x0F if code == QUANTISATION else name
        yield key, payload[position : position + length]
        position += length


def _length(code: int, payload: bytes, position: int) -> int:
    if code == HUFFMAN:
        return 17 + sum(payload[position + 1 : position + 17])
    if code == QUANTISATION:
        return 1 + 64 * (2 if payload[position] >> 4 else 1)
    return 2
