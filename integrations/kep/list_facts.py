"""What a trust list says about itself: its number, its dates, and who seems to have signed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from xml.etree.ElementTree import Element

from integrations.kep.armour import decode_lines
from integrations.kep.certificates import Certificate, read_certificate
from integrations.kep.errors import KepError

LIST: Final = "{http://uri.etsi.org/02231/v2#}"
_SIGNATURE: Final = "{http://www.w3.org/2000/09/xmldsig#}"
_MAX_TEXT: Final = 200
_MAX_NUMBER_DIGITS: Final = 9


@dataclass(frozen=True)
class ListFacts:
    """Claims of a list; a bundle of certificates makes none.

    Attributes:
        operator: Who publishes it.
        sequence: Its number; a newer list has a greater one.
        issued: When it was published.
        next_update: Until when the next one is due.
        signed: Whether there is a signature; it is not verified here.
        signer: The certificate that the signature carries along.
    """

    operator: str = ""
    sequence: int | None = None
    issued: datetime | None = None
    next_update: datetime | None = None
    signed: bool = False
    signer: Certificate | None = None


def read_facts(root: Element) -> ListFacts:
    """Read them from the root of a list in XML; what makes no sense is left out."""
    about = root.find(f"{LIST}SchemeInformation")
    signature = root.find(f"{_SIGNATURE}Signature")
    facts = ListFacts(signed=signature is not None, signer=_signer(signature))
    if about is None:
        return facts
    number = text_of(about, "TSLSequenceNumber")
    readable = number.isascii() and number.isdigit() and len(number) <= _MAX_NUMBER_DIGITS
    return ListFacts(
        operator=text_of(about, "SchemeOperatorName", "Name")[:_MAX_TEXT],
        sequence=int(number) if readable else None,
        issued=_moment(text_of(about, "ListIssueDateTime")),
        next_update=_moment(text_of(about, "NextUpdate", "dateTime")),
        signed=facts.signed,
        signer=facts.signer,
    )


def warnings_of(facts: ListFacts, now: datetime) -> list[str]:
    """Tell a reviewer what should make them look twice."""
    warnings = []
    if not facts.signed:
        warnings.append("the list is not signed: compare its digest with the published one")
    if facts.next_update is None:
        warnings.append("the list does not say until when it is current")
    elif facts.next_update < now:
        warnings.append(
            f"the list is old: the next one was due on {facts.next_update:%Y-%m-%d}, take that"
        )
    if facts.issued is not None and facts.issued > now:
        warnings.append(f"the list was issued in the future, on {facts.issued:%Y-%m-%d}")
    return warnings


def text_of(element: Element, *names: str) -> str:
    """Return the text of what lies below an element of a list; empty where there is none."""
    found = element.find("/".join(LIST + name for name in names))
    return "" if found is None or found.text is None else found.text.strip()


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _signer(signature: Element | None) -> Certificate | None:
    names = ("KeyInfo", "X509Data", "X509Certificate")
    path = "/".join(_SIGNATURE + name for name in names)
    found = None if signature is None else signature.find(path)
    if found is None:
        return None
    try:
        return read_certificate(decode_lines(found.text or ""))
    except (ValueError, KepError):
        return None
