"""id.gov.ua over real HTTP: the way there and back, and every trouble on it."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from integrations.common.levels import Level
from integrations.identity.base import CredentialKind, Flow, IdentifierKind, IdentityError
from integrations.identity.id_gov_ua import IdGovUa, IdGovUaOptions
from tests.identity.id_gov_ua.service import BACK, CODE, NONCE, TOKEN, Broker, Make, finish, refusal
from tests.identity.outside import TROUBLES, Outside, as_json, impatience
from tests.identity.sealing import BANK_EDRPOU, Keys
from tests.steps.identity import NOW

SIGNERS = [BANK_EDRPOU]


def test_start__the_address_has_every_field_and_no_other(sealing_keys: Keys) -> None:
    ways = ["dig_sign", "diia_id", "mobile_id", "bank_id"]
    options = sealing_keys.options(auth_types=ways, signers=SIGNERS)
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
    ("wrong", "error"),
    [
        ({"nonce": "short"}, ValueError),
        ({"nonce": "x" * 16 + "&"}, ValueError),
        ({"return_url": "/callback/"}, IdentityError),
    ],
)
def test_start__what_goes_along_is_checked(
    make: Make, wrong: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
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
    assert proof.credential is not None
    assert (proof.credential.kind, proof.credential.label) == (CredentialKind.KEY, "Надавач послуг")
    assert "answer.p7s" in proof.evidence

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
    provider = IdGovUa(IdGovUaOptions(**sealing_keys.options(base_url=closed.url, signers=SIGNERS)))
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
    for wrong in ("170043", None, "", ["170042"], ...):
        broker.spent = False
        broker.person["user_id"] = wrong
        assert refusal(plain) == ("bad_answer", "user_id")
