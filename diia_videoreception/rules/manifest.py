"""What a citizen signs of an application, or of one document: a short text instead of the files (B-24, B-29).

Signing megabytes with ДСТУ 4145 is slow and ties nobody to more than their SHA-256 does (identity
notes, section C). The same application always gives the same bytes, so whoever has the data and
the files can make the manifest again and compare.
"""

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

FORMAT: Final = "diia-videoreception/application-manifest"
VERSION: Final = 1
ENTRIES: Final = {
    "application/pdf": "document.pdf",
    "image/jpeg": "document.jpg",
    "image/png": "document.png",
}
"""Name of a document in its container, by what it is: in plain letters, for whichever program opens it."""


@dataclass(frozen=True, slots=True)
class SignedFile:
    """One document of the application; `sha256` in hexadecimal."""

    name: str
    size: int
    media_type: str
    sha256: str


def manifest_text(
    *, portal: str, number: str, data: Mapping[str, object], files: Sequence[SignedFile]
) -> str:
    """Compose the manifest: JSON in UTF-8 with sorted keys and single line feeds.

    Args:
        portal: Scheme and host of the portal.
        number: Of the application.
        data: What the citizen has filed, JSON values only.
        files: In the order of the application.

    Returns:
        Text whose first character is `{`, so that it is no challenge for signing in (rule C.1).
    """
    return canonical(
        {
            "format": FORMAT,
            "version": VERSION,
            "portal": portal,
            "number": number,
            "data": dict(data),
            "data_sha256": sha256(canonical(data).encode()),
            "files": [asdict(file) for file in files],
        }
    )


def document_manifest(*, number: str, request: str, media_type: str, sha256: str) -> str:
    """Compose what is signed of one document: an `ASiCManifest.xml` of ETSI EN 319 162-1 that holds its digest.

    Args:
        number: Of the application.
        request: Id of what asks for the signature.
        media_type: Of the document, one of `ENTRIES`.
        sha256: Of the document, in hexadecimal.

    Returns:
        Text whose first characters are `<?xml`, so that it is no challenge for signing in.
    """
    digest = b64encode(bytes.fromhex(sha256)).decode()
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- {number}, {request} -->
<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
  <asic:SigReference URI="META-INF/signature.p7s" MimeType="application/pkcs7-signature"/>
  <asic:DataObjectReference URI="{ENTRIES[media_type]}" MimeType="{media_type}">
    <ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>
    <ds:DigestValue>{digest}</ds:DigestValue>
  </asic:DataObjectReference>
</asic:ASiCManifest>
"""


def canonical(values: Mapping[str, object]) -> str:
    """Return one text for equal values."""
    return json.dumps(values, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def sha256(data: bytes) -> str:
    """Return the digest in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
