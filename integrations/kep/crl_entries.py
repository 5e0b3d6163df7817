"""The entries of a revocation list, of which there may be hundreds of thousands."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from datetime import datetime
from typing import Final

from integrations.kep.certificates import read_extensions
from integrations.kep.der import (
    GENERALIZED_TIME,
    INTEGER,
    SEQUENCE,
    UTC_TIME,
    encode,
    encode_integer,
    malformed,
    parse,
)

_UTC_TIME: Final = bytes((UTC_TIME, 13))
_GENERALIZED_TIME: Final = bytes((GENERALIZED_TIME, 15))


class Entries:
    """The entries of one list: each is checked once, and read when its certificate is asked for.

    Only positions are kept: objects for all entries of a large list would take hundreds of
    megabytes.

    Raises:
        KepError: ``malformed``: an entry is not a number, a time and extensions in DER.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._numbers = array("L")
        self._ends = array("L")
        end = 0
        while end < len(content):
            try:
                number, end = _check(content, end)
            except IndexError:
                raise malformed("truncated entry of a CRL") from None
            self._numbers.append(number)
            self._ends.append(end)

    def __len__(self) -> int:
        return len(self._numbers)

    def revocation_date(self, serial: int) -> datetime | None:
        """Return when the certificate with this number was revoked, None if it was not.

        Raises:
            KepError: ``malformed``: its entry.
        """
        wanted = encode_integer(serial)
        position = self._content.find(wanted)
        while position >= 0:
            # The same bytes may stand inside another number, a time or an extension.
            index = bisect_left(self._numbers, position)
            if index < len(self) and self._numbers[index] == position:
                return _read(self._content[position : self._ends[index]])
            position = self._content.find(wanted, position + 1)
        return None


def _check(content: bytes, start: int) -> tuple[int, int]:
    """Return where the number of the entry starts, and where the entry ends.

    One function without calls: it runs for every entry of a list.

    Raises:
        IndexError: The content ends before the entry does.
        KepError: ``malformed``.
    """
    length, number = content[start + 1], start + 2
    if length >= 0x80:
        size = length & 0x7F
        number += size
        length = int.from_bytes(content[start + 2 : number], "big") if 1 <= size <= 3 else 0
    end = number + length
    size = content[number + 1]
    if content[start] != SEQUENCE or content[number] != INTEGER or not 1 <= size < 0x80:
        raise malformed("entry of a CRL")
    first = content[number + 2]
    # A number written in a longer way than ours would not be found.
    if size > 1 and (
        (first == 0 and content[number + 3] < 0x80)
        or (first == 0xFF and content[number + 3] >= 0x80)
    ):
        raise malformed("number in a CRL")
    time = number + 2 + size
    kind = content[time : time + 2]
    if kind not in (_UTC_TIME, _GENERALIZED_TIME):
        raise malformed("time in a CRL")
    extensions = time + 2 + kind[1]
    if extensions > end or end > len(content):
        raise malformed("length of an entry of a CRL")
    if extensions < end and content[extensions] != SEQUENCE:
        raise malformed("extensions in a CRL")
    return number, end


def _read(parts: bytes) -> datetime:
    """Read the parts of an entry; what its extensions say changes nothing here."""
    fields = parse(encode(SEQUENCE, parts)).fields()
    fields.next(INTEGER)
    moment = fields.next().moment()
    extensions = fields.optional(SEQUENCE)
    fields.end()
    if extensions is not None:
        read_extensions(extensions)
    return moment
