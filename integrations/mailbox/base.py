"""What a provider of official mailboxes has to offer (A-15, A-16)."""

import re
from abc import abstractmethod
from dataclasses import dataclass
from email.message import Message
from typing import Final

from integrations.common.providers import Provider

_ENHANCED_STATUS: Final = re.compile(rb"[245]\.[0-9]{1,3}\.[0-9]{1,3}(?=\s|\Z)")
_NO_SUCH_MAILBOX: Final = frozenset({550, 551, 553})


@dataclass(frozen=True, slots=True)
class SmtpReply:
    """What a mail server answered: the code of RFC 5321 and the enhanced status of RFC 3463.

    Never the text, which may quote an address.
    """

    code: int
    enhanced_status: str = ""

    @classmethod
    def of(cls, code: int, answer: bytes | str) -> "SmtpReply":
        """Read the answer as smtplib gives it."""
        text = answer.encode(errors="replace") if isinstance(answer, str) else answer
        found = _ENHANCED_STATUS.match(text)
        return cls(code, found[0].decode() if found else "")

    @property
    def is_final(self) -> bool:
        """Whether trying again would be in vain."""
        return self.code >= 500

    @property
    def is_mailbox_full(self) -> bool:
        """Whether the mailbox takes no more."""
        return self.code == 552 or self.enhanced_status.endswith(".2.2")

    @property
    def is_unknown_mailbox(self) -> bool:
        """Whether there is no such mailbox, or it takes no letters."""
        status = self.enhanced_status
        return self.code in _NO_SUCH_MAILBOX and (not status or status.startswith("5.1."))

    def __str__(self) -> str:
        return f"{self.code} {self.enhanced_status}".strip()


class MailboxError(Exception):
    """The text is one of our own words, without any address.

    Attributes:
        reply: What the server answered, when it spoke SMTP or LMTP.
    """

    def __init__(self, words: str, *, reply: SmtpReply | None = None) -> None:
        super().__init__(words)
        self.reply = reply


class MailboxUnavailable(MailboxError):
    """The mail server is away, slow or makes no sense; later it may work."""


class MailboxRefused(MailboxError):
    """The mail server says for good that this cannot be."""


class MailboxProvider(Provider):
    """A mail server that makes a mailbox for each citizen and takes letters for it.

    Nobody here ever knows a password: citizens read their mail through the portal's own sign-in
    (A-17).

    Attributes:
        webmail_url: Where citizens read their mail; may be empty.
    """

    webmail_url: str = ""

    @abstractmethod
    def address(self, local_part: str) -> str:
        """Return the address of a mailbox on this server."""

    @abstractmethod
    def create(self, address: str) -> None:
        """Make the mailbox; one that is there already is no error.

        Raises:
            MailboxUnavailable, MailboxRefused.
        """

    @abstractmethod
    def deliver(self, address: str, message: Message, *, sender: str) -> None:
        """Put a letter into the mailbox.

        Args:
            sender: Address of the envelope.

        Raises:
            MailboxUnavailable, MailboxRefused.
        """
