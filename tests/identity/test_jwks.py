"""Key sets as documents, and the rotation of the portal's own keys."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from integrations.identity.base import Identity, IdentityError
from integrations.identity.jwks import LocalKeySet, parse_jwks
from integrations.identity.portal_issuer import issue_access
from integrations.identity.portal_tokens import PortalTokens, PortalTokensOptions
from integrations.identity.signing_keys import SigningKey, SigningKeys, generate_key
from tests.identity.forge import b64
from tests.steps.identity import AUDIENCE, ISSUER, NOW


def test_parse__keeps_our_keys_and_passes_over_the_others(key: SigningKey) -> None:
    ours = key.public_jwk()
    foreign = [
        {"kty": "RSA", "use": "sig", "kid": key.kid, "n": "AQAB", "e": "AQAB"},
        {**ours, "kid": "enc", "use": "enc"},
        {**ours, "kid": "no-use", "use": None},
        {**ours, "kid": "p384", "crv": "P-384"},
        {**ours, "kid": "other", "alg": "ECDH-ES"},
        {"kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": "AA"},
        {},
    ]
    without_alg = {name: value for name, value in ours.items() if name != "alg"}
    keys = parse_jwks({"keys": [*foreign, {**without_alg, "kid": "plain", "x5c": ["MII"]}, ours]})
    assert sorted(keys) == sorted([key.kid, "plain"])
    assert keys[key.kid] == key.private.public_key()


@pytest.mark.parametrize("secret", ["d", "k", "p"])
def test_parse__a_published_private_key_spoils_the_set(key: SigningKey, secret: str) -> None:
    leaked = {**generate_key().public_jwk(), secret: "AAAA"}
    with pytest.raises(ValueError, match="private") as problem:
        parse_jwks({"keys": [key.public_jwk(), leaked]})
    assert "AAAA" not in str(problem.value)


def test_parse__one_id_for_two_keys(key: SigningKey) -> None:
    other = {**generate_key().public_jwk(), "kid": key.kid}
    with pytest.raises(ValueError, match="id"):
        parse_jwks({"keys": [key.public_jwk(), other]})


@pytest.mark.parametrize("kid", [None, "", 5, ["a"], "k" * 129])
def test_parse__a_key_without_an_id(key: SigningKey, kid: object) -> None:
    with pytest.raises(ValueError, match="id"):
        parse_jwks({"keys": [{**key.public_jwk(), "kid": kid}]})


@pytest.mark.parametrize(
    "change",
    [
        {"x": b64(bytes(32)), "y": b64(bytes(32))},
        {"x": b64(bytes(31) + b"\x05")},
        {"x": b64(b"\xff" * 32)},
        {"x": b64(bytes(33))},
        {"x": b64(bytes(31))},
        {"x": ""},
        {"x": None},
        {"y": 5},
        {"y": "=" * 43},
    ],
)
def test_parse__a_point_that_is_none(key: SigningKey, change: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        parse_jwks({"keys": [{**key.public_jwk(), **change}]})


def test_parse__coordinates_are_not_cut_elsewhere(key: SigningKey) -> None:
    point = key.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shifted = {**key.public_jwk(), "x": b64(point[1:34]), "y": b64(point[34:])}
    with pytest.raises(ValueError, match="32 bytes"):
        parse_jwks({"keys": [shifted]})


@pytest.mark.parametrize(
    "document", [{}, {"keys": {}}, {"keys": None}, {"keys": []}, {"keys": ["a"]}, {"keys": [None]}]
)
def test_parse__no_key_set(document: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        parse_jwks(document)


def test_parse__too_many_keys(key: SigningKey) -> None:
    with pytest.raises(ValueError):
        parse_jwks({"keys": [{**key.public_jwk(), "kid": f"k{n}"} for n in range(33)]})


def test_local__finds_by_exact_id_only(key: SigningKey) -> None:
    keys = LocalKeySet({"keys": [{**key.public_jwk(), "kid": "Key-1"}]})
    assert keys.find("Key-1") == key.private.public_key()
    for kid in ("key-1", "Key-1 ", "Key", ""):
        with pytest.raises(IdentityError, match="unknown_key"):
            keys.find(kid)


def test_signing_key__is_on_p256_and_named_by_its_thumbprint(key: SigningKey) -> None:
    assert isinstance(key.private.curve, ec.SECP256R1)
    assert len(key.kid) == 43
    assert generate_key().kid != key.kid


def test_signing_key__comes_back_from_its_private_jwk(key: SigningKey) -> None:
    stored = json.loads(json.dumps(key.private_jwk()))
    again = SigningKey.from_private_jwk(stored)
    assert again.private_jwk() == key.private_jwk()


@pytest.mark.parametrize("change", [{"x": "A" * 43}, {"kid": ""}, {"d": "AA"}, {"crv": "P-384"}])
def test_signing_key__with_members_of_another_key_is_refused(
    key: SigningKey, change: dict[str, Any]
) -> None:
    jwk = {**key.private_jwk(), **change}
    if change == {"kid": ""}:
        del jwk["kid"]
    with pytest.raises(ValueError):
        SigningKey.from_private_jwk(jwk)


def test_signing_keys__publish_public_halves_only(keys: SigningKeys, key: SigningKey) -> None:
    published = json.dumps(SigningKeys((key, generate_key()), key.kid).public_jwks())
    assert '"d"' not in published
    assert key.private_jwk()["d"] not in published
    assert key.private_jwk()["d"] not in repr(keys)


def test_signing_keys__must_make_sense(key: SigningKey, keys: SigningKeys) -> None:
    with pytest.raises(ValueError, match="active"):
        SigningKeys((), key.kid)
    with pytest.raises(ValueError, match="active"):
        keys.without(key.kid)
    with pytest.raises(ValueError, match="active"):
        keys.activated("unknown")
    with pytest.raises(ValueError, match="same id"):
        keys.added(key)


def test_rotation__tokens_of_both_keys_are_read_while_they_overlap(
    keys: SigningKeys, key: SigningKey, person: Identity
) -> None:
    def reader(published: SigningKeys) -> PortalTokens:
        return PortalTokens(
            PortalTokensOptions(
                issuer=ISSUER,
                audience=AUDIENCE,
                authorize_url="https://portal.example/",
                jwks=published.public_jwks(),
            )
        )

    def token(signing: SigningKeys) -> str:
        return issue_access(person, key=signing.active, issuer=ISSUER, audience=AUDIENCE, now=NOW)

    new = generate_key()
    announced = keys.added(new)
    assert announced.active == key
    switched = announced.activated(new.kid)
    for published in (announced, switched):
        for signing in (keys, announced, switched):
            assert reader(published).read_access(token(signing), NOW).identity == person
    finished = switched.without(key.kid)
    assert reader(finished).read_access(token(finished), NOW)
    with pytest.raises(IdentityError, match="unknown_key"):
        reader(finished).read_access(token(keys), NOW)
