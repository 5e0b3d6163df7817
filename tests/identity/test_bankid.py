"""BankID НБУ over real HTTP with real cryptography: both versions, and every bad answer refused."""

import base64
import json
import logging
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from integrations.identity.bankid import BankId, BankIdOptions
from integrations.identity.base import (
    Choice,
    Flow,
    IdentifierKind,
    IdentityError,
    Level,
    MeansKind,
    Proof,
)
from sandbox.authority import maker
from sandbox.authority.envelopes import GAMMA
from sandbox.authority.keys import DstuPrivateKey
from sandbox.authority.maker import Holder
from tests.identity.conftest import NOW
from tests.identity.outside import TROUBLES, Answer, Outside, Request, as_json, impatience
from tests.identity.sealing import BANK_EDRPOU, Keys, Revocations, agreeing, sealing
from tests.identity.test_id_gov_ua import mutated

NONCE = "mB4Zk1X9q0vYt7sLw2RcNg"
BACK = "https://portal.example/videoreception/sign-in/bankid/callback/"
CODE = "c0de-of-one-time"
TOKEN_PATH, CLIENT_PATH = "/v1/bank/oauth2/token", "/v1/bank/resource/client"
TOKEN = "t0ken-of-the-session"

BANKS: list[dict[str, Any]] = [
    {"id": "dnipro", "name": "Банк «Дніпро»", "workable": True, "memberId": "300002", "order": 2},
    {"id": "kalyna", "name": "Банк «Калина»", "workable": True, "memberId": "300001", "order": 1},
    {"id": "asleep", "name": "Банк «Сон»", "workable": False, "memberId": "300003", "order": 3},
]
PERSON: dict[str, Any] = {
    "type": "physical",
    "lastName": "Тестенко",
    "firstName": "Тарас",
    "middleName": "Тестович",
    "phone": "380501234567",
    "inn": "3287401015",
    "email": "taras@example.com",
    "birthDay": "01.01.1990",
    "sex": "M",
    "flagPEPs": 0,
    "uaResident": 1,
}


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Bank:
    """The service with its wire format; `wrap` makes the envelope, `change` the JSON around it."""

    outside: Outside
    keys: Keys
    person: dict[str, Any] = field(default_factory=lambda: dict(PERSON))
    wrap: Callable[[bytes, str], str] | None = None
    change: dict[str, Any] = field(default_factory=dict)
    spent: bool = False

    def __post_init__(self) -> None:
        self.outside.paths |= {
            "/api/banks": as_json(BANKS),
            TOKEN_PATH: self.token,
            CLIENT_PATH: self.client,
        }

    def token(self, request: Request) -> Answer:
        if request.form["code"] != CODE or self.spent:
            return as_json({"error": "invalid_grant"}, 400)
        self.spent = True
        return as_json(
            {
                "token_type": "bearer",
                "access_token": TOKEN,
                "expires_in": 180,
                "refresh_token": "n/a",
            }
        )

    def client(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return as_json({"error": "invalid_token"})
        members = {
            "state": "ok",
            "cert": base64.b64encode(self.keys.sender.raw).decode(),
            "customerCrypto": self.envelope(json.loads(request.body)["cert"]),
            "memberId": "300001",
        }
        members = members | self.change
        return as_json({name: value for name, value in members.items() if value is not ...})

    def envelope(self, certificate: str) -> str:
        content = json.dumps(self.person, ensure_ascii=False).encode()
        if self.wrap is not None:
            return self.wrap(content, certificate)
        return self.keys.enveloped(self.keys.signed(content), certificate)


@pytest.fixture
def bank(outside: Outside, sealing_keys: Keys) -> Bank:
    return Bank(outside, sealing_keys)


@pytest.fixture
def clock() -> Clock:
    return Clock()


Make = Callable[..., BankId]


@pytest.fixture
def make(outside: Outside, sealing_keys: Keys, clock: Clock) -> Make:
    def make(**changes: Any) -> BankId:
        options = sealing_keys.options(**{"base_url": outside.url, "dataset": "11"} | changes)
        return BankId(BankIdOptions(**options), clock=clock)

    return make


def finish(provider: BankId, choice: str = "kalyna", **answer: str) -> Proof:
    came = answer or {"code": CODE, "state": NONCE}
    return provider.finish(came, return_url=BACK, choice=choice, now=NOW)


def refusal(provider: BankId, choice: str = "kalyna", **answer: str) -> tuple[str, str]:
    with pytest.raises(IdentityError) as caught:
        finish(provider, choice, **answer)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value.reason, caught.value.detail


# --- The banks, and the way of the browser -----------------------------------------------------


def test_choices__the_banks_in_their_order(make: Make, bank: Bank) -> None:
    assert make().choices() == (
        Choice("kalyna", "Банк «Калина»"),
        Choice("dnipro", "Банк «Дніпро»"),
        Choice("asleep", "Банк «Сон»", available=False),
    )


def test_choices__are_kept_for_a_while(make: Make, bank: Bank, clock: Clock) -> None:
    provider = make()
    for _ in range(3):
        provider.choices()
    clock.now += 299
    provider.choices()
    assert len(bank.outside.asked("/api/banks")) == 1
    clock.now += 1
    bank.outside.paths["/api/banks"] = as_json(BANKS[:1])
    assert [choice.key for choice in provider.choices()] == ["dnipro"]


def test_choices__serve_while_the_service_is_down(make: Make, bank: Bank, clock: Clock) -> None:
    provider = make()
    provider.choices()
    bank.outside.paths["/api/banks"] = Answer(b"", 503)
    for _ in range(10):
        clock.now += 3600
        assert len(provider.choices()) == 3
    clock.now += 86400
    with pytest.raises(IdentityError, match="unavailable"):
        provider.choices()


def test_choices__a_service_that_is_down_is_not_asked_by_everybody(
    make: Make, bank: Bank, clock: Clock
) -> None:
    bank.outside.paths["/api/banks"] = Answer(b"", 503)
    provider = make()
    for _ in range(10):
        with pytest.raises(IdentityError, match="unavailable"):
            provider.choices()
    assert len(bank.outside.asked("/api/banks")) == 1
    bank.outside.paths["/api/banks"] = as_json(BANKS)
    clock.now += 20
    assert len(provider.choices()) == 3


@pytest.mark.parametrize("trouble", sorted(set(TROUBLES) - {"a list"}))
def test_choices__trouble(make: Make, bank: Bank, trouble: str) -> None:
    answer, reason = TROUBLES[trouble]
    bank.outside.paths["/api/banks"] = answer
    with pytest.raises(IdentityError) as caught:
        make(**impatience(answer)).choices()
    assert caught.value.reason == reason


@pytest.mark.parametrize("listed", [[], [1], [{}], [BANKS[0] | {"id": ""}], [BANKS[0], BANKS[0]]])
def test_choices__a_list_without_banks_makes_no_sense(
    make: Make, bank: Bank, listed: list[Any]
) -> None:
    bank.outside.paths["/api/banks"] = as_json(listed)
    with pytest.raises(IdentityError, match="bad_answer: banks"):
        make().choices()


def test_choices__what_is_no_bank_is_left_out(make: Make, bank: Bank) -> None:
    strange = [BANKS[0] | change for change in ({"name": None}, {"name": "a\nb"}, {"memberId": ""})]
    odd = {"id": 7, "name": "Сьомий", "workable": "true", "memberId": 300007, "order": None}
    bank.outside.paths["/api/banks"] = as_json([*strange, odd, BANKS[1]])
    assert make().choices() == (Choice("kalyna", "Банк «Калина»"), Choice("7", "Сьомий"))


def test_start__the_address_has_every_field_and_no_other(
    make: Make, bank: Bank, outside: Outside
) -> None:
    common = [
        ("response_type", "code"),
        ("client_id", "portal-client"),
        ("redirect_uri", BACK),
        ("state", NONCE),
        ("bank_id", "kalyna"),
    ]
    for version, further in (("v1", []), ("v2", [("dataset", "11")])):
        provider = make(version=version)
        address = provider.start(nonce=NONCE, return_url=BACK, choice="kalyna")
        assert address.startswith(f"{outside.url}/v1/bank/oauth2/authorize?")
        assert parse_qsl(urlsplit(address).query) == common + further
        assert provider.flow is Flow.REDIRECT
        assert [button.key for button in provider.buttons] == [""]


@pytest.mark.parametrize("wrong", [{"choice": ""}, {"choice": "300001"}, {"choice": "asleep"}])
def test_start__only_banks_that_work(make: Make, bank: Bank, wrong: dict[str, str]) -> None:
    with pytest.raises(IdentityError, match="unknown_choice"):
        make().start(nonce=NONCE, return_url=BACK, **wrong)
    with pytest.raises(IdentityError, match="unknown_choice"):
        make().start(nonce=NONCE, return_url=BACK, choice="kalyna", button="x")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"error": "access_denied"}, ("cancelled", "error")),
        ({"error": "temporarily_unavailable"}, ("unavailable", "error")),
        ({"error": "unauthorized_client"}, ("misconfigured", "error")),
        ({"error": "invalid_request"}, ("misconfigured", "error")),
        ({"error": "неочікувано"}, ("refused", "error")),
        ({"state": NONCE}, ("bad_answer", "code")),
    ],
)
def test_callback__without_a_code_nobody_is_asked(
    make: Make, outside: Outside, answer: dict[str, str], expected: tuple[str, str]
) -> None:
    assert refusal(make(), **answer) == expected
    assert outside.requests == []


# --- The good ways -----------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_finish__the_person_and_what_was_asked(make: Make, bank: Bank, version: str) -> None:
    proof = finish(make(version=version))
    person = proof.identity
    assert (person.identifier_kind, person.identifier) == (IdentifierKind.RNOKPP, "3287401015")
    assert (person.last_name, person.first_name, person.patronymic) == (
        "Тестенко", "Тарас", "Тестович",
    )  # fmt: skip
    assert (person.email, person.phone) == ("taras@example.com", "+380501234567")
    assert (person.level, person.method) == (Level.SUBSTANTIAL, "bankid")
    assert (person.provider, person.auth_time) == ("bankid", NOW)
    assert (person.unzr, person.edrpou, person.organisation) == (None, None, None)
    assert proof.means is not None
    assert (proof.means.kind, proof.means.label) == (MeansKind.BANK, "Банк «Калина»")
    assert list(proof.evidence) == [
        "answer.p7s", "certificate-1.cer", "certificate-2.cer", "certificate-3.cer",
        "revocation-1.der",
    ]  # fmt: skip
    # What a bank knows beside that is not carried on in the identity.
    assert "01.01.1990" not in str(proof.identity)

    token, client = bank.outside.asked(TOKEN_PATH)[0], bank.outside.asked(CLIENT_PATH)[0]
    assert (token.method, token.query) == ("POST", {})
    assert token.headers["content-type"] == "application/x-www-form-urlencoded"
    assert token.form == {
        "grant_type": "authorization_code",
        "code": CODE,
        "client_id": "portal-client",
        "client_secret": "s3cret-of-the-portal",
    }
    assert (client.method, client.query) == ("POST", {})
    assert client.headers["content-type"] == "application/json"
    assert client.headers["authorization"] == f"Bearer {TOKEN}"
    certificate = {"cert": base64.b64encode(bank.keys.portal.raw).decode()}
    fields = ["lastName", "firstName", "middleName", "phone", "inn", "email"]
    asked = certificate | {"type": "physical", "fields": fields}
    assert client.json == (asked if version == "v1" else certificate)


@pytest.mark.parametrize("static", [True, False])
@pytest.mark.parametrize("how", [{}, {"cipher": GAMMA}, {"by_key_identifier": True}])
def test_finish__every_form_of_envelope(
    make: Make, bank: Bank, static: bool, how: dict[str, Any]
) -> None:
    keys = bank.keys
    bank.wrap = lambda content, certificate: keys.enveloped(
        keys.signed(content), certificate, static=static, **how
    )
    if not static:
        # Nobody needs the bank's certificate for an ephemeral key.
        bank.change = {"cert": "n/a"}
    assert finish(make()).identity.identifier == "3287401015"


@pytest.mark.parametrize(
    ("inn", "kind", "identifier"),
    [
        ("3287401015", IdentifierKind.RNOKPP, "3287401015"),
        ("АЕ431207", IdentifierKind.PASSPORT, "АЕ431207"),
        ("AE 431207", IdentifierKind.PASSPORT, "АЕ431207"),
        ("900421517", IdentifierKind.PASSPORT, "900421517"),
        ("3287401016", IdentifierKind.PASSPORT, "3287401016"),
    ],
)
def test_person__by_which_number(
    make: Make, bank: Bank, inn: str, kind: IdentifierKind, identifier: str
) -> None:
    bank.person["inn"] = inn
    person = finish(make()).identity
    assert (person.identifier_kind, person.identifier) == (kind, identifier)


def test_person__may_lack_all_but_name_and_number(make: Make, bank: Bank) -> None:
    bank.person = {
        "lastName": "О’Ніл",
        "firstName": "Ян",
        "inn": "АЕ431207",
        "email": "",
        "phone": 5,
    }
    with pytest.raises(IdentityError, match="bad_answer: phone"):
        finish(make())
    bank.spent = False
    bank.person["phone"] = "не вказано"
    person = finish(make()).identity
    assert (person.patronymic, person.email, person.phone) == ("", None, None)


def test_means__one_person_at_one_bank(make: Make, bank: Bank) -> None:
    def fingerprint(choice: str = "kalyna", **person: Any) -> str:
        bank.person = PERSON | person
        bank.change = {"memberId": next(b["memberId"] for b in BANKS if b["id"] == choice)}
        bank.spent = False
        means = finish(provider, choice).means
        assert means is not None
        return means.fingerprint

    provider = make()
    usual = fingerprint()
    assert fingerprint(phone="380997654321", lastName="Інша") == usual
    assert fingerprint(inn="АЕ431207") != usual
    assert fingerprint("dnipro") != usual


def test_level__is_the_portals_decision(make: Make, bank: Bank) -> None:
    assert finish(make(level="low")).identity.level is Level.LOW


def test_finish__a_number_instead_of_a_text_names_the_bank_too(make: Make, bank: Bank) -> None:
    bank.change = {"memberId": 300001}
    assert finish(make()).identity.identifier == "3287401015"


# --- The bad ways ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [TOKEN_PATH, CLIENT_PATH])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble__is_told_by_its_reason(make: Make, bank: Bank, path: str, trouble: str) -> None:
    answer, reason = TROUBLES[trouble]
    provider = make(**impatience(answer))
    bank.outside.paths[path] = answer
    assert refusal(provider)[0] == reason


def test_trouble__nobody_listens(make: Make) -> None:
    closed = Outside()
    closed.stop()
    assert refusal(make(base_url=closed.url)) == ("unavailable", "")


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"access_token": ...}, "access_token"),
        ({"access_token": "a\r\nX-Evil: 1"}, "access_token"),
        ({"token_type": "mac"}, "token_type"),
        ({"expires_in": "0"}, "expires_in"),
    ],
)
def test_token__is_checked(make: Make, bank: Bank, change: dict[str, Any], detail: str) -> None:
    members = {"access_token": TOKEN, "token_type": "Bearer", "expires_in": "180"} | change
    members = {name: value for name, value in members.items() if value is not ...}
    bank.outside.paths[TOKEN_PATH] = as_json(members)
    assert refusal(make()) == ("bad_answer", detail)
    assert bank.outside.asked(CLIENT_PATH) == []


def test_code__works_once(make: Make, bank: Bank) -> None:
    provider = make()
    finish(provider)
    assert refusal(provider) == ("code_refused", "error")


@pytest.mark.parametrize("member", ["300002", "300001 ", "", None, ..., ["300001"]])
def test_bank__must_be_the_chosen_one(make: Make, bank: Bank, member: Any) -> None:
    bank.change = {"memberId": member}
    assert refusal(make()) == ("wrong_bank", "memberId")


def test_bank__must_have_been_chosen(make: Make, bank: Bank) -> None:
    assert refusal(make(), choice="") == ("unknown_choice", "")


@pytest.mark.parametrize("state", ["nOk", "", None, ..., True])
def test_state__must_be_ok(make: Make, bank: Bank, state: Any) -> None:
    bank.change = {"state": state}
    assert refusal(make()) == ("bad_answer", "state")


def test_json__around_the_envelope_counts_for_nothing(make: Make, bank: Bank) -> None:
    bank.change = PERSON | {"inn": "3142501187", "lastName": "Чужа", "type": "juridical"}
    person = finish(make()).identity
    assert (person.identifier, person.last_name) == ("3287401015", "Тестенко")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"type": "juridical"}, ("no_number", "type")),
        ({"inn": ""}, ("no_number", "inn")),
        ({"inn": None}, ("no_number", "inn")),
        ({"inn": "0000000000"}, ("no_number", "inn")),
        ({"inn": "12345"}, ("bad_answer", "inn")),
        ({"inn": "3287401015; DROP"}, ("bad_answer", "inn")),
        ({"inn": 3287401015}, ("bad_answer", "inn")),
        ({"lastName": ""}, ("bad_answer", "lastName")),
        ({"lastName": "Т\u200dестенко"}, ("bad_answer", "lastName")),
        ({"firstName": ["Тарас"]}, ("bad_answer", "firstName")),
        ({"middleName": "123"}, ("bad_answer", "middleName")),
    ],
)
def test_person__that_makes_no_sense(
    make: Make, bank: Bank, change: dict[str, Any], expected: tuple[str, str]
) -> None:
    bank.person |= change
    assert refusal(make()) == expected


Wrap = Callable[[Keys, bytes, str], str]


def base64_of(holder: Holder) -> str:
    return base64.b64encode(holder.raw).decode()


def signed_by(subject: maker.Subject, *, trusted: bool = True) -> Wrap:
    def wrap(keys: Keys, content: bytes, certificate: str) -> str:
        issuer = keys.authority
        if not trusted:
            issuer = maker.authority("Nobody", DstuPrivateKey("nobody"))
        signer = maker.issue(subject, DstuPrivateKey("another signer"), issuer)
        return keys.enveloped(keys.signed(content, signer), certificate)

    return wrap


BAD_ANSWERS: dict[str, tuple[Wrap, tuple[str, str]]] = {
    "no envelope": (lambda keys, content, cert: "n/a", ("bad_answer", "malformed")),
    "the questionnaire without envelope": (
        lambda keys, content, cert: base64.b64encode(content).decode(),
        ("bad_answer", "trailing_data"),
    ),
    "signed, not enveloped": (
        lambda keys, content, cert: base64.b64encode(keys.signed(content)).decode(),
        ("bad_answer", "malformed"),
    ),
    "not signed": (
        lambda keys, content, cert: keys.enveloped(content, cert),
        ("bad_answer", "not_signed"),
    ),
    "not signed, ephemeral": (
        lambda keys, content, cert: keys.enveloped(content, cert, static=False),
        ("bad_answer", "not_signed"),
    ),
    "for another certificate": (
        lambda keys, content, cert: keys.enveloped(keys.signed(content), base64_of(keys.sender)),
        ("bad_answer", "wrong_key_usage"),
    ),
    "named for us, made for another key": (
        lambda keys, content, cert: keys.enveloped(
            keys.signed(content), base64_of(keys.sender), named=keys.portal
        ),
        ("bad_answer", "bad_signature"),
    ),
    "signed by a stranger": (
        signed_by(sealing(), trusted=False),
        ("bad_answer", "untrusted_issuer"),
    ),
    "signed by a person": (signed_by(maker.Subject()), ("bad_answer", "signer")),
    "signed with a key for encryption": (
        signed_by(agreeing("Банк", BANK_EDRPOU)),
        ("bad_answer", "wrong_key_usage"),
    ),
    "signed by another organisation than the sender": (
        signed_by(sealing("40000121")),
        ("wrong_bank", "sender"),
    ),
    "signature of something else": (
        lambda keys, content, cert: keys.enveloped(
            keys.signed(content, hashed_content=b"{}"), cert
        ),
        ("bad_answer", "digest_mismatch"),
    ),
    "a signed text": (
        lambda keys, content, cert: keys.enveloped(keys.signed(b"n/a"), cert),
        ("bad_answer", "json"),
    ),
}


@pytest.mark.parametrize("name", BAD_ANSWERS)
def test_envelope__bad_ones_are_refused(make: Make, bank: Bank, name: str) -> None:
    wrap, expected = BAD_ANSWERS[name]
    bank.wrap = lambda content, certificate: wrap(bank.keys, content, certificate)
    assert refusal(make()) == expected


def test_envelope__a_sender_whom_nobody_knows(make: Make, bank: Bank) -> None:
    nobody = maker.authority("Nobody", DstuPrivateKey("nobody"))
    stranger = maker.issue(agreeing("Банк", BANK_EDRPOU), DstuPrivateKey("stranger"), nobody)
    keys = bank.keys
    bank.wrap = lambda content, certificate: keys.enveloped(
        keys.signed(content), certificate, sender=stranger
    )
    bank.change = {"cert": base64_of(stranger)}
    assert refusal(make()) == ("bad_answer", "untrusted_issuer")
    bank.spent, bank.change = False, {"cert": ...}
    assert refusal(make()) == ("bad_answer", "certificate_missing")


def test_signer__of_a_bank_may_be_pinned(make: Make, bank: Bank) -> None:
    assert finish(make(signers={"300001": BANK_EDRPOU})).identity.identifier == "3287401015"
    bank.spent = False
    assert refusal(make(signers={"300001": "40000121"})) == ("wrong_bank", "signer")


def test_envelope__a_revoked_signer_and_silence_about_one(make: Make, bank: Bank) -> None:
    listing = maker.make_crl(bank.keys.authority, [bank.keys.seal.certificate])
    assert refusal(make(transport=Revocations(listing))) == ("bad_answer", "revoked")
    bank.spent = False
    silent = Revocations(b"", silent=True)
    assert refusal(make(transport=silent)) == ("unavailable", "revocation_unknown")


def test_logs__hold_neither_secrets_nor_people(
    make: Make, bank: Bank, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    provider = make()
    finish(provider)
    for answer, _ in TROUBLES.values():
        if not impatience(answer):
            bank.spent = False
            bank.outside.paths[CLIENT_PATH] = answer
            refusal(provider)
    assert caplog.records
    for secret in ("s3cret-of-the-portal", CODE, TOKEN, "3287401015", "Тестенко"):
        assert secret not in caplog.text


def test_mutations__nothing_but_a_refusal_escapes(make: Make, bank: Bank) -> None:
    """Octets of every answer are changed, dropped, doubled; the outcome is a proof or a refusal."""
    chance = random.Random(20261123)
    provider = make()
    provider.choices()
    ready = bank.keys.enveloped(
        bank.keys.signed(json.dumps(PERSON).encode()), base64_of(bank.keys.portal)
    )
    bank.wrap = lambda content, certificate: ready
    reasons = Counter[str]()
    for _ in range(100):
        path, usual = chance.choice([(TOKEN_PATH, bank.token), (CLIENT_PATH, bank.client)])
        seed = chance.random()
        bank.spent = False
        bank.outside.paths |= {TOKEN_PATH: bank.token, CLIENT_PATH: bank.client}
        bank.outside.paths[path] = lambda request, usual=usual, seed=seed: Answer(
            mutated(usual(request).body, random.Random(seed))
        )
        try:
            finish(provider)
        except IdentityError as error:
            reasons[error.reason] += 1
    assert set(reasons) <= {"bad_answer", "code_refused", "refused", "unavailable", "wrong_bank"}
    assert reasons.total() > 40


# --- Options -----------------------------------------------------------------------------------


def test_options__are_named_when_wrong(sealing_keys: Keys) -> None:
    def said(**changes: Any) -> str:
        with pytest.raises(ValueError) as caught:
            BankId(BankIdOptions(**sealing_keys.options(**{"dataset": "11"} | changes)))
        return str(caught.value)

    assert "version" in said(version="v3")
    assert "dataset" in said(dataset="")
    assert "level" in said(level="highest")
    assert "trust" in said(trust="")
    assert "base_url" in said(base_url="http://id.bank.gov.ua")
    assert BankIdOptions(**sealing_keys.options(version="v1")).base_url == "https://id.bank.gov.ua"


def test_check__tells_what_is_only_for_demonstration(make: Make, sealing_keys: Keys) -> None:
    options = sealing_keys.options(allow_http_loopback=False, dataset="11")
    signers = {"300001": BANK_EDRPOU}
    assert BankId(BankIdOptions(**options, signers=signers)).check() == []
    assert "without TLS" in "".join(make(signers=signers).check())
    assert "any organisation" in "".join(BankId(BankIdOptions(**options)).check())


def test_highest_level__is_the_portals_decision(make: Make) -> None:
    assert make().highest_level is Level.SUBSTANTIAL
    assert make(level="low").highest_level is Level.LOW
