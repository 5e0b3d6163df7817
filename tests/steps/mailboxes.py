"""A portal with official mailboxes."""

from typing import Any


def configure(settings: Any, options: dict[str, object]) -> None:
    backend = "integrations.mailbox.dovecot.DovecotMailbox"
    settings.DIIA_VIDEORECEPTION = {
        **settings.DIIA_VIDEORECEPTION,
        "MAILBOX": {"default": {"BACKEND": backend, "OPTIONS": options}},
    }
