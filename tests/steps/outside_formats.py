"""Signatures as programs and authorities make them, in shapes that our own maker does not."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, replace

from integrations.kep import cms
from integrations.kep.der import OCTET_STRING, SEQUENCE, SET, context, encode, encode_oid, parse

REVOCATION_VALUES = "1.2.840.113549.1.9.16.2.24"
CERTIFICATE_VALUES = "1.2.840.113549.1.9.16.2.23"
XADES = """<?xml version="1.0" encoding="UTF-8"?>
<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="id-1">
<ds:Object><xades:QualifyingProperties xmlns:xades="http://uri.etsi.org/01903/v1.3.2#"/></ds:Object>
</ds:Signature>"""
PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[0 9 9 9]>>endobj\n%%EOF"
)


def with_unsigned(signature: bytes, *attributes: bytes, indefinite: bool = False) -> bytes:
    """Adds unsigned attributes, which no signature covers.

    Args:
        signature: SignedData with one signer, in DER.
        attributes: Attributes in DER.
        indefinite: Writes the length of their set as BER allows.
    """
    content = b"".join(attributes)
    unsigned = encode(context(1), content)
    if indefinite:
        unsigned = bytes((context(1), 0x80)) + content + b"\0\0"
    outer = list(parse(signature).children())
    body = list(outer[1].only().children())
    [signer] = body[-1].children()
    changed = encode(SEQUENCE, *(part.raw for part in signer.children()), unsigned)
    parts = [part.raw for part in body[:-1]]
    signed = encode(SEQUENCE, *parts, encode(SET, changed))
    return encode(SEQUENCE, encode_oid(cms.SIGNED_DATA), encode(context(0), signed))


def attribute(oid: str, size: int) -> bytes:
    """An attribute of about this many bytes: answers on revocation, certificates, time stamps."""
    answers = [encode(SEQUENCE, encode(OCTET_STRING, bytes(1000))) for _ in range(size // 1000)]
    return encode(SEQUENCE, encode_oid(oid), encode(SET, encode(SEQUENCE, *answers)))


def long_term(signature: bytes) -> bytes:
    """CAdES-XL, as PrivatBank makes it: 21 KB answers on revocation and 2 KB certificates."""
    return with_unsigned(
        signature, attribute(CERTIFICATE_VALUES, 2_000), attribute(REVOCATION_VALUES, 21_400)
    )


@dataclass(frozen=True)
class Zip:
    """An ASiC container; without a type some programs write one too."""

    mime_type: str = "application/vnd.etsi.asic-e+zip"
    signature: str = "META-INF/signatures001.xml"
    content: bytes = XADES.encode()

    def octets(self) -> bytes:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as container:
            if self.mime_type:
                container.writestr("mimetype", self.mime_type, zipfile.ZIP_STORED)
            container.writestr("text-to-sign.txt", b"text")
            container.writestr(self.signature, self.content)
        return archive.getvalue()


def other_formats(signature: bytes) -> dict[str, tuple[bytes, str]]:
    """Samples by name, each with the format that it is recognised as."""
    asic = Zip()
    return {
        "asic-e with xades": (asic.octets(), "ASiC-E"),
        "asic-e with cades": (
            replace(asic, signature="META-INF/signature001.p7s", content=signature).octets(),
            "ASiC-E",
        ),
        "asic-s": (
            Zip("application/vnd.etsi.asic-s+zip", "META-INF/signature.p7s", signature).octets(),
            "ASiC-S",
        ),
        "asic without a type": (replace(asic, mime_type="").octets(), "ASiC-E"),
        "xades": (XADES.encode(), "XAdES"),
        "xades with a mark": (b"\xef\xbb\xbf\n" + XADES.encode(), "XAdES"),
        "xades in utf-16": (XADES.encode("utf-16"), "XAdES"),
        "pades": (PDF, "PDF"),
        "pdf after a line": (b"\r\n" + PDF, "PDF"),
        "ua1_sign": (
            b"UA1_SIGN\0" + len(signature).to_bytes(4, "little") + signature,
            "UA1_SIGN",
        ),
    }
