"""Public keys of those whose tokens we read."""

from collections.abc import Mapping
from typing import Final, Protocol

from cryptography.hazmat.primitives.asymmetric import ec

from integrations.identity.base import IdentityError
from integrations.identity.encoding import decode_base64url
from integrations.identity.reasons import SignInRefusal

_MAX_KEYS: Final = 32
_MAX_KID: Final = 128
_COORDINATE_BYTES: Final = 32
_SECRET_MEMBERS: Final = frozenset({"d", "k", "p", "q", "dp", "dq", "qi", "oth"})

PublicKeys = Mapping[str, ec.EllipticCurvePublicKey]


class KeySet(Protocol):
    """Where a reader of tokens finds the key that a token names."""

    def find(self, kid: str) -> ec.EllipticCurvePublicKey:
        """Give the key with exactly this id.

        Raises:
            IdentityError: `unknown_key`, or `keys_unavailable` when there is no key set to ask.
        """

    def problems(self) -> list[str]:
        """Return what is wrong with the set as it is now, as msgids; asks nobody."""


def parse_jwks(document: Mapping[str, object]) -> PublicKeys:
    """Read a JWK Set (RFC 7517) and keeps the keys that may sign ES256.

    Keys for other uses and algorithms are passed over: a portal may publish them beside ours.

    Raises:
        ValueError: Not a key set; a private or symmetric key in it, which by that is lost; one id
            for two of our keys; a point that is not on the curve; no usable key at all.
    """
    entries = document.get("keys")
    if not isinstance(entries, list) or len(entries) > _MAX_KEYS:
        raise ValueError("not a key set")
    keys: dict[str, ec.EllipticCurvePublicKey] = {}
    for entry in entries:
        if not isinstance(entry, dict):
            raise ValueError("not a key set")
        if not _SECRET_MEMBERS.isdisjoint(entry):
            raise ValueError("the key set holds a private key")
        if not _signs_es256(entry):
            continue
        kid = entry.get("kid")
        if not isinstance(kid, str) or not 0 < len(kid) <= _MAX_KID or kid in keys:
            raise ValueError("a key without an id of its own")
        keys[kid] = _public_key(entry)
    if not keys:
        raise ValueError("no key for ES256 in the key set")
    return keys


def _signs_es256(entry: Mapping[str, object]) -> bool:
    return (
        entry.get("kty") == "EC"
        and entry.get("crv") == "P-256"
        and entry.get("use") == "sig"
        and entry.get("alg", "ES256") == "ES256"
    )


def _public_key(entry: Mapping[str, object]) -> ec.EllipticCurvePublicKey:
    coordinates = []
    for name in ("x", "y"):
        text = entry.get(name)
        data = decode_base64url(text) if isinstance(text, str) else b""
        if len(data) != _COORDINATE_BYTES:
            raise ValueError("a coordinate of the key is not 32 bytes")
        coordinates.append(data)
    # The uncompressed point of SEC 1; loading it checks that it lies on the curve.
    point = b"\x04" + b"".join(coordinates)
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)


class LocalKeySet:
    """A key set that stands in the settings."""

    def __init__(self, document: Mapping[str, object]) -> None:
        self._keys = parse_jwks(document)

    def find(self, kid: str) -> ec.EllipticCurvePublicKey:
        """See `KeySet.find`."""
        try:
            return self._keys[kid]
        except KeyError:
            raise IdentityError(SignInRefusal.UNKNOWN_KEY) from None

    def problems(self) -> list[str]:
        """See `KeySet.problems`; a set that was read has none."""
        return []
