"""Signed and encrypted questionnaires with real cryptography; bad ones are refused."""

import base64
import json
import logging
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from integrations.identity.base import IdentityError
from sandbox.authority import maker
from sandbox.authority.envelopes import GAMMA
from sandbox.authority.keys import DstuPrivateKey
from sandbox.authority.maker import Holder
from tests.identity.bankid.service import (
    CLIENT_PATH,
    CODE,
    PERSON,
    TOKEN,
    TOKEN_PATH,
    Bank,
    Make,
    finish,
    refusal,
)
from tests.identity.outside import TROUBLES, impatience, mutating
from tests.identity.sealing import BANK_EDRPOU, Keys, Revocations, agreeing, sealing


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


def test_json__around_the_envelope_counts_for_nothing(make: Make, bank: Bank) -> None:
    bank.change = PERSON | {"inn": "3142501187", "lastName": "Чужа", "type": "juridical"}
    person = finish(make()).identity
    assert (person.identifier, person.last_name) == ("3287401015", "Тестенко")


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
        ("bad_answer", "malformed"),
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
    """Bytes of every answer are changed, dropped, doubled; the outcome is a proof or a refusal."""
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
        bank.outside.paths[path] = mutating(usual, seed)
        try:
            finish(provider)
        except IdentityError as error:
            reasons[error.reason] += 1
    assert set(reasons) <= {"bad_answer", "code_refused", "refused", "unavailable", "wrong_bank"}
    assert reasons.total() > 40
