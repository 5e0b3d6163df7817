"""Options of BankID."""

from typing import Any

import pytest

from integrations.common.levels import Level
from integrations.identity.bankid import BankId, BankIdOptions
from tests.identity.bankid.service import Make
from tests.identity.sealing import BANK_EDRPOU, Keys


def test_options__are_named_when_wrong(sealing_keys: Keys) -> None:
    def problem_of(**changes: Any) -> str:
        with pytest.raises(ValueError) as caught:
            BankId(BankIdOptions(**sealing_keys.options(**{"dataset": "11"} | changes)))
        return str(caught.value)

    assert "version" in problem_of(version="v3")
    assert "dataset" in problem_of(dataset="")
    assert "level" in problem_of(level="highest")
    assert "trust" in problem_of(trust="")
    assert "base_url" in problem_of(base_url="http://id.bank.gov.ua")
    assert BankIdOptions(**sealing_keys.options(version="v1")).base_url == "https://id.bank.gov.ua"


def test_check__tells_what_is_only_for_demonstration(make: Make, sealing_keys: Keys) -> None:
    options = sealing_keys.options(allow_http_loopback=False, dataset="11")
    signers = {"300001": BANK_EDRPOU}
    assert BankId(BankIdOptions(**options, signers=signers)).check() == []
    assert "does not use TLS" in "".join(make(signers=signers).check())
    assert "any organisation" in "".join(BankId(BankIdOptions(**options)).check())


def test_highest_level__is_the_portals_decision(make: Make) -> None:
    assert make().highest_level is Level.SUBSTANTIAL
    assert make(level="low").highest_level is Level.LOW
