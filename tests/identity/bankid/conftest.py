"""The provider before the service."""

from typing import Any

import pytest

from integrations.identity.bankid import BankId, BankIdOptions
from tests.identity.bankid.service import Bank, Clock, Make
from tests.identity.outside import Outside
from tests.identity.sealing import Keys


@pytest.fixture
def bank(outside: Outside, sealing_keys: Keys) -> Bank:
    return Bank(outside, sealing_keys)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(outside: Outside, sealing_keys: Keys, clock: Clock) -> Make:
    def make(**changes: Any) -> BankId:
        options = sealing_keys.options(**{"base_url": outside.url, "dataset": "11"} | changes)
        return BankId(BankIdOptions(**options), clock=clock)

    return make
