"""Rules of the one door to tokens (RFC 8725), each tried with a token that breaks only it."""

import hmac
import json
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, TypeAlias

import jose.backends
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jose import jwe, jws
from jose.backends.ecdsa_backend import ECDSAECKey

from integrations.identity.base import IdentityError
from integrations.identity.jwks import LocalKeySet
from integrations.identity.jwt import (
    LEEWAY,
    MAX_TOKEN_BYTES,
    read,
    require_cryptography_backend,
    sign,
)
from integrations.identity.signing_keys import SigningKey, SigningKeys, generate_key
from tests.identity.forge import as_json, b64, es256, forge
from tests.steps.identity import AUDIENCE, ISSUER, NOW

Claims: TypeAlias = dict[str, Any]
ReadToken: TypeAlias = Callable[..., Mapping[str, object]]
Refused: TypeAlias = Callable[..., None]

TYP = "test+jwt"
LIFETIME = timedelta(minutes=2)
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
START = int(NOW.timestamp())


@pytest.fixture
def claims() -> Claims:
    return {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "person-1",
        "jti": "token-1",
        "iat": START,
        "exp": START + 120,
    }


@pytest.fixture
def header(key: SigningKey) -> Claims:
    return {"alg": "ES256", "kid": key.kid, "typ": TYP}


@pytest.fixture
def read_token(keys: SigningKeys) -> ReadToken:
    key_set = LocalKeySet(keys.public_jwks())

    def _read(token: str, now: datetime = NOW) -> Mapping[str, object]:
        return read(
            token,
            keys=key_set,
            typ=TYP,
            issuer=ISSUER,
            audience=AUDIENCE,
            max_lifetime=LIFETIME,
            now=now,
        )

    return _read


@pytest.fixture
def refused(read_token: ReadToken) -> Refused:
    def _refused(token: str, reason: str, detail: str | None = None, now: datetime = NOW) -> None:
        with pytest.raises(IdentityError) as refusal:
            read_token(token, now)
        assert refusal.value.reason == reason
        assert refusal.value.code == "identity_refused"
        if detail is not None:
            assert refusal.value.detail == detail
        # Neither the message nor the chain behind it may carry what the token says.
        assert refusal.value.__cause__ is None
        assert refusal.value.__suppress_context__ or refusal.value.__context__ is None

    return _refused


def test_read__gives_the_claims_of_a_good_token(
    read_token: ReadToken, key: SigningKey, claims: Claims
) -> None:
    token = sign({**claims, "note": "Їжак"}, key=key, typ=TYP)
    assert read_token(token) == {**claims, "note": "Їжак"}


def test_read__accepts_what_an_independent_signer_makes(
    read_token: ReadToken, key: SigningKey, header: Claims, claims: Claims
) -> None:
    assert read_token(forge(key, header, claims)) == claims


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", ""])
@pytest.mark.parametrize("signed", [True, False])
def test_algorithm__none_is_refused(
    refused: Refused, key: SigningKey, header: Claims, claims: Claims, alg: object, signed: bool
) -> None:
    token = forge(key, {**header, "alg": alg}, claims)
    refused(token if signed else token.rsplit(".", 1)[0] + ".", "wrong_algorithm")


@pytest.mark.parametrize("alg", ["ES384", "es256", "RS256", "PS256", "HS512", 256, ["ES256"], None])
def test_algorithm__only_es256(
    refused: Refused, key: SigningKey, header: Claims, claims: Claims, alg: object
) -> None:
    refused(forge(key, {**header, "alg": alg}, claims), "wrong_algorithm")


def test_algorithm__is_pinned_in_the_library_too(
    monkeypatch: pytest.MonkeyPatch,
    read_token: ReadToken,
    key: SigningKey,
    header: Claims,
    claims: Claims,
) -> None:
    asked: list[object] = []
    verify = jws.verify

    def spy(token: str, key: SigningKey, algorithms: object, **options: object) -> Any:
        asked.append((key, algorithms, options))
        return verify(token, key, algorithms, **options)

    monkeypatch.setattr(jws, "verify", spy)
    read_token(forge(key, header, claims))
    assert asked == [(key.private.public_key(), ["ES256"], {})]


@pytest.mark.parametrize("form", ["pem", "der", "point", "compressed", "jwk", "x"])
@pytest.mark.parametrize("alg", ["HS256", "ES256"])
def test_algorithm__a_mac_with_the_public_key_is_no_signature(
    refused: Refused, key: SigningKey, header: Claims, claims: Claims, form: str, alg: object
) -> None:
    public = key.private.public_key()
    secret = {
        "pem": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "der": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "point": public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
        "compressed": public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint),
        "jwk": json.dumps(key.public_jwk()).encode(),
        "x": key.public_jwk()["x"].encode(),
    }[form]
    signing_input = f"{b64(as_json({**header, 'alg': alg}))}.{b64(as_json(claims))}"
    mac = hmac.digest(secret, signing_input.encode(), sha256)
    for signature in (mac, mac + mac):
        reason = "wrong_algorithm" if alg == "HS256" else "bad_signature"
        refused(f"{signing_input}.{b64(signature)}", reason)


def test_encrypted_tokens__are_not_opened(refused: Refused, key: SigningKey) -> None:
    token = jwe.encrypt(b"{}", b"0" * 32, algorithm="dir", encryption="A256GCM").decode()
    refused(token, "encrypted_token")


def test_signature__of_another_key_under_our_id(
    refused: Refused, header: Claims, claims: Claims
) -> None:
    refused(forge(generate_key(), header, claims), "bad_signature")


def test_signature__missing(
    refused: Refused, key: SigningKey, header: Claims, claims: Claims
) -> None:
    refused(forge(key, header, claims).rsplit(".", 1)[0] + ".", "bad_signature")


@pytest.mark.parametrize("numbers", [(0, 0), (1, 1), (2**256 - 1, 2**256 - 1)])
def test_signature__of_trivial_numbers(
    refused: Refused, header: Claims, claims: Claims, numbers: tuple[int, int]
) -> None:
    signature = b"".join(number.to_bytes(32, "big") for number in numbers)
    refused(f"{b64(as_json(header))}.{b64(as_json(claims))}.{b64(signature)}", "bad_signature")


def test_signature__its_mirror_image_makes_no_second_token(
    read_token: ReadToken, key: SigningKey, claims: Claims
) -> None:
    """With (r, s) also (r, n - s) fits; signers make either. What works once is the jti."""
    token = sign(claims, key=key, typ=TYP)
    head, _, raw = token.rpartition(".")
    data = urlsafe_b64decode(raw + "==")
    mirrored = data[:32] + (P256_ORDER - int.from_bytes(data[32:])).to_bytes(32)
    twin = f"{head}.{b64(mirrored)}"
    assert twin != token
    assert read_token(twin)["jti"] == read_token(token)["jti"]


def test_signature__in_der_instead_of_two_numbers(
    refused: Refused, key: SigningKey, header: Claims, claims: Claims
) -> None:
    token = forge(key, header, claims)
    refused(token.rsplit(".", 1)[0] + "." + b64(b"\x30\x44" + bytes(68)), "bad_signature")


def test_payload__exchanged_under_the_signature(
    refused: Refused, key: SigningKey, header: Claims, claims: Claims
) -> None:
    head, _payload, signature = forge(key, header, claims).split(".")
    other = b64(as_json({**claims, "sub": "person-2"}))
    refused(f"{head}.{other}.{signature}", "bad_signature")


def test_spare_bits_of_base64__make_no_second_token(
    refused: Refused, key: SigningKey, header: Claims, claims: Claims
) -> None:
    token = forge(key, header, claims)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twin = alphabet[alphabet.index(token[-1]) + 1]
    refused(token[:-1] + twin, "malformed")


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token + "=",
        lambda token: token + "\n",
        lambda token: " " + token,
        lambda token: token.replace(".", "..", 1),
        lambda token: token.replace(".", "", 1),
        lambda token: token + ".x",
        lambda token: token[:10] + "é" + token[10:],
        lambda token: token[:10] + "\ud800" + token[10:],
        lambda token: token[:10] + "+" + token[11:],
        lambda _token: "",
        lambda _token: ".",
        lambda _token: "..",
        lambda _token: "....",
    ],
)
def test_text_that_is_no_token__is_refused(
    read_token: ReadToken,
    key: SigningKey,
    header: Claims,
    claims: Claims,
    change: Callable[[str], str],
) -> None:
    with pytest.raises(IdentityError) as refusal:
        read_token(change(forge(key, header, claims)))
    assert refusal.value.reason in {"malformed", "encrypted_token"}


def test_size__is_limited_before_anything_is_read(
    read_token: ReadToken, refused: Refused, key: SigningKey, header: Claims, claims: Claims
) -> None:
    room = MAX_TOKEN_BYTES - len(forge(key, header, {**claims, "pad": ""}))
    fitting = forge(key, header, {**claims, "pad": "x" * (room * 3 // 4 - 3)})
    assert MAX_TOKEN_BYTES - 8 <= len(fitting) <= MAX_TOKEN_BYTES
    assert read_token(fitting)["sub"] == "person-1"
    refused(forge(key, header, {**claims, "pad": "x" * room}), "token_too_large")
    refused("a" * 10_000_000, "token_too_large")


def test_kid__unknown(refused: Refused, claims: Claims) -> None:
    other = generate_key()
    refused(sign(claims, key=other, typ=TYP), "unknown_key")


def test_kid__missing(refused: Refused, key: SigningKey, header: Claims, claims: Claims) -> None:
    del header["kid"]
    refused(forge(key, header, claims), "wrong_header")


@pytest.mark.parametrize("kid", [None, 1, "", [], "a b", "я", {"a": 1}, "k" * 300])
def test_kid__of_a_strange_kind(
    refused: Refused, key: SigningKey, header: Claims, claims: Claims, kid: object
) -> None:
    refused(forge(key, {**header, "kid": kid}, claims), "wrong_header", "kid")


@pytest.mark.parametrize("part", ["kid", "alg", "typ"])
def test_header__with_a_member_twice(
    refused: Refused, key: SigningKey, header: Claims, claims: Claims, part: str
) -> None:
    text = json.dumps(header)
    doubled = f'{text[:-1]}, "{part}": {json.dumps(header[part])}}}'.encode()
    refused(forge(key, doubled, claims), "malformed", "header")


@pytest.mark.parametrize(
    "member", ["jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256", "b64", "zip", "cty", "foo"]
)
def test_header__with_members_of_its_own(
    refused: Refused, key: SigningKey, header: Claims, claims: Claims, member: str
) -> None:
    refused(forge(key, {**header, member: "anything"}, claims), "wrong_header")


def test_header__with_a_key_that_fits_the_signature(
    refused: Refused, header: Claims, claims: Claims
) -> None:
    thief = generate_key()
    refused(forge(thief, {**header, "jwk": thief.public_jwk()}, claims), "wrong_header")


@pytest.mark.parametrize("crit", [[], ["exp"], ["b64"], None])
def test_header__with_critical_extensions(
    refused: Refused, key: SigningKey, header: Claims, claims: Claims, crit: object
) -> None:
    refused(forge(key, {**header, "crit": crit}, claims), "critical_extension")


@pytest.mark.parametrize("typ", ["JWT", "TEST+JWT", "application/test+jwt", "", None, 5])
def test_typ__is_compared_exactly(
    refused: Refused, key: SigningKey, header: Claims, claims: Claims, typ: object
) -> None:
    refused(forge(key, {**header, "typ": typ}, claims), "wrong_type")


@pytest.mark.parametrize(
    "raw", [b"[]", b'"ES256"', b"null", b"", b"{", b"\xff\xfe", b"[" * 3000, b"{}{}"]
)
def test_header__that_is_no_json_object(
    read_token: ReadToken, key: SigningKey, claims: Claims, raw: bytes
) -> None:
    with pytest.raises(IdentityError) as refusal:
        read_token(forge(key, raw, claims))
    assert refusal.value.reason == "malformed"


@pytest.mark.parametrize(
    "raw",
    [
        b"[]",
        b"null",
        b"{",
        b"\xff",
        b'{"a":' * 900,
        b"[" * 3000,
        b'{"exp": NaN}',
        b'{"exp": -Infinity}',
        b'{"exp": ' + b"9" * 4500 + b"}",
        b'{"sub": "a", "sub": "b"}',
        b'{"a": {"b": 1, "b": 2}}',
        b'\xef\xbb\xbf{"sub": "a"}',
        '{"sub": "a"}'.encode("utf-16"),
    ],
)
def test_payload__odd_json(refused: Refused, key: SigningKey, header: Claims, raw: bytes) -> None:
    refused(forge(key, header, raw), "malformed", "payload")


def test_payload__with_a_claim_twice_is_refused_though_all_else_is_good(
    refused: Refused, key: SigningKey, header: Claims, claims: Claims
) -> None:
    doubled = json.dumps(claims)[:-1] + ', "sub": "person-2"}'
    refused(forge(key, header, doubled.encode()), "malformed", "payload")


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "jti", "iat", "exp"])
def test_claims__each_one_is_required(
    refused: Refused, key: SigningKey, header: Claims, claims: Claims, name: str
) -> None:
    del claims[name]
    refused(forge(key, header, claims), "missing_claim", name)


@pytest.mark.parametrize(
    "value", ["https://other.example", ISSUER + "/", ISSUER.upper(), [ISSUER], None, "", 1]
)
def test_issuer__foreign(
    refused: Refused, key: SigningKey, header: Claims, claims: Claims, value: object
) -> None:
    refused(forge(key, header, {**claims, "iss": value}), "wrong_issuer")


@pytest.mark.parametrize(
    "value",
    ["https://other.example", AUDIENCE + "/", [AUDIENCE], [AUDIENCE, "other"], [], None, True],
)
def test_audience__foreign_or_a_list(
    refused: Refused, key: SigningKey, header: Claims, claims: Claims, value: object
) -> None:
    refused(forge(key, header, {**claims, "aud": value}), "wrong_audience")


@pytest.mark.parametrize("name", ["sub", "jti"])
@pytest.mark.parametrize(
    "value", [None, 1, True, "", [], "a b", "\u0000", "\ud800", "х", "x" * 256]
)
def test_names_of_person_and_token__are_printable_ascii(
    refused: Refused, key: SigningKey, header: Claims, claims: Claims, name: str, value: object
) -> None:
    refused(forge(key, header, {**claims, name: value}), "bad_claim", name)


@pytest.mark.parametrize("name", ["iat", "exp", "nbf"])
@pytest.mark.parametrize(
    "value",
    [
        True,
        False,
        None,
        str(START),
        float(START),
        -START,
        0,
        pytest.param(10**30, id="31-digits"),
        pytest.param(10**4000, id="4001-digits"),
        2**63,
        [START],
        {},
    ],
)
def test_times__are_whole_numbers_in_reason(
    refused: Refused, key: SigningKey, header: Claims, claims: Claims, name: str, value: object
) -> None:
    refused(forge(key, header, {**claims, name: value}), "bad_claim", name)


def test_times__expired_to_the_second(
    read_token: ReadToken, refused: Refused, key: SigningKey, header: Claims, claims: Claims
) -> None:
    token = forge(key, header, claims)
    end = NOW + timedelta(seconds=120)
    assert read_token(token, end - timedelta(microseconds=1))
    refused(token, "expired", now=end)


@pytest.mark.parametrize("name", ["iat", "nbf"])
def test_times__a_clock_may_be_ahead_by_the_leeway_only(
    read_token: ReadToken,
    refused: Refused,
    key: SigningKey,
    header: Claims,
    claims: Claims,
    name: str,
) -> None:
    ahead = START + int(LEEWAY.total_seconds())
    assert read_token(forge(key, header, {**claims, name: ahead}))
    refused(forge(key, header, {**claims, name: ahead + 1}), "not_yet_valid", name)
    assert LEEWAY <= timedelta(seconds=30)


def test_times__lifetime_is_limited(
    read_token: ReadToken, refused: Refused, key: SigningKey, header: Claims, claims: Claims
) -> None:
    assert read_token(forge(key, header, {**claims, "iat": START - 1, "exp": START + 119}))
    refused(forge(key, header, {**claims, "exp": START + 121}), "lifetime_too_long")
    refused(forge(key, header, {**claims, "exp": 250_000_000_000}), "lifetime_too_long")


def test_times__an_expiry_before_the_issue_is_expired(
    refused: Refused, key: SigningKey, header: Claims, claims: Claims
) -> None:
    refused(forge(key, header, {**claims, "iat": START + 20, "exp": START - 1}), "expired")


def test_backend__the_slow_and_leaking_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    require_cryptography_backend()
    monkeypatch.setattr(jose.backends, "ECKey", ECDSAECKey)
    with pytest.raises(ImportError, match="cryptography"):
        require_cryptography_backend()


def test_sign__leaves_no_trace_of_the_private_key(key: SigningKey, claims: Claims) -> None:
    secret = key.private_jwk()["d"]
    assert secret not in sign(claims, key=key, typ=TYP)
    assert secret not in repr(key)
    assert es256(key, b"x") != es256(key, b"x")
