"""id.gov.ua over real HTTP with real cryptography: the good ways, and every bad answer refused."""

import base64
import json
import logging
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from integrations.identity.base import Flow, IdentifierKind, IdentityError, Level, MeansKind, Proof
from integrations.identity.id_gov_ua import IdGovUa, IdGovUaOptions
from sandbox.authority import maker
from sandbox.authority.envelopes import GAMMA
from sandbox.authority.keys import DstuPrivateKey
from sandbox.authority.maker import Holder
from tests.identity.conftest import NOW
from tests.identity.outside import TROUBLES, Answer, Outside, Request, as_json, impatience
from tests.identity.sealing import Keys, Revocations

NONCE = "mB4Zk1X9q0vYt7sLw2RcNg"
BACK = "https://portal.example/videoreception/sign-in/id_gov_ua/callback/"
CODE = "c0de-of-one-time"
TOKEN = "t0ken-of-the-session"

PERSON: dict[str, Any] = {
    "issuer": "O=Надавач;CN=Надавач послуг",
    "issuercn": "Надавач послуг",
    "serial": "5E9844A1",
    "o": "n/a",
    "lastname": "Тестенко",
    "givenname": "Тарас Тестович",
    "middlename": "Тестович",
    "email": "taras@example.com",
    "phone": "380501234567",
    "edrpoucode": "n\\a",
    "drfocode": "3287401015",
    "unzr": "N/A",
    "isqscd": "1",
    "auth_type": "dig_sign",
}


@dataclass
class Broker:
    """The service with its wire format; `person` is told, `wrap` makes the octets of the answer."""

    outside: Outside
    keys: Keys
    person: dict[str, Any] = field(default_factory=lambda: dict(PERSON))
    user_id: Any = "170042"
    wrap: Callable[[bytes, str], bytes | str] | None = None
    spent: bool = False

    def __post_init__(self) -> None:
        self.outside.paths |= {
            "/get-access-token": self.token,
            "/get-user-info": self.info,
            "/get-user-logout": as_json({"error": "0", "error_description": "n/a"}),
        }

    def given(self, request: Request) -> dict[str, str]:
        return dict(request.query) | request.form

    def token(self, request: Request) -> Answer:
        if self.given(request)["code"] != CODE or self.spent:
            return as_json({"error": "2", "message": "code"}, 401)
        self.spent = True
        return as_json(
            {
                "access_token": TOKEN,
                "token_type": "bearer",
                "expires_in": "3600",
                "refresh_token": "n/a",
                "user_id": self.user_id,
            }
        )

    def info(self, request: Request) -> Answer:
        given = self.given(request)
        if (given["access_token"], given["user_id"]) != (TOKEN, str(self.user_id)):
            return as_json({"error": 3, "message": "session"}, 401)
        content = json.dumps(self.person, ensure_ascii=False).encode()
        if not given["cert"]:
            return Answer(content)
        certificate = unquote(given["cert"])
        if self.wrap is not None:
            content = self.wrap(content, certificate)
        if isinstance(content, bytes):
            content = self.keys.enveloped(content, certificate, static=False)
        return as_json({"encryptedUserInfo": content})


@pytest.fixture
def broker(outside: Outside, sealing_keys: Keys) -> Broker:
    return Broker(outside, sealing_keys)


Make = Callable[..., IdGovUa]


@pytest.fixture
def make(outside: Outside, sealing_keys: Keys) -> Make:
    def make(**changes: Any) -> IdGovUa:
        options = sealing_keys.options(base_url=outside.url, **changes)
        return IdGovUa(IdGovUaOptions(**options))

    return make


@pytest.fixture
def plain(make: Make) -> IdGovUa:
    """Without envelopes, where these do not matter."""
    return make(plain_answers=True)


def finish(provider: IdGovUa, **answer: str) -> Proof:
    came = answer or {"code": CODE, "state": NONCE}
    return provider.finish(came, return_url=BACK, choice="", now=NOW)


def refusal(provider: IdGovUa, **answer: str) -> tuple[str, str]:
    with pytest.raises(IdentityError) as caught:
        finish(provider, **answer)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value.reason, caught.value.detail


# --- The way of the browser --------------------------------------------------------------------


def test_start__the_address_has_every_field_and_no_other(sealing_keys: Keys) -> None:
    options = sealing_keys.options(auth_types=["dig_sign", "diia_id", "mobile_id", "bank_id"])
    provider = IdGovUa(IdGovUaOptions(**options))
    for button in provider.buttons:
        address = urlsplit(provider.start(nonce=NONCE, return_url=BACK, button=button.key))
        assert (address.scheme, address.netloc, address.path) == ("https", "id.gov.ua", "/")
        assert parse_qsl(address.query) == [
            ("response_type", "code"),
            ("client_id", "portal-client"),
            ("auth_type", button.key),
            ("state", NONCE),
            ("redirect_uri", BACK),
        ]
    assert provider.flow is Flow.REDIRECT
    assert provider.choices() == ()


def test_start__id_gov_ua_may_be_left_the_choice(make: Make) -> None:
    address = urlsplit(make(auth_types=["any"]).start(nonce=NONCE, return_url=BACK, button="any"))
    assert "auth_type" not in dict(parse_qsl(address.query))


@pytest.mark.parametrize("wrong", [{"button": ""}, {"button": "bank_id"}, {"choice": "x"}])
def test_start__only_offered_ways(make: Make, wrong: dict[str, str]) -> None:
    with pytest.raises(IdentityError, match="unknown_choice"):
        make().start(**({"nonce": NONCE, "return_url": BACK, "button": "dig_sign"} | wrong))


@pytest.mark.parametrize(
    "wrong",
    [{"nonce": "short"}, {"nonce": "x" * 16 + "&"}, {"return_url": "/callback/"}],
)
def test_start__what_goes_along_is_checked(make: Make, wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        make().start(**({"nonce": NONCE, "return_url": BACK, "button": "dig_sign"} | wrong))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"error": "access_denied"}, ("cancelled", "error")),
        ({"error": "access_denied", "code": CODE}, ("cancelled", "error")),
        ({"error": "server_error"}, ("unavailable", "error")),
        ({"error": "unauthorized_client"}, ("misconfigured", "error")),
        ({"error": "3", "error_message": "n/a"}, ("refused", "error")),
        ({"error": ""}, ("refused", "error")),
        ({"state": NONCE}, ("bad_answer", "code")),
        ({"code": ""}, ("bad_answer", "code")),
        ({"code": "a b"}, ("bad_answer", "code")),
        ({"code": "ї" * 10}, ("bad_answer", "code")),
        ({"code": "x" * 2000}, ("bad_answer", "code")),
    ],
)
def test_callback__without_a_code_nobody_is_asked(
    make: Make, outside: Outside, answer: dict[str, str], expected: tuple[str, str]
) -> None:
    assert refusal(make(), **answer) == expected
    assert outside.requests == []


# --- The good ways -----------------------------------------------------------------------------


def test_finish__the_person_and_what_was_asked(make: Make, broker: Broker) -> None:
    proof = finish(make())
    person = proof.identity
    assert (person.identifier_kind, person.identifier) == (IdentifierKind.RNOKPP, "3287401015")
    assert (person.last_name, person.first_name, person.patronymic) == (
        "Тестенко", "Тарас", "Тестович",
    )  # fmt: skip
    assert (person.email, person.phone) == ("taras@example.com", "+380501234567")
    assert (person.unzr, person.edrpou, person.organisation) == (None, None, None)
    assert (person.level, person.method) == (Level.HIGH, "idgovua+dig_sign")
    assert (person.provider, person.auth_time) == ("id_gov_ua", NOW)
    assert proof.means is not None
    assert (proof.means.kind, proof.means.label) == (MeansKind.KEY, "Надавач послуг")
    assert proof.evidence == {}

    token, info, logout = broker.outside.requests
    assert token.query == {
        "grant_type": "authorization_code",
        "client_id": "portal-client",
        "client_secret": "s3cret-of-the-portal",
        "code": CODE,
        "redirect_uri": BACK,
    }
    assert set(info.query) == {"access_token", "user_id", "fields", "cert"}
    assert info.query["fields"].split(",") == [
        "issuer", "issuercn", "serial", "o", "lastname", "middlename", "givenname", "email",
        "phone", "edrpoucode", "drfocode", "unzr", "isqscd",
    ]  # fmt: skip
    # One decoding is the server's own, the second finds base64.
    assert "%2B" in info.query["cert"] or "%2F" in info.query["cert"]
    assert (logout.path, logout.query) == (
        "/get-user-logout", {"access_token": TOKEN, "user_id": "170042"},
    )  # fmt: skip
    assert all(request.method == "POST" and not request.body for request in (token, info, logout))


def test_finish__parameters_in_the_body_and_the_certificate_encoded_once(
    make: Make, broker: Broker
) -> None:
    finish(make(token_in_body=True, cert_encoding="single"))
    assert all(not request.query for request in broker.outside.requests)
    info = broker.outside.asked("/get-user-info")[0]
    assert "%" not in info.form["cert"]
    assert info.headers["content-type"] == "application/x-www-form-urlencoded"


def test_finish__plain_answers_for_demonstration(make: Make, broker: Broker) -> None:
    proof = finish(make(plain_answers=True))
    assert proof.identity.identifier == "3287401015"
    assert broker.outside.asked("/get-user-info")[0].query["cert"] == ""


@pytest.mark.parametrize("cipher", [None, GAMMA])
@pytest.mark.parametrize("static", [True, False])
@pytest.mark.parametrize("signed", [True, False])
def test_finish__every_form_of_envelope(
    make: Make, broker: Broker, cipher: str | None, static: bool, signed: bool
) -> None:
    how = {"static": static} | ({"cipher": cipher} if cipher else {})
    keys = broker.keys
    (keys.folder / "sender.cer").write_bytes(keys.sender.raw)
    broker.wrap = lambda content, certificate: keys.enveloped(
        keys.signed(content) if signed else content, certificate, **how
    )
    proof = finish(make(sender_files=[keys.folder / "sender.cer"]))
    assert proof.identity.identifier == "3287401015"
    names = ["answer.p7s", "certificate-1.cer", "certificate-2.cer", "certificate-3.cer"]
    assert list(proof.evidence) == ([*names, "revocation-1.der"] if signed else [])


def changed(broker: Broker, **fields: Any) -> None:
    broker.person = {name: value for name, value in (PERSON | fields).items() if value is not ...}


@pytest.mark.parametrize(
    ("fields", "kind", "identifier"),
    [
        ({"drfocode": "АЕ431207"}, IdentifierKind.PASSPORT, "АЕ431207"),
        ({"drfocode": "ae 431207"}, IdentifierKind.PASSPORT, "АЕ431207"),
        ({"drfocode": "900421517"}, IdentifierKind.PASSPORT, "900421517"),
        ({"drfocode": 3287401015}, IdentifierKind.RNOKPP, "3287401015"),
        # Ten digits of somebody without РНОКПП cannot meet somebody's РНОКПП.
        ({"drfocode": "3287401016"}, IdentifierKind.PASSPORT, "3287401016"),
        ({"drfocode": "n/a", "unzr": "19930517-04212"}, IdentifierKind.UNZR, "19930517-04212"),
        ({"drfocode": ..., "unzr": "1993051704212"}, IdentifierKind.UNZR, "19930517-04212"),
        (
            {"drfocode": "0000000000", "unzr": "1993051704212"},
            IdentifierKind.UNZR,
            "19930517-04212",
        ),
    ],
)
def test_person__by_which_number(
    plain: IdGovUa, broker: Broker, fields: dict[str, Any], kind: IdentifierKind, identifier: str
) -> None:
    changed(broker, **fields)
    person = finish(plain).identity
    assert (person.identifier_kind, person.identifier) == (kind, identifier)
    assert person.unzr is None


def test_person__the_number_in_the_register_beside_another(plain: IdGovUa, broker: Broker) -> None:
    changed(broker, unzr="1993051704212")
    person = finish(plain).identity
    assert (person.identifier_kind, person.unzr) == (IdentifierKind.RNOKPP, "19930517-04212")


@pytest.mark.parametrize(
    ("given", "middle", "expected"),
    [
        ("Тарас Тестович", "Тестович", ("Тарас", "Тестович")),
        ("Тарас Тестович", "n/a", ("Тарас", "Тестович")),
        ("Тарас", "Тестович", ("Тарас", "Тестович")),
        ("Тарас", "n/a", ("Тарас", "")),
        ("Анна Марія", "Іванівна", ("Анна Марія", "Іванівна")),
        ("Анна Марія Іванівна", None, ("Анна Марія", "Іванівна")),
        ("Мехмет", "Ахмед огли", ("Мехмет", "Ахмед огли")),
        ("Мехмет Ахмед огли", "Ахмед огли", ("Мехмет", "Ахмед огли")),
    ],
)
def test_person__names_in_one_place_or_two(
    plain: IdGovUa, broker: Broker, given: str, middle: str | None, expected: tuple[str, str]
) -> None:
    changed(broker, givenname=given, middlename=middle)
    person = finish(plain).identity
    assert (person.first_name, person.patronymic) == expected


def test_person__represents_an_organisation(plain: IdGovUa, broker: Broker) -> None:
    changed(broker, edrpoucode="40000121", o="Громада «Хвиля»")
    person = finish(plain).identity
    assert (person.edrpou, person.organisation) == ("40000121", "Громада «Хвиля»")
    assert person.identifier == "3287401015"


@pytest.mark.parametrize(
    ("auth_type", "isqscd", "level", "method"),
    [
        ("dig_sign", "1", Level.HIGH, "dig_sign"),
        ("dig_sign", "true", Level.HIGH, "dig_sign"),
        ("dig_sign", True, Level.HIGH, "dig_sign"),
        ("dig_sign", "0", Level.SUBSTANTIAL, "dig_sign"),
        ("dig_sign", "n/a", Level.SUBSTANTIAL, "dig_sign"),
        ("dig_sign", "maybe", Level.SUBSTANTIAL, "dig_sign"),
        ("diia_id", "1", Level.HIGH, "diia_id"),
        ("diia_id", None, Level.SUBSTANTIAL, "diia_id"),
        ("mobile_id", "1", Level.HIGH, "mobile_id"),
        ("bank_id", "n/a", Level.SUBSTANTIAL, "bank_id"),
        ("bank_id", "1", Level.SUBSTANTIAL, "bank_id"),
        ("telepathy", "1", Level.LOW, "other"),
        ("n/a", "1", Level.LOW, "other"),
        (None, "1", Level.LOW, "other"),
    ],
)
def test_level__by_way_and_device_and_low_for_the_unknown(
    plain: IdGovUa, broker: Broker, auth_type: Any, isqscd: Any, level: Level, method: str
) -> None:
    changed(broker, auth_type=auth_type, isqscd=isqscd)
    person = finish(plain).identity
    assert (person.level, person.method) == (level, f"idgovua+{method}")


def test_level__is_the_portals_decision(make: Make, broker: Broker) -> None:
    changed(broker, auth_type="diia_id", isqscd="n/a")
    assert finish(make(levels={"diia_id": "high"})).identity.level is Level.HIGH


def test_means__one_certificate_one_fingerprint(plain: IdGovUa, broker: Broker) -> None:
    def fingerprint(**fields: Any) -> str | None:
        changed(broker, **fields)
        broker.spent = False
        means = finish(plain).means
        return means and means.fingerprint

    usual = fingerprint()
    assert fingerprint(auth_type="diia_id", serial="5e9844a1") == usual
    assert fingerprint(serial="5E9844A2") not in (usual, None)
    assert fingerprint(serial="00 5e9844a1") == usual
    assert fingerprint(issuercn="Інший") not in (usual, None)
    assert fingerprint(issuercn="n/a", issuer="CN=Інший") not in (usual, None)
    assert fingerprint(serial="n/a") is None
    assert fingerprint(auth_type="bank_id") is None


@pytest.mark.parametrize("contact", ["n/a", None, "", "не вказано", "a@b", "+380"])
def test_person__contacts_that_are_none_keep_nobody_out(
    plain: IdGovUa, broker: Broker, contact: str | None
) -> None:
    changed(broker, email=contact, phone=contact)
    person = finish(plain).identity
    assert (person.email, person.phone) == (None, None)


# --- The bad ways ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/get-access-token", "/get-user-info"])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble__is_told_by_its_reason(
    make: Make, broker: Broker, path: str, trouble: str
) -> None:
    answer, reason = TROUBLES[trouble]
    broker.outside.paths[path] = answer
    assert refusal(make(plain_answers=True, **impatience(answer)))[0] == reason
    # Whoever got a session ends it, unless the service is away anyhow.
    ended = len(broker.outside.asked("/get-user-logout"))
    assert ended == (path == "/get-user-info" and reason != "unavailable")


def test_trouble__nobody_listens(sealing_keys: Keys) -> None:
    closed = Outside()
    closed.stop()
    provider = IdGovUa(IdGovUaOptions(**sealing_keys.options(base_url=closed.url)))
    assert refusal(provider) == ("unavailable", "")


@pytest.mark.parametrize("trouble", sorted(set(TROUBLES) - {"trickles"}))
def test_trouble__at_the_end_of_the_session_keeps_nobody_out(
    make: Make, broker: Broker, trouble: str
) -> None:
    answer = TROUBLES[trouble][0]
    broker.outside.paths["/get-user-logout"] = answer
    # Long enough for the answers before it.
    options = {"read_timeout": 1.5} if answer.hangs else {}
    assert finish(make(plain_answers=True, **options)).identity.identifier == "3287401015"
    assert len(broker.outside.asked("/get-user-logout")) == 1


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"access_token": ...}, "access_token"),
        ({"access_token": "two words"}, "access_token"),
        ({"access_token": 5}, "access_token"),
        ({"token_type": "mac"}, "token_type"),
        ({"token_type": None}, "token_type"),
        ({"expires_in": "soon"}, "expires_in"),
        ({"expires_in": 0}, "expires_in"),
        ({"expires_in": -1}, "expires_in"),
        ({"user_id": ...}, "user_id"),
        ({"user_id": ""}, "user_id"),
        ({"user_id": None}, "user_id"),
        ({"user_id": ["1"]}, "user_id"),
    ],
)
def test_token__is_checked(
    plain: IdGovUa, broker: Broker, change: dict[str, Any], detail: str
) -> None:
    members = {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 10, "user_id": "1"}
    members = {name: value for name, value in (members | change).items() if value is not ...}
    broker.outside.paths["/get-access-token"] = as_json(members)
    assert refusal(plain) == ("bad_answer", detail)
    assert broker.outside.asked("/get-user-info") == []


def test_code__works_once(plain: IdGovUa, broker: Broker) -> None:
    finish(plain)
    assert refusal(plain) == ("refused", "error")


def test_user__must_be_the_one_of_the_token(plain: IdGovUa, broker: Broker) -> None:
    broker.person["user_id"] = 170042
    finish(plain)
    broker.spent = False
    broker.person["user_id"] = "170043"
    assert refusal(plain) == ("bad_answer", "user_id")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"drfocode": "n/a"}, ("no_person", "")),
        ({"drfocode": "n/a", "edrpoucode": "40000121"}, ("no_person", "")),
        ({"drfocode": "12345"}, ("bad_answer", "drfocode")),
        ({"drfocode": "'; DROP TABLE"}, ("bad_answer", "drfocode")),
        ({"drfocode": ["3287401015"]}, ("bad_answer", "drfocode")),
        ({"drfocode": 3.5}, ("bad_answer", "drfocode")),
        ({"unzr": "19930517-00000"}, ("bad_answer", "unzr")),
        ({"lastname": "n/a"}, ("bad_answer", "lastname")),
        ({"lastname": "\u202eТестенко"}, ("bad_answer", "lastname")),
        ({"lastname": "Т" * 200}, ("bad_answer", "lastname")),
        ({"givenname": "n/a", "middlename": "n/a"}, ("bad_answer", "givenname")),
        ({"givenname": {"first": "Тарас"}}, ("bad_answer", "givenname")),
        ({"middlename": "123"}, ("bad_answer", "middlename")),
        ({"serial": "1" * 2000}, ("bad_answer", "serial")),
    ],
)
def test_person__that_makes_no_sense(
    plain: IdGovUa, broker: Broker, fields: dict[str, Any], expected: tuple[str, str]
) -> None:
    changed(broker, **fields)
    assert refusal(plain) == expected


def test_envelope__a_plain_answer_is_not_taken_instead(make: Make, broker: Broker) -> None:
    broker.outside.paths["/get-user-info"] = as_json(PERSON)
    assert refusal(make()) == ("bad_answer", "not_encrypted")


def test_envelope__what_stands_beside_it_counts_for_nothing(make: Make, broker: Broker) -> None:
    usual = broker.info

    def forged(request: Request) -> Answer:
        return as_json(json.loads(usual(request).body) | PERSON | {"drfocode": "3142501187"})

    broker.outside.paths["/get-user-info"] = forged
    assert finish(make()).identity.identifier == "3287401015"


def stranger(keys: Keys) -> Holder:
    del keys
    nobody = maker.authority("Nobody", DstuPrivateKey("nobody"))
    return maker.issue(maker.Subject(seal=True), DstuPrivateKey("stranger"), nobody)


def revoked_listing(keys: Keys) -> bytes:
    return maker.make_crl(keys.authority, [keys.seal.certificate])


BAD_ENVELOPES: dict[str, tuple[Callable[[Keys, bytes, str], bytes | str], tuple[str, str]]] = {
    "no base64": (lambda keys, content, cert: "***", ("bad_answer", "malformed")),
    "no envelope": (lambda keys, content, cert: "MAA=", ("bad_answer", "malformed")),
    "cut": (
        lambda keys, content, cert: keys.enveloped(content, cert, static=False)[:-8],
        ("bad_answer", "malformed"),
    ),
    "for another certificate": (
        lambda keys, content, cert: keys.enveloped(
            content, keys_certificate(keys.sender), static=False
        ),
        ("bad_answer", "wrong_key_usage"),
    ),
    "named for us, made for another key": (
        lambda keys, content, cert: keys.enveloped(
            content, keys_certificate(keys.sender), named=keys.portal, static=False
        ),
        ("bad_answer", "bad_signature"),
    ),
    "from an unknown sender": (
        lambda keys, content, cert: keys.enveloped(content, cert, static=True),
        ("bad_answer", "certificate_missing"),
    ),
    "signed by a stranger": (
        lambda keys, content, cert: keys.signed(content, stranger(keys)),
        ("bad_answer", "untrusted_issuer"),
    ),
    "signature of something else": (
        lambda keys, content, cert: keys.signed(content, hashed_content=b"{}"),
        ("bad_answer", "digest_mismatch"),
    ),
    "two signers": (
        lambda keys, content, cert: keys.signed(content, signers=2),
        ("bad_answer", "several_signers"),
    ),
    "no JSON": (lambda keys, content, cert: b"<html>", ("bad_answer", "json")),
    "a list": (lambda keys, content, cert: b"[1]", ("bad_answer", "json")),
    "a signed list": (lambda keys, content, cert: keys.signed(b"[1]"), ("bad_answer", "json")),
    "nothing": (lambda keys, content, cert: b"", ("bad_answer", "json")),
}


def keys_certificate(holder: Holder) -> str:
    return base64.b64encode(holder.raw).decode()


@pytest.mark.parametrize("name", BAD_ENVELOPES)
def test_envelope__bad_ones_are_refused(make: Make, broker: Broker, name: str) -> None:
    wrap, expected = BAD_ENVELOPES[name]
    broker.wrap = lambda content, certificate: wrap(broker.keys, content, certificate)
    assert refusal(make()) == expected


def test_envelope__a_revoked_signer_and_silence_about_one(make: Make, broker: Broker) -> None:
    broker.wrap = lambda content, certificate: broker.keys.signed(content)
    network = Revocations(revoked_listing(broker.keys))
    assert refusal(make(transport=network)) == ("bad_answer", "revoked")
    broker.spent = False
    network = Revocations(b"", silent=True)
    assert refusal(make(transport=network)) == ("unavailable", "revocation_unknown")
    assert network.asked


def test_logs__hold_neither_secrets_nor_people(
    make: Make, plain: IdGovUa, broker: Broker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    finish(make())
    for answer, _ in TROUBLES.values():
        if not impatience(answer):
            broker.spent = False
            broker.outside.paths["/get-user-info"] = answer
            refusal(plain)
    assert caplog.records
    for secret in ("s3cret-of-the-portal", CODE, TOKEN, "3287401015", "Тестенко"):
        assert secret not in caplog.text


def test_mutations__nothing_but_a_refusal_escapes(
    make: Make, plain: IdGovUa, broker: Broker
) -> None:
    """Octets of every answer are changed, dropped, doubled; the outcome is a proof or a refusal."""
    chance = random.Random(20261123)
    sealed = make()
    reasons = Counter[str]()
    for round_ in range(160):
        path, usual = chance.choice(
            [("/get-access-token", broker.token), ("/get-user-info", broker.info)]
        )
        seed = chance.random()
        broker.spent = False
        broker.outside.paths |= {"/get-access-token": broker.token, "/get-user-info": broker.info}
        broker.outside.paths[path] = lambda request, usual=usual, seed=seed: Answer(
            mutated(usual(request).body, random.Random(seed))
        )
        try:
            finish(plain if round_ % 4 else sealed)
        except IdentityError as error:
            reasons[error.reason] += 1
    assert set(reasons) <= {"bad_answer", "refused", "unavailable", "no_person"}
    assert reasons.total() > 60


def mutated(body: bytes, chance: random.Random) -> bytes:
    octets = bytearray(body)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(octets) or 1)
        match chance.randrange(4):
            case 0:
                octets[place : place + 1] = bytes((chance.randrange(256),))
            case 1:
                del octets[place : place + chance.randint(1, 9)]
            case 2:
                octets[place:place] = octets[: chance.randint(1, 40)]
            case 3:
                swaps = ((b'"', b"[]"), (b"bearer", b"mac"), (b":", b": null,"), (b"1", b"-1"))
                old, new = chance.choice(swaps)
                octets = bytearray(bytes(octets).replace(old, new, 1))
    return bytes(octets)


# --- Options -----------------------------------------------------------------------------------


def test_options__are_named_when_wrong(sealing_keys: Keys, tmp_path: Any) -> None:
    def said(**changes: Any) -> str:
        with pytest.raises(ValueError) as caught:
            IdGovUa(IdGovUaOptions(**sealing_keys.options(**changes)))
        return str(caught.value)

    assert "base_url" in said(base_url="http://id.gov.ua")
    assert "client_secret" in said(client_secret="")
    assert "s3cret" not in said(client_id="")
    assert "auth_types" in said(auth_types=["telepathy"])
    assert "auth_types" in said(auth_types=[])
    assert "levels" in said(levels={"telepathy": "high"})
    assert "levels" in said(levels={"dig_sign": "highest"})
    assert "cert_encoding" in said(cert_encoding="triple")
    assert "read_timeout" in said(read_timeout=0)
    assert "plain_answers" in said(plain_answers=True, allow_http_loopback=False)
    assert "trust" in said(trust="")
    assert "key_file" in said(key_file="")
    assert "nowhere" in said(certificate_file=tmp_path / "nowhere.cer")
    wrong_key = tmp_path / "portal.key"
    for text in ("5", "no number", ""):
        wrong_key.write_text(text)
        assert "key" in said(key_file=wrong_key)
    (tmp_path / "portal.json").write_text(json.dumps({"d": "5"}))
    assert "key_file" in said(key_file=f"{tmp_path}/portal.json#d")
    assert "no private scalar" in said(key_file=f"{tmp_path}/portal.json#e")
    assert "s3cret" not in repr(IdGovUaOptions(**sealing_keys.options()))


def test_check__tells_what_is_only_for_demonstration(sealing_keys: Keys) -> None:
    quiet = IdGovUa(IdGovUaOptions(**sealing_keys.options(allow_http_loopback=False)))
    assert quiet.check() == []
    loud = IdGovUa(IdGovUaOptions(**sealing_keys.options(plain_answers=True)))
    assert len(loud.check()) == 2


def test_highest_level__of_the_ways_that_are_offered(make: Make) -> None:
    assert make().highest_level is Level.HIGH
    assert make(auth_types=["any"]).highest_level is Level.HIGH
    assert make(auth_types=["bank_id"]).highest_level is Level.SUBSTANTIAL
    assert make(auth_types=["bank_id"], levels={"bank_id": "low"}).highest_level is Level.LOW
