"""The digest algorithms: a closed list, and the ones that are refused as weak."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

from integrations.kep import gost34311, kupyna
from integrations.kep.der import NULL, Node
from integrations.kep.errors import KepError, Reason

GOST_34311: Final = "1.2.804.2.1.1.1.1.2.1"
KUPYNA_256: Final = "1.2.804.2.1.1.1.1.2.2.1"
KUPYNA_384: Final = "1.2.804.2.1.1.1.1.2.2.2"
KUPYNA_512: Final = "1.2.804.2.1.1.1.1.2.2.3"
SHA_1: Final = "1.3.14.3.2.26"
SHA_256: Final = "2.16.840.1.101.3.4.2.1"
SHA_384: Final = "2.16.840.1.101.3.4.2.2"
SHA_512: Final = "2.16.840.1.101.3.4.2.3"

WEAK: Final = frozenset(
    {
        SHA_1,
        "1.2.840.113549.2.2",  # MD2
        "1.2.840.113549.2.4",  # MD4
        "1.2.840.113549.2.5",  # MD5
        "1.3.36.3.2.1",  # RIPEMD-160
        "2.16.840.1.101.3.4.2.4",  # SHA-224
    }
)

_FUNCTIONS: Final[dict[str, Callable[[bytes], bytes]]] = {
    GOST_34311: gost34311.digest,
    KUPYNA_256: lambda data: kupyna.digest(data, 32),
    KUPYNA_384: lambda data: kupyna.digest(data, 48),
    KUPYNA_512: lambda data: kupyna.digest(data, 64),
    SHA_256: lambda data: hashlib.sha256(data).digest(),
    SHA_384: lambda data: hashlib.sha384(data).digest(),
    SHA_512: lambda data: hashlib.sha512(data).digest(),
}


def require_strong(oid: str) -> str:
    """Return the identifier of an accepted digest algorithm.

    Raises:
        KepError: ``weak_digest`` or ``unsupported_algorithm``.
    """
    if oid in WEAK:
        raise KepError(Reason.WEAK_DIGEST, f"digest {oid}")
    if oid not in _FUNCTIONS:
        raise KepError(Reason.UNSUPPORTED_ALGORITHM, f"digest {oid}")
    return oid


def read_algorithm(node: Node) -> str:
    """Read an AlgorithmIdentifier of a digest: parameters absent or NULL.

    Raises:
        KepError: ``malformed``, ``weak_digest``, ``unsupported_algorithm``, ``bad_parameters``.
    """
    fields = node.fields()
    oid = require_strong(fields.next().oid())
    if any(part.tag != NULL for part in fields.rest()):
        raise KepError(Reason.BAD_PARAMETERS, "digest algorithm with parameters")
    return oid


def compute(oid: str, data: bytes) -> bytes:
    """Return the digest of ``data`` by an algorithm that :func:`require_strong` accepted."""
    return _FUNCTIONS[oid](data)
