"""The keys with which a portal signs its tokens, and their rotation."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric import ec

from integrations.identity.encoding import decode_base64url, encode_base64url

_NUMBER_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One private key on P-256 with its key id."""

    kid: str
    private: ec.EllipticCurvePrivateKey = field(repr=False)

    def public_jwk(self) -> dict[str, str]:
        """Give the public half, as it stands in the published key set."""
        point = self.private.public_key().public_numbers()
        return {
            "kty": "EC",
            "crv": "P-256",
            "use": "sig",
            "alg": "ES256",
            "kid": self.kid,
            "x": _encode_number(point.x),
            "y": _encode_number(point.y),
        }

    def private_jwk(self) -> dict[str, str]:
        """Give both halves, for the portal's own safe place; never to be published."""
        secret = self.private.private_numbers().private_value
        return {**self.public_jwk(), "d": _encode_number(secret)}

    @classmethod
    def from_private_jwk(cls, jwk: Mapping[str, str]) -> Self:
        """Take a key back from what `private_jwk` gave.

        Raises:
            ValueError: Not such a key, or halves that do not belong together.
        """
        try:
            kid, secret = jwk["kid"], decode_base64url(jwk["d"])
        except KeyError:
            raise ValueError("not a private key with a key id") from None
        key = cls(kid, ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1()))
        if key.private_jwk() != dict(jwk):
            raise ValueError("the members of the private key do not belong together")
        return key


def generate_key() -> SigningKey:
    """Make a new key; its id is the thumbprint of RFC 7638, so two keys never share one."""
    unnamed = SigningKey("", ec.generate_private_key(ec.SECP256R1()))
    jwk = unnamed.public_jwk()
    members = ",".join(f'"{name}":"{jwk[name]}"' for name in ("crv", "kty", "x", "y"))
    thumbprint = sha256(f"{{{members}}}".encode("ascii")).digest()
    return replace(unnamed, kid=encode_base64url(thumbprint))


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """Keys that are published, and the one of them that signs.

    A rotation keeps readers working: `added` publishes the new key, after the readers' cache time
    `activated` signs with it, after the life of the last token `without` withdraws the old one.
    """

    keys: tuple[SigningKey, ...]
    active_kid: str

    def __post_init__(self) -> None:
        kids = [key.kid for key in self.keys]
        if len(set(kids)) != len(kids):
            raise ValueError("two signing keys have the same id")
        if self.active_kid not in kids:
            raise ValueError("the active signing key is not among the keys")

    @property
    def active(self) -> SigningKey:
        """The key that signs now."""
        return next(key for key in self.keys if key.kid == self.active_kid)

    def added(self, key: SigningKey) -> "SigningKeys":
        """Publish one more key, which does not sign yet."""
        return replace(self, keys=(*self.keys, key))

    def activated(self, kid: str) -> "SigningKeys":
        """Sign with another of the keys from now on."""
        return replace(self, active_kid=kid)

    def without(self, kid: str) -> "SigningKeys":
        """Withdraw a key; ValueError for the active one."""
        return replace(self, keys=tuple(key for key in self.keys if key.kid != kid))

    def public_jwks(self) -> dict[str, list[dict[str, str]]]:
        """Give the key set to publish: public halves only."""
        return {"keys": [key.public_jwk() for key in self.keys]}


def _encode_number(number: int) -> str:
    return encode_base64url(number.to_bytes(_NUMBER_BYTES, "big"))
