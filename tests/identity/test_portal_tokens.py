"""The two kinds of portal tokens, the person in them, and what a host may configure."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit

import pytest

from integrations.common.levels import Level
from integrations.identity.base import IdentifierKind, Identity, IdentityError
from integrations.identity.portal_issuer import issue_access, issue_handover
from integrations.identity.portal_tokens import PortalTokens, PortalTokensOptions
from integrations.identity.signing_keys import SigningKey, SigningKeys, generate_key
from tests.identity.forge import forge, parts
from tests.steps.identity import AUDIENCE, ISSUER, NONCE, NOW

Changed: TypeAlias = Callable[..., str]
Refused: TypeAlias = Callable[..., IdentityError]

ABSENT = object()


@pytest.fixture
def changed(handover: str, key: SigningKey) -> Changed:
    """A hand-over, well signed, in which the named claims differ."""

    def _changed(**claims: object) -> str:
        header, all_claims = parts(handover)
        all_claims.update(claims)
        return forge(key, header, {n: v for n, v in all_claims.items() if v is not ABSENT})

    return _changed


@pytest.fixture
def refused(provider: PortalTokens) -> Refused:
    def _refused(token: str, reason: str, detail: str | None = "") -> IdentityError:
        with pytest.raises(IdentityError) as refusal:
            provider.read_handover(token, NOW)
        assert (refusal.value.reason, refusal.value.detail) == (reason, detail)
        return refusal.value

    return _refused


def test_handover__brings_the_whole_person_back(
    provider: PortalTokens, handover: str, person: Identity
) -> None:
    result = provider.read_handover(handover, NOW)
    assert result.identity == person
    assert result.nonce == NONCE
    assert result.expires_at == NOW + timedelta(minutes=2)
    assert len(result.jti) >= 20


def test_access__brings_the_whole_person_back(
    provider: PortalTokens, access: str, person: Identity
) -> None:
    result = provider.read_access(access, NOW + timedelta(minutes=9, seconds=59))
    assert result.identity == person
    assert result.expires_at == NOW + timedelta(minutes=10)


def test_every_token__has_an_id_of_its_own(
    provider: PortalTokens, person: Identity, key: SigningKey
) -> None:
    tokens = [
        issue_access(person, key=key, issuer=ISSUER, audience=AUDIENCE, now=NOW) for _ in range(20)
    ]
    assert len({provider.read_access(token, NOW).jti for token in tokens}) == 20


def test_kinds__neither_in_the_place_of_the_other(
    provider: PortalTokens, handover: str, access: str
) -> None:
    with pytest.raises(IdentityError, match="wrong_type"):
        provider.read_access(handover, NOW)
    with pytest.raises(IdentityError, match="wrong_type"):
        provider.read_handover(access, NOW)


def test_kinds__the_audience_alone_keeps_them_apart_too(
    provider: PortalTokens, handover: str, access: str, key: SigningKey
) -> None:
    handover_header, handover_claims = parts(handover)
    access_header, access_claims = parts(access)
    with pytest.raises(IdentityError, match="wrong_audience"):
        provider.read_access(forge(key, access_header, handover_claims), NOW)
    with pytest.raises(IdentityError, match="wrong_audience"):
        provider.read_handover(forge(key, handover_header, access_claims), NOW)


def test_kinds__the_lifetime_of_an_access_token_is_too_long_for_a_handover(
    changed: Changed, refused: Refused
) -> None:
    refused(changed(exp=int(NOW.timestamp()) + 121), "lifetime_too_long")


def test_nonce__may_be_missing_but_not_odd(
    provider: PortalTokens, changed: Changed, refused: Refused, person: Identity, key: SigningKey
) -> None:
    token = issue_handover(person, key=key, issuer=ISSUER, audience=AUDIENCE, nonce=None, now=NOW)
    assert provider.read_handover(token, NOW).nonce is None
    for nonce in ("short", "", 5, [NONCE], "я" * 22, "x" * 129, NONCE + "\n"):
        refused(changed(nonce=nonce), "bad_claim", "nonce")


@pytest.mark.parametrize(
    "name",
    ["identifier_kind", "identifier", "family_name", "given_name", "acr", "amr", "auth_time"],
)
def test_person__each_claim_is_required(changed: Changed, refused: Refused, name: str) -> None:
    refused(changed(**{name: ABSENT}), "missing_claim", name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("identifier_kind", "RNOKPP"),
        ("identifier_kind", "edrpou"),
        ("identifier_kind", None),
        ("identifier_kind", ["rnokpp"]),
        ("identifier", "1759013770"),
        ("identifier", "12345678"),
        ("identifier", 1759013776),
        ("identifier", ""),
        ("family_name", ""),
        ("family_name", "   "),
        ("family_name", "-"),
        ("family_name", None),
        ("family_name", ["Мар’яненко"]),
        ("family_name", "А" * 151),
        ("given_name", "Є\u202eатевазилЄ"),
        ("given_name", "Є\u0000"),
        ("given_name", "Є\nx"),
        ("given_name", "Є\ud800"),
        ("given_name", "Є\u200b"),
        ("middle_name", 0),
        ("middle_name", False),
        ("middle_name", []),
        ("acr", "High"),
        ("acr", "loa3"),
        ("acr", ""),
        ("acr", None),
        ("acr", 3),
        ("acr", ["high"]),
        ("amr", "kep"),
        ("amr", []),
        ("amr", [1]),
        ("amr", ["kep", None]),
        ("amr", ["KEP"]),
        ("amr", ["a+b"]),
        ("amr", ["a"] * 6),
        ("amr", ["x" * 33]),
        ("amr", ["x" * 20, "y" * 20]),
        ("auth_time", True),
        ("auth_time", "1763890000"),
        ("auth_time", int(NOW.timestamp()) + 31),
        ("auth_time", 10**20),
        ("email", "liza"),
        ("email", "liza@localhost"),
        ("email", "liza@example.com\nBcc: x@example.com"),
        ("email", "liza@example.com,x@example.com"),
        ("email", "Ліза <liza@example.com>"),
        ("email", "li..za@example.com"),
        ("email", "@example.com"),
        ("email", "liza@-example.com"),
        ("email", "l" * 250 + "@example.com"),
        ("email", ["liza@example.com"]),
        ("email", True),
        ("phone_number", "0501234567"),
        ("phone_number", "+0501234567"),
        ("phone_number", "+38 050 123 45 67"),
        ("phone_number", "+" + "3" * 16),
        ("phone_number", 380501234567),
    ],
)
def test_person__claims_of_wrong_kinds_are_refused(
    changed: Changed, refused: Refused, name: str, value: object
) -> None:
    error = refused(changed(**{name: value}), "bad_claim", name)
    assert not isinstance(value, str) or len(value) < 5 or value not in str(error)


@pytest.mark.parametrize("value", [ABSENT, None, ""])
def test_person__what_is_voluntary_may_be_missing(
    provider: PortalTokens, changed: Changed, value: object
) -> None:
    token = changed(middle_name=value, email=value, phone_number=value)
    identity = provider.read_handover(token, NOW).identity
    assert (identity.patronymic, identity.email, identity.phone) == ("", None, None)


@pytest.mark.parametrize("email", ["o'brien+vp@mail.example.com", "l@пошта.укр"])
def test_person__uncommon_addresses_are_addresses(
    provider: PortalTokens, changed: Changed, email: str
) -> None:
    assert provider.read_handover(changed(email=email), NOW).identity.email == email


@pytest.mark.parametrize(
    ("kind", "given", "normal"),
    [
        ("rnokpp", " 1759013776", "1759013776"),
        ("passport", "aa 123456", "PASXX-AA123456"),
        ("passport", "000123456", "IDCUA-000123456"),
        ("unzr", "1991082400026", "19910824-00026"),
    ],
)
def test_person__identifiers_come_in_normal_form(
    provider: PortalTokens, changed: Changed, kind: str, given: str, normal: str
) -> None:
    identity = provider.read_handover(changed(identifier_kind=kind, identifier=given), NOW).identity
    assert (identity.identifier_kind, identity.identifier) == (IdentifierKind(kind), normal)


def test_person__names_come_composed_and_without_edges(
    provider: PortalTokens, changed: Changed
) -> None:
    token = changed(family_name=" И\u0306оненко ", given_name="Anne-Marie")
    identity = provider.read_handover(token, NOW).identity
    assert (identity.last_name, identity.first_name) == ("Йоненко", "Anne-Marie")


def test_person__stays_out_of_repr(provider: PortalTokens, handover: str, person: Identity) -> None:
    text = repr(provider.read_handover(handover, NOW).identity)
    for secret in (
        person.identifier,
        person.last_name,
        person.first_name,
        person.email,
        person.phone,
    ):
        assert secret
        assert secret not in text


def test_issuer__does_not_make_what_nobody_accepts(person: Identity, key: SigningKey) -> None:
    common: dict[str, Any] = {"key": key, "issuer": ISSUER, "audience": AUDIENCE, "now": NOW}
    for lifetime in (timedelta(minutes=2, seconds=1), timedelta(0), timedelta(seconds=-5)):
        with pytest.raises(ValueError, match="lifetime"):
            issue_handover(person, nonce=NONCE, lifetime=lifetime, **common)
    with pytest.raises(ValueError, match="lifetime"):
        issue_access(person, lifetime=timedelta(minutes=11), **common)


def test_issuer__a_moment_between_two_seconds_still_works(
    provider: PortalTokens, person: Identity, key: SigningKey
) -> None:
    now = datetime(2026, 11, 23, 9, 30, 0, 999_999, tzinfo=UTC)
    token = issue_access(person, key=key, issuer=ISSUER, audience=AUDIENCE, now=now)
    assert provider.read_access(token, now).identity.level is Level.HIGH


def test_foreign_portal__with_its_own_key(person: Identity, refused: Refused) -> None:
    refused(
        issue_handover(
            person, key=generate_key(), issuer=ISSUER, audience=AUDIENCE, nonce=NONCE, now=NOW
        ),
        "unknown_key",
    )


def test_foreign_portal__with_our_key(person: Identity, key: SigningKey, refused: Refused) -> None:
    common: dict[str, Any] = {"key": key, "nonce": NONCE, "now": NOW}
    refused(
        issue_handover(person, issuer="https://x.example", audience=AUDIENCE, **common),
        "wrong_issuer",
    )
    refused(
        issue_handover(person, issuer=ISSUER, audience="https://x.example", **common),
        "wrong_audience",
    )


def test_start__keeps_the_query_and_adds_ours(provider: PortalTokens) -> None:
    back = "https://vr.example/sign-in/return/?next=/a/&x=ї"
    url = urlsplit(provider.start(nonce=NONCE, return_url=back))
    assert (url.scheme, url.netloc, url.path) == ("https", "portal.example", "/identity")
    assert parse_qsl(url.query) == [("lang", "uk"), ("nonce", NONCE), ("return_url", back)]


@pytest.mark.parametrize("nonce", ["", "short", "a b" * 10, NONCE + "&x=1", "x" * 200])
def test_start__refuses_a_weak_or_odd_nonce(provider: PortalTokens, nonce: str) -> None:
    with pytest.raises(ValueError):
        provider.start(nonce=nonce, return_url="https://vr.example/")


@pytest.mark.parametrize(
    "url", ["http://vr.example/", "/back/", "javascript:alert(1)", "", "https://"]
)
def test_start__the_token_comes_back_over_tls_only(provider: PortalTokens, url: str) -> None:
    with pytest.raises(IdentityError, match="insecure_return"):
        provider.start(nonce=NONCE, return_url=url)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"issuer": ""}, "issuer"),
        ({"issuer": None}, "issuer"),
        ({"audience": 5}, "audience"),
        ({"name": ""}, "name"),
        ({"authorize_url": "http://portal.example/"}, "authorize_url"),
        ({"authorize_url": "http://127.0.0.1/"}, "authorize_url"),
        ({"authorize_url": "https://"}, "authorize_url"),
        ({"jwks": None}, "jwks, jwks_url"),
        ({"jwks_url": "https://portal.example/jwks"}, "jwks, jwks_url"),
        ({"jwks": None, "jwks_url": "http://portal.example/jwks"}, "jwks_url"),
        ({"jwks": None, "jwks_url": "http://127.0.0.1/jwks"}, "jwks_url"),
        ({"jwks": None, "jwks_url": "https://user:pw@portal.example/jwks"}, "jwks_url"),
        ({"jwks": None, "jwks_url": "https://portal.example:99999/jwks"}, "jwks_url"),
        ({"jwks": None, "jwks_url": "file:///etc/passwd"}, "jwks_url"),
        ({"jwks": {"keys": []}}, "jwks"),
        ({"jwks": "keys"}, "jwks"),
        ({"allow_http_loopback": "yes"}, "allow_http_loopback"),
    ],
)
def test_options__a_wrong_one_is_named(
    keys: SigningKeys, wrong: dict[str, Any], named: str
) -> None:
    good: dict[str, Any] = {
        "issuer": ISSUER,
        "audience": AUDIENCE,
        "authorize_url": "https://portal.example/identity",
        "jwks": keys.public_jwks(),
    }
    assert PortalTokensOptions(**good)
    with pytest.raises(ValueError) as problem:
        PortalTokensOptions(**{**good, **wrong})
    assert f"{named}:" in str(problem.value)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_options__plain_http_on_this_machine_is_said_aloud(host: str) -> None:
    options = PortalTokensOptions(
        issuer=f"http://{host}",
        audience=AUDIENCE,
        authorize_url=f"http://{host}/identity/",
        jwks_url=f"http://{host}/jwks.json",
        allow_http_loopback=True,
    )
    provider = PortalTokens(options)
    assert provider.check() == [
        "The connection to the portal does not use TLS: for demonstration only."
    ]
    assert provider.start(nonce=NONCE, return_url=f"http://{host}/back/").startswith(
        f"http://{host}"
    )


def test_check__a_sound_configuration_has_no_problems(provider: PortalTokens) -> None:
    assert provider.check() == []
    assert (provider.name, provider.label) == ("portal", "Portal account")


def test_levels__are_ordered() -> None:
    assert [level for level in Level if level.at_least(Level.SUBSTANTIAL)] == [
        Level.SUBSTANTIAL,
        Level.HIGH,
    ]
    assert Level.LOW.rank < Level.SUBSTANTIAL.rank < Level.HIGH.rank
