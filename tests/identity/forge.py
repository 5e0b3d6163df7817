"""Tokens as somebody else would make them: every part free, signed without the code under test."""

import base64
import json
from collections.abc import Mapping

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from integrations.identity.signing_keys import SigningKey


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def as_json(value: object) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def es256(key: SigningKey, signing_input: bytes) -> bytes:
    r, s = decode_dss_signature(key.private.sign(signing_input, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def forge(key: SigningKey, header: Mapping[str, object] | bytes, claims: object) -> str:
    """A token of exactly these parts with a good signature; bytes are taken as they are."""
    signing_input = f"{b64(as_json(header))}.{b64(as_json(claims))}"
    return f"{signing_input}.{b64(es256(key, signing_input.encode()))}"


def parts(token: str) -> tuple[dict[str, object], dict[str, object]]:
    """Header and claims of a token, unverified."""
    header, claims, _signature = (
        base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in token.split(".")
    )
    return json.loads(header), json.loads(claims)
