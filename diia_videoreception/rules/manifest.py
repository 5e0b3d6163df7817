"""What a citizen signs of an application: a short readable text instead of the files (B-24, B-29).

Signing megabytes with ДСТУ 4145 is slow and ties nobody to more than their SHA-256 does (identity
notes, section C). The same application always gives the same bytes, so whoever has the data and
the files can make the manifest again and compare.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

FORMAT: Final = "diia-videoreception/application-manifest"
VERSION: Final = 1


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


def canonical(values: Mapping[str, object]) -> str:
    """Return one text for equal values."""
    return json.dumps(values, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def sha256(data: bytes) -> str:
    """Return the digest in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
