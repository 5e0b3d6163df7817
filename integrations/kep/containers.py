"""Signatures in formats that this package does not verify, known by their content."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Container(StrEnum):
    """What a file is instead of CMS SignedData."""

    ASIC_E = "ASiC-E"
    ASIC_S = "ASiC-S"
    XADES = "XAdES"
    PDF = "PDF"
    UA1_SIGN = "UA1_SIGN"


REMEDIES: Final = {
    Container.ASIC_E: "unzip it and verify META-INF/*.p7s with the file that it signs, if it has one",
    Container.ASIC_S: "unzip it and verify META-INF/signature.p7s with the one other file",
    Container.XADES: "signatures in XML are not read: sign once more in the format CAdES (p7s)",
    Container.PDF: "signatures inside PDF (PAdES) are not read: sign the file as CAdES (p7s)",
    Container.UA1_SIGN: "SignedData begins after the header of 13 octets: save it by itself",
}
"""What an engineer can do."""

_ZIP: Final = b"PK\x03\x04"
_MIME_TYPES: Final = {
    b"application/vnd.etsi.asic-e+zip": Container.ASIC_E,
    b"application/vnd.etsi.asic-s+zip": Container.ASIC_S,
}
_SIGNATURE_NAMES: Final = (b"META-INF/signature", b"META-INF/Signature")
_XML_SIGNATURES: Final = (b"http://uri.etsi.org/01903/", b"http://www.w3.org/2000/09/xmldsig#")
_WIDE_MARKS: Final = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_PDF_HEAD_OCTETS: Final = 1024
_ZIP_HEAD_OCTETS: Final = 4096


def detect_container(data: bytes) -> Container | None:
    """Name the format of a signature that is no CMS SignedData; None for anything else.

    Args:
        data: The file, or its beginning.
    """
    if data.startswith(_ZIP):
        return _in_zip(data)
    if data.startswith(b"UA1_SIGN"):
        return Container.UA1_SIGN
    if b"%PDF-" in data[:_PDF_HEAD_OCTETS]:
        return Container.PDF
    text = data.removeprefix(b"\xef\xbb\xbf")
    encoding = _WIDE_MARKS.get(data[:2])
    if encoding is not None:
        text = data[2:].decode(encoding, errors="ignore").encode()
    if text[:_ZIP_HEAD_OCTETS].lstrip().startswith(b"<") and any(
        name in text for name in _XML_SIGNATURES
    ):
        return Container.XADES
    return None


def _in_zip(data: bytes) -> Container | None:
    """Go by the type that stands first (ETSI EN 319 162-1, A.1), else by the name of a signature."""
    for mime_type, container in _MIME_TYPES.items():
        if mime_type in data[:_ZIP_HEAD_OCTETS]:
            return container
    return Container.ASIC_E if any(name in data for name in _SIGNATURE_NAMES) else None
