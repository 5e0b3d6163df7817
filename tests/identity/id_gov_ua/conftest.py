"""The provider before the service."""

from typing import Any

import pytest

from integrations.identity.id_gov_ua import IdGovUa, IdGovUaOptions
from tests.identity.id_gov_ua.service import Broker, Make
from tests.identity.outside import Outside
from tests.identity.sealing import BANK_EDRPOU, Keys


@pytest.fixture
def broker(outside: Outside, sealing_keys: Keys) -> Broker:
    return Broker(outside, sealing_keys)


@pytest.fixture
def make(outside: Outside, sealing_keys: Keys) -> Make:
    def make(**changes: Any) -> IdGovUa:
        values = {"base_url": outside.url, "signers": [BANK_EDRPOU]} | changes
        options = sealing_keys.options(**values)
        return IdGovUa(IdGovUaOptions(**options))

    return make


@pytest.fixture
def plain(make: Make) -> IdGovUa:
    """Without envelopes, where these do not matter."""
    return make(plain_answers=True)
