"""The one door to python-jose: signed tokens, read by rules that the token cannot choose.

The library alone would let the header pick the algorithm, try every key, and accept a token
without audience or expiry; RFC 8725 lists why none of that may be. Only ES256 (RFC 7518), only
the three-part form, only the members named here.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import jose.backends
from jose import jws
from jose.backends.cryptography_backend import CryptographyECKey
from jose.exceptions import JOSEError

from integrations.identity.base import IdentityError
from integrations.identity.encoding import decode_base64url, decode_json_object
from integrations.identity.jwks import KeySet
from integrations.identity.reasons import SignInRefusal
from integrations.identity.signing_keys import SigningKey

ALGORITHM: Final = "ES256"
MAX_TOKEN_BYTES: Final = 8192
# How far the issuer's clock may be ahead. An expiry gets none: whoever remembers used tokens until
# they expire would otherwise forget them while they are still accepted.
LEEWAY: Final = timedelta(seconds=30)

_HEADER_MEMBERS: Final = frozenset({"alg", "kid", "typ"})
_PRINTABLE_ASCII: Final = re.compile(r"[\x21-\x7e]{1,255}")
_LATEST: Final = int(datetime(9999, 1, 1, tzinfo=UTC).timestamp())


def require_cryptography_backend() -> None:
    """Make sure that signatures are computed by `cryptography`.

    python-jose falls back to the `ecdsa` package without a word, and that one leaks keys by timing
    (CVE-2024-23342).

    Raises:
        ImportError: The other backend is active.
    """
    if jose.backends.ECKey is not CryptographyECKey:
        raise ImportError("python-jose must be installed with its cryptography backend")


require_cryptography_backend()


def sign(claims: Mapping[str, object], *, key: SigningKey, typ: str) -> str:
    """Make a token of `claims`, which are taken as they are."""
    headers = {"typ": typ, "kid": key.kid}
    token: str = jws.sign(claims, key.private, headers=headers, algorithm=ALGORITHM)
    return token


def read(
    token: str,
    *,
    keys: KeySet,
    typ: str,
    issuer: str,
    audience: str,
    max_lifetime: timedelta,
    now: datetime,
) -> Mapping[str, object]:
    """Verify a token and give its claims.

    `iss`, `aud`, `sub`, `jti`, `iat` and `exp` are there and of the right type afterwards; the
    others are only signed, not checked.

    Raises:
        IdentityError: Any other token; its `reason` tells which check failed.
    """
    header = _read_header(token, typ=typ)
    key = keys.find(_text(header, "kid", SignInRefusal.WRONG_HEADER))
    try:
        payload: bytes = jws.verify(token, key, algorithms=[ALGORITHM])
    except JOSEError:
        raise IdentityError(SignInRefusal.BAD_SIGNATURE) from None
    try:
        claims = decode_json_object(payload)
    except ValueError:
        raise IdentityError(SignInRefusal.MALFORMED, "payload") from None
    _check_parties(claims, issuer=issuer, audience=audience)
    _check_times(claims, max_lifetime=max_lifetime, now=now)
    return claims


def moment(claims: Mapping[str, object], name: str) -> datetime:
    """Read a claim that is a whole number of seconds since 1970 (RFC 7519 NumericDate).

    Raises:
        IdentityError: `missing_claim` or `bad_claim`.
    """
    value = _require(claims, name)
    # True is an int for Python, but no moment.
    if type(value) is not int or not 0 < value < _LATEST:
        raise IdentityError(SignInRefusal.BAD_CLAIM, name)
    return datetime.fromtimestamp(value, UTC)


def _read_header(token: str, *, typ: str) -> Mapping[str, object]:
    if len(token) > MAX_TOKEN_BYTES:
        raise IdentityError(SignInRefusal.TOKEN_TOO_LARGE)
    if token.count(".") == 4:
        raise IdentityError(SignInRefusal.ENCRYPTED_TOKEN)
    try:
        header_bytes, _payload, _signature = map(decode_base64url, token.split("."))
        header = decode_json_object(header_bytes)
    except ValueError:
        raise IdentityError(SignInRefusal.MALFORMED, "header") from None
    if header.get("alg") != ALGORITHM:
        raise IdentityError(SignInRefusal.WRONG_ALGORITHM)
    if "crit" in header:
        raise IdentityError(SignInRefusal.CRITICAL_EXTENSION)
    if header.keys() != _HEADER_MEMBERS:
        raise IdentityError(SignInRefusal.WRONG_HEADER)
    if header["typ"] != typ:
        raise IdentityError(SignInRefusal.WRONG_TYPE)
    return header


def _check_parties(claims: Mapping[str, object], *, issuer: str, audience: str) -> None:
    if _require(claims, "iss") != issuer:
        raise IdentityError(SignInRefusal.WRONG_ISSUER)
    # A list of audiences would make the token good elsewhere too.
    if _require(claims, "aud") != audience:
        raise IdentityError(SignInRefusal.WRONG_AUDIENCE)
    _text(claims, "sub", SignInRefusal.BAD_CLAIM)
    _text(claims, "jti", SignInRefusal.BAD_CLAIM)


def _check_times(claims: Mapping[str, object], *, max_lifetime: timedelta, now: datetime) -> None:
    issued, expires = moment(claims, "iat"), moment(claims, "exp")
    if issued > now + LEEWAY:
        raise IdentityError(SignInRefusal.NOT_YET_VALID, "iat")
    if "nbf" in claims and moment(claims, "nbf") > now + LEEWAY:
        raise IdentityError(SignInRefusal.NOT_YET_VALID, "nbf")
    if expires <= now:
        raise IdentityError(SignInRefusal.EXPIRED)
    if expires - issued > max_lifetime:
        raise IdentityError(SignInRefusal.LIFETIME_TOO_LONG)


def _require(claims: Mapping[str, object], name: str) -> object:
    try:
        return claims[name]
    except KeyError:
        raise IdentityError(SignInRefusal.MISSING_CLAIM, name) from None


def _text(members: Mapping[str, object], name: str, reason: SignInRefusal) -> str:
    value = _require(members, name)
    if not isinstance(value, str) or not _PRINTABLE_ASCII.fullmatch(value):
        raise IdentityError(reason, name)
    return value
