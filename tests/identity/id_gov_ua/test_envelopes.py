"""Encrypted answers of id.gov.ua with real cryptography; bad ones are refused."""

import base64
import json
import logging
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from integrations.identity.base import IdentityError
from integrations.identity.id_gov_ua import IdGovUa
from sandbox.authority import maker
from sandbox.authority.envelopes import GAMMA
from sandbox.authority.keys import DstuPrivateKey
from sandbox.authority.maker import Holder
from tests.identity.id_gov_ua.service import CODE, PERSON, TOKEN, Broker, Make, finish, refusal
from tests.identity.outside import TROUBLES, Answer, Request, as_json, impatience, mutating
from tests.identity.sealing import BANK_EDRPOU, Keys, Revocations, sealing


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
    provider = make(sender_files=[keys.folder / "sender.cer"])
    if not signed and not static:
        assert refusal(provider) == ("bad_answer", "not_signed")
        return
    proof = finish(provider)
    assert proof.identity.identifier == "3287401015"
    names = ["answer.p7s", "certificate-1.cer", "certificate-2.cer", "certificate-3.cer"]
    assert list(proof.evidence) == ([*names, "revocation-1.der"] if signed else [])


def test_signer__anybody_knows_the_portals_certificate(make: Make, broker: Broker) -> None:
    """An envelope made from it alone proves nothing; so only an explicit option believes it."""
    broker.wrap = lambda content, _: content
    assert refusal(make()) == ("bad_answer", "not_signed")
    broker.spent = False
    assert finish(make(accept_unsigned=True)).identity.identifier == "3287401015"
    broker.spent = False
    assert finish(make(accept_unsigned=True, signers=[])).identity.identifier == "3287401015"


@pytest.mark.parametrize("accept_unsigned", [False, True])
def test_signer__must_be_one_of_the_settings(
    make: Make, broker: Broker, accept_unsigned: bool
) -> None:
    """Neither a citizen nor another organisation answers for id.gov.ua, nor one of its people."""
    keys = broker.keys
    citizen = keys.issue(maker.Subject(), "citizen")
    employee = {maker.DRFO: "3287401015", maker.EDRPOU: BANK_EDRPOU}
    others = [
        citizen,
        keys.issue(sealing("21560766"), "another seal"),
        keys.issue(maker.Subject(attributes=employee), "employee"),
    ]
    for other in others:
        broker.spent = False
        broker.wrap = lambda content, _, other=other: keys.signed(content, other)
        assert refusal(make(accept_unsigned=accept_unsigned)) == ("bad_answer", "signer")
    broker.spent = False
    assert finish(make(signers=[others[-1].certificate.fingerprint]))


def test_signer__of_a_static_agreement_must_be_named_too(make: Make, broker: Broker) -> None:
    keys = broker.keys
    (keys.folder / "sender.cer").write_bytes(keys.sender.raw)
    broker.wrap = lambda content, cert: keys.enveloped(content, cert, static=True)
    files = [keys.folder / "sender.cer"]
    assert refusal(make(sender_files=files, signers=["21560766"])) == ("bad_answer", "signer")


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
    "no JSON": (lambda keys, content, cert: keys.signed(b"<html>"), ("bad_answer", "json")),
    "not even signed": (lambda keys, content, cert: b"<html>", ("bad_answer", "not_signed")),
    "a list": (lambda keys, content, cert: keys.signed(b"[1]"), ("bad_answer", "json")),
    "nothing": (lambda keys, content, cert: keys.signed(b""), ("bad_answer", "json")),
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


def test_trust_folder__is_read_again_when_it_changes(
    make: Make, broker: Broker, tmp_path: Path
) -> None:
    folder = tmp_path / "trust"
    copytree(broker.keys.folder / "trust", folder)
    provider = make(trust=folder)
    assert finish(provider)
    (folder / "authority.cer").unlink()
    broker.spent = False
    assert refusal(provider) == ("bad_answer", "untrusted_issuer")
    (folder / "broken.cer").write_bytes(b"broken")
    broker.spent = False
    assert refusal(provider) == ("unavailable", "trust")
    assert "broken.cer" in provider.faults()[0]


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
    """Bytes of every answer are changed, dropped, doubled; the outcome is a proof or a refusal."""
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
        broker.outside.paths[path] = mutating(usual, seed)
        try:
            finish(plain if round_ % 4 else sealed)
        except IdentityError as error:
            reasons[error.reason] += 1
    assert set(reasons) <= {"bad_answer", "refused", "unavailable", "no_person"}
    assert reasons.total() > 60
