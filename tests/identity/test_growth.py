"""Readers of tokens and answers: twice the worst input costs less than three times."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from integrations.identity import jwt
from integrations.identity.encoding import decode_base64url, decode_json, encode_base64url
from integrations.identity.jwks import parse_jwks
from integrations.identity.passports import normal_passport
from integrations.identity.rnokpp import normal_rnokpp, normal_unzr
from integrations.identity.sealed import read_base64
from integrations.identity.signing_keys import SigningKeys, generate_key
from integrations.identity.values import normal_email, normal_name, normal_phone
from tests.harness.clock import NOW
from tests.harness.growth import LIMIT, growth

KEY = generate_key()
KEYS = SigningKeys((KEY,), KEY.kid)


class Found:
    """A set with our key for whatever a token names."""

    def find(self, kid: str) -> Any:
        return parse_jwks(KEYS.public_jwks())[KEY.kid]

    def problems(self) -> list[str]:
        return []


def read_token(token: str) -> object:
    return jwt.read(
        token,
        keys=Found(),
        typ="x",
        issuer="i",
        audience="a",
        max_lifetime=timedelta(minutes=5),
        now=NOW,
    )


def header(more: bytes) -> str:
    return encode_base64url(b'{"alg":"ES256","kid":"a","typ":"x","more":' + more + b"}") + ".A.A"


def claims(count: int) -> str:
    return jwt.sign({f"c{n}": n for n in range(count)}, key=KEY, typ="x")


READERS: dict[str, tuple[Callable[[Any], object], Callable[[int], Any], int]] = {
    "token, long": (read_token, lambda n: "A" * n, 4_000_000),
    "token, dots": (read_token, lambda n: "." * n, 4000),
    "token, nested header": (read_token, lambda n: header(b"[" * n + b"]" * n), 400),
    "token, claims": (read_token, claims, 250),
    "base64url": (decode_base64url, lambda n: "A" * n, 100_000),
    "base64": (read_base64, lambda n: "A " * n, 100_000),
    "json, open brackets": (decode_json, lambda n: b"[" * n, 100_000),
    "json, nested": (decode_json, lambda n: b"[" * n + b"]" * n, 400),
    "json, members": (
        decode_json,
        lambda n: b"{" + b",".join(b'"%d":1' % number for number in range(n)) + b"}",
        20_000,
    ),
    "json, long numbers": (
        decode_json,
        lambda n: b"[" + b",".join([b"1" * 4000] * n) + b"]",
        50,
    ),
    "json, fractions": (decode_json, lambda n: b"1." + b"1" * n, 500_000),
    "json, escapes": (decode_json, lambda n: b'"' + b"\\u0041" * n, 100_000),
    "name, marks out of order": (normal_name, lambda n: "a" + "\u0301\u0316" * n, 4000),
    "name, spaces": (normal_name, lambda n: "a" + " " * n + "b", 100_000),
    "e-mail": (normal_email, lambda n: "a@" + "a." * n + "-", 60),
    "phone": (normal_phone, lambda n: "+" + " " * n, 70),
    "rnokpp": (normal_rnokpp, lambda n: "1" * n, 100_000),
    "passport": (normal_passport, lambda n: "А " * n, 100_000),
    "unzr": (normal_unzr, lambda n: "1-" * n, 100_000),
}


@pytest.mark.parametrize("name", READERS)
def test_growth__twice_the_worst_input_costs_less_than_three_times(name: str) -> None:
    read, make, size = READERS[name]
    assert growth(read, make, size) < LIMIT
