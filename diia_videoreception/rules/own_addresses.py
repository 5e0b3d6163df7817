"""Addresses in what an agency types for its letters: which of them lead away from the portal.

Mail programs make links of plain text, each by rules of its own: where one of them would see an address,
there is one.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

PUBLIC_MAIL = frozenset(
    {
        "gmail.com",
        "hotmail.com",
        "i.ua",
        "icloud.com",
        "live.com",
        "meta.ua",
        "online.ua",
        "outlook.com",
        "proton.me",
        "protonmail.com",
        "ukr.net",
        "yahoo.com",
    }
)
"""Where anybody has a mailbox: who has one there has no more than it."""

_CYRILLIC_DOMAINS = "бг|бел|дети|ею|католик|ком|мкд|мон|москва|онлайн|орг|рус|рф|сайт|срб|укр|қаз"
_TOP = rf"(?:[a-z]{{2,24}}|xn--[a-z0-9-]{{2,59}}|{_CYRILLIC_DOMAINS})(?![\w-])"
# Where some mail program ends an address, so that another may follow.
_ENDS = r"\s<>\"'`«»„“”‚‘’()\[\]{}|^,;"
_ON = f"[^{_ENDS}]"
_BEGIN = rf"(?:(?<![\w@.-])|(?<=[{_ENDS}]\.))"
# A scheme, "www." or a name with a known top-level domain; then mail addresses.
_ADDRESS = re.compile(
    rf"[a-z][a-z0-9+.-]{{1,20}}://{_ON}*|www\.{_ON}+|{_BEGIN}(?:[\w-]{{1,63}}\.){{1,8}}{_TOP}(?:[/:?#]{_ON}*)?"
    r"|(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,24}",
    re.IGNORECASE,
)
_HOST = re.compile(r"([\w.-]+?)(?::[0-9]{1,5})?[.:!?…]*")
_IDEOGRAPHIC_STOP = "\u3002"
_STAND_IN = 0x4E00
"""Letters that stand for what is filled in: of these no address is made."""


def own_domains(host: str, mail: str) -> frozenset[str]:
    """Return where the letters of an agency may lead: the portal, and the domain of the agency's mail.

    Of a domain where anybody has a mailbox it is that mailbox alone.
    """
    domain = mail.rpartition("@")[2].casefold()
    agency = mail.casefold() if domain in PUBLIC_MAIL else domain
    return frozenset(one for one in (host.casefold(), agency) if one)


def foreign_addresses(
    pieces: Sequence[str], *, filled: Sequence[str], own: frozenset[str]
) -> list[str]:
    """Return the addresses of a line that lead elsewhere.

    What is filled in may be nothing, or any word: an address that comes together only then counts too.

    Args:
        pieces: What is typed before, between and behind the placeholders.
        filled: The placeholders between the pieces, as they are typed.
        own: As `own_domains`.
    """
    stand_ins = [chr(_STAND_IN + number) for number in range(len(filled))]
    for between in ([" "] * len(filled), [""] * len(filled), stand_ins):
        line = "".join(piece + more for piece, more in zip(pieces, [*between, ""], strict=True))
        found = [_as_typed(one, filled) for one in _foreign(line, own)]
        if found:
            return found
    return []


def _foreign(line: str, own: frozenset[str]) -> Iterator[str]:
    plain = unicodedata.normalize("NFKC", line.replace(_IDEOGRAPHIC_STOP, "."))
    for found in _ADDRESS.finditer(plain):
        if not _is_own(found[0].casefold(), own):
            yield found[0]


def _is_own(address: str, own: frozenset[str]) -> bool:
    scheme, separator, rest = address.partition("://")
    if separator and scheme not in {"https", "http"}:
        return False
    place = re.split(r"[/?#\\]", rest if separator else address, maxsplit=1)[0]
    if not separator and place in own:
        return True
    # A name before "@" in the address of a page hides where it leads.
    host = _HOST.fullmatch(place if separator else place.rpartition("@")[2])
    return host is not None and any(
        host[1] == one or host[1].endswith(f".{one}") for one in own if "@" not in one
    )


def _as_typed(address: str, filled: Sequence[str]) -> str:
    for number, placeholder in enumerate(filled):
        address = address.replace(chr(_STAND_IN + number), placeholder)
    return address
