"""One Dovecot for all tests; each citizen has a mailbox of their own in it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.harness.dovecot import Dovecot, dovecot
from tests.steps.mailboxes import configure


@pytest.fixture(scope="session")
def mail() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture
def configured(mail: Dovecot, settings: Any) -> Dovecot:
    """The portal has this mail server."""
    configure(settings, mail.options)
    return mail
