"""The texts that were kept for errors before are read once, by the migration, into values."""

from importlib import import_module

import pytest

migration = import_module("diia_videoreception.migrations.0007_letter_errors")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("SMTP 550 5.1.1", ("no_address", 550, "5.1.1")),
        ("LMTP 550 5.1.1", ("no_address", 550, "5.1.1")),
        ("SMTP 553", ("no_address", 553, "")),
        ("SMTP 550 5.7.1", ("refused", 550, "5.7.1")),
        ("SMTP 552 5.2.2", ("mailbox_full", 552, "5.2.2")),
        ("LMTP 452 4.2.2", ("mailbox_full", 452, "4.2.2")),
        ("SMTP 451", ("unavailable", 451, "")),
        ("NothingToSend", ("out_of_date", None, "")),
        ("ConnectionRefusedError", ("unavailable", None, "")),
        ("SMTPServerDisconnected", ("unavailable", None, "")),
        ("TimeoutError", ("unavailable", None, "")),
        ("gaierror", ("unavailable", None, "")),
        ("LMTP: TimeoutError", ("unavailable", None, "")),
        ("no provider", ("unavailable", None, "")),
        ("KeyError", ("fault", None, "")),
        ("something else", ("fault", None, "")),
    ],
)
def test_a_stored_text__becomes_a_kind_and_a_code(
    text: str, kept: tuple[str, int | None, str]
) -> None:
    assert migration._split(text) == kept
