"""The text of a challenge: what a person signs to sign in, to confirm who they are, to bind a key.

Identity rule C.1. It can be read, it names the portal, and it begins as no document of ours does.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

PREFIX: Final = "DIIA-VIDEORECEPTION CHALLENGE 1"
"""First line of every challenge; nothing else that is signed here may begin with it."""

LIFETIME: Final = timedelta(minutes=5)
RANDOM_BYTES: Final = 32

_MAX_LINE: Final = 500


def challenge_text(
    *, statement: str, purpose: str, origin: str, random: bytes, issued_at: datetime
) -> str:
    """Compose the text; its bytes are its UTF-8 with single line feeds.

    Args:
        statement: What signing it does, in the person's words, on one line.
        purpose: The same as one of our own words, for example `sign_in`.
        origin: Scheme and host of the portal that asks.
        random: 32 bytes that nobody can foresee.
        issued_at: Aware; the text is good for five minutes.

    Raises:
        ValueError: A part breaks the line that it stands in, or there are not 32 random bytes.
    """
    if len(random) != RANDOM_BYTES:
        raise ValueError("a challenge needs 32 random bytes")
    for part in (statement, purpose, origin):
        if not part or len(part) > _MAX_LINE or not part.isprintable():
            raise ValueError("a part of a challenge is one line of text")
    return "\n".join(
        (
            PREFIX,
            "",
            statement,
            "",
            f"Portal: {origin}",
            f"Purpose: {purpose}",
            f"Issued: {_moment(issued_at)}",
            f"Expires: {_moment(issued_at + LIFETIME)}",
            f"Nonce: {random.hex()}",
            "",
        )
    )


def is_challenge(content: bytes) -> bool:
    """Return whether bytes could be taken for a challenge; a document that does is not signed."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(PREFIX.encode())


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
