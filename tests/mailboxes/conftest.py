"""One Dovecot for all tests; each citizen has a mailbox of their own in it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.harness.dovecot import Dovecot, dovecot


@pytest.fixture(scope="session")
def mail() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture
def configured(mail: Dovecot, settings: Any) -> Dovecot:
    """The portal has this mail server."""
    configure(settings, mail.options)
    return mail


def configure(settings: Any, options: dict[str, object]) -> None:
    backend = "integrations.mailbox.dovecot.DovecotMailbox"
    settings.DIIA_VIDEORECEPTION = {
        **settings.DIIA_VIDEORECEPTION,
        "MAILBOX": {"default": {"BACKEND": backend, "OPTIONS": options}},
    }
