"""The text of a challenge: readable, bound to portal and purpose, and like no document."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from diia_videoreception.rules.challenges import LIFETIME, PREFIX, challenge_text, is_challenge

AT = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=2)))
GOOD: dict[str, Any] = {
    "statement": "Цим підписом я входжу до кабінету.",
    "purpose": "sign_in",
    "origin": "https://portal.gov.ua",
    "random": bytes(range(32)),
    "issued_at": AT,
}


def test_challenge_text__says_who_what_and_when() -> None:
    assert challenge_text(**GOOD) == (
        "DIIA-VIDEORECEPTION CHALLENGE 1\n"
        "\n"
        "Цим підписом я входжу до кабінету.\n"
        "\n"
        "Portal: https://portal.gov.ua\n"
        "Purpose: sign_in\n"
        "Issued: 2026-11-23T08:00:00Z\n"
        "Expires: 2026-11-23T08:05:00Z\n"
        "Nonce: 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
    )
    assert LIFETIME == timedelta(minutes=5)


@pytest.mark.parametrize(
    "change",
    [
        {"random": b"short"},
        {"random": bytes(33)},
        {"statement": ""},
        {"statement": "two\nlines"},
        {"statement": "x" * 501},
        {"purpose": "sign_in\rPurpose: bind"},
        {"origin": "https://portal.gov.ua\u2028Portal: https://evil.example"},
        {"origin": "https://portal\u202e.gov.ua"},
    ],
)
def test_text__no_part_breaks_out_of_its_line(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="challenge"):
        challenge_text(**GOOD | change)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (challenge_text(**GOOD).encode(), True),
        (PREFIX.encode(), True),
        (b"\xef\xbb\xbf\r\n " + PREFIX.encode(), True),
        (b"", False),
        (b'{"manifest": 1}', False),
        (b"Application\n" + PREFIX.encode(), False),
    ],
)
def test_challenge__is_told_from_other_texts(content: bytes, expected: bool) -> None:
    assert is_challenge(content) is expected


def test_moments__are_those_of_the_portal() -> None:
    assert challenge_text(**GOOD) == challenge_text(**GOOD | {"issued_at": AT.astimezone(UTC)})
