"""BankID НБУ over real HTTP: both versions, and every trouble on the way."""

import base64
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from integrations.common.levels import Level
from integrations.identity.base import CredentialKind, Flow, IdentifierKind
from tests.identity.bankid.service import (
    BACK,
    CLIENT_PATH,
    CODE,
    NONCE,
    TOKEN,
    TOKEN_PATH,
    Bank,
    Make,
    finish,
    refusal,
)
from tests.identity.outside import TROUBLES, Outside, as_json, impatience
from tests.steps.identity import NOW


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
    assert proof.credential is not None
    assert (proof.credential.kind, proof.credential.label) == (CredentialKind.BANK, "Банк «Калина»")
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
