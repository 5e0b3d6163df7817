"""Options of id.gov.ua."""

import json
from typing import Any

import pytest

from integrations.common.levels import Level
from integrations.identity.id_gov_ua import IdGovUa, IdGovUaOptions
from tests.identity.id_gov_ua.service import Make
from tests.identity.sealing import BANK_EDRPOU, Keys

SIGNERS = [BANK_EDRPOU]


def test_options__are_named_when_wrong(sealing_keys: Keys, tmp_path: Any) -> None:
    def problem_of(**changes: Any) -> str:
        with pytest.raises(ValueError) as caught:
            IdGovUa(IdGovUaOptions(**sealing_keys.options(**{"signers": SIGNERS} | changes)))
        return str(caught.value)

    assert "base_url" in problem_of(base_url="http://id.gov.ua")
    assert "client_secret" in problem_of(client_secret="")
    assert "s3cret" not in problem_of(client_id="")
    assert "auth_types" in problem_of(auth_types=["telepathy"])
    assert "auth_types" in problem_of(auth_types=[])
    assert "levels" in problem_of(levels={"telepathy": "high"})
    assert "levels" in problem_of(levels={"dig_sign": "highest"})
    assert "cert_encoding" in problem_of(cert_encoding="triple")
    assert "read_timeout" in problem_of(read_timeout=0)
    assert "plain_answers" in problem_of(plain_answers=True, allow_http_loopback=False)
    assert "trust" in problem_of(trust="")
    assert "signers: is needed" in problem_of(signers=[])
    assert "signers: must be" in problem_of(signers=["1436057"])
    assert "signers: must be" in problem_of(signers=BANK_EDRPOU)
    assert "signers: must be" in problem_of(signers=["AB" * 32])
    assert "accept_unsigned" in problem_of(accept_unsigned="yes")
    assert "key_file" in problem_of(key_file="")
    assert "nowhere" in problem_of(certificate_file=tmp_path / "nowhere.cer")
    wrong_key = tmp_path / "portal.key"
    for text in ("5", "no number", ""):
        wrong_key.write_text(text)
        assert "key" in problem_of(key_file=wrong_key)
    (tmp_path / "portal.json").write_text(json.dumps({"d": "5"}))
    assert "key_file" in problem_of(key_file=f"{tmp_path}/portal.json#d")
    assert "no private scalar" in problem_of(key_file=f"{tmp_path}/portal.json#e")
    assert "s3cret" not in repr(IdGovUaOptions(**sealing_keys.options(signers=SIGNERS)))


def test_check__tells_what_is_only_for_demonstration(sealing_keys: Keys) -> None:
    quiet = IdGovUa(
        IdGovUaOptions(**sealing_keys.options(allow_http_loopback=False, signers=SIGNERS))
    )
    assert quiet.check() == []
    loud = IdGovUa(IdGovUaOptions(**sealing_keys.options(plain_answers=True)))
    assert len(loud.check()) == 2


def test_check__tells_loudly_that_anybody_may_answer(make: Make) -> None:
    (_, warning) = make(accept_unsigned=True, signers=[]).check()
    assert "can sign in as anybody" in warning


def test_highest_level__of_the_ways_that_are_offered(make: Make) -> None:
    assert make().highest_level is Level.HIGH
    assert make(auth_types=["any"]).highest_level is Level.HIGH
    assert make(auth_types=["bank_id"]).highest_level is Level.SUBSTANTIAL
    assert make(auth_types=["bank_id"], levels={"bank_id": "low"}).highest_level is Level.LOW
