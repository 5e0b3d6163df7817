"""A portal with one key, a person, and a moment."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from integrations.common.levels import Level
from integrations.identity.base import IdentifierKind, Identity
from integrations.identity.portal_issuer import issue_access, issue_handover
from integrations.identity.portal_tokens import PortalTokens, PortalTokensOptions
from integrations.identity.signing_keys import SigningKey, SigningKeys, generate_key
from tests.identity.outside import Outside
from tests.identity.sealing import Keys, make_keys
from tests.steps.identity import AUDIENCE, ISSUER, NONCE, NOW, SUBJECT


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def key() -> SigningKey:
    return generate_key()


@pytest.fixture
def keys(key: SigningKey) -> SigningKeys:
    return SigningKeys((key,), key.kid)


@pytest.fixture
def person() -> Identity:
    return Identity(
        provider="portal",
        subject=SUBJECT,
        identifier_kind=IdentifierKind.RNOKPP,
        identifier="1759013776",
        last_name="Мар’яненко-Ґрунт",
        first_name="Єлизавета",
        patronymic="Іллівна",
        level=Level.HIGH,
        method="kep+dstu",
        auth_time=NOW - timedelta(minutes=5),
        email="liza@example.com",
        email_confirmed=True,
        phone="+380501234567",
    )


@pytest.fixture
def options(keys: SigningKeys) -> PortalTokensOptions:
    return PortalTokensOptions(
        issuer=ISSUER,
        audience=AUDIENCE,
        authorize_url="https://portal.example/identity?lang=uk",
        jwks=keys.public_jwks(),
    )


@pytest.fixture
def provider(options: PortalTokensOptions) -> PortalTokens:
    return PortalTokens(options)


@pytest.fixture
def handover(person: Identity, key: SigningKey) -> str:
    return issue_handover(person, key=key, issuer=ISSUER, audience=AUDIENCE, nonce=NONCE, now=NOW)


@pytest.fixture
def access(person: Identity, key: SigningKey) -> str:
    return issue_access(person, key=key, issuer=ISSUER, audience=AUDIENCE, now=NOW)


@pytest.fixture(scope="session")
def sealing_keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return make_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def running() -> Iterator[Outside]:
    outside = Outside()
    yield outside
    outside.stop()


@pytest.fixture
def outside(running: Outside) -> Outside:
    running.forget()
    return running
