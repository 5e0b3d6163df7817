"""What a provider of official mailboxes has to offer (A-15, A-16)."""

from email.message import Message
from typing import Protocol


class MailboxUnavailable(Exception):
    """The mail server is away, slow or makes no sense; later it may work.

    The text is one of our own words, without any address.
    """


class MailboxRefused(Exception):
    """The mail server says for good that this cannot be; the text is as above."""


class MailboxProvider(Protocol):
    """A mail server that makes a mailbox for each citizen and takes letters for it.

    Nobody here ever knows a password: citizens read their mail through the portal's own sign-in
    (A-17).
    """

    @property
    def name(self) -> str:
        """Alias in the settings."""

    @property
    def label(self) -> str:
        """Name for the staff."""

    @property
    def webmail_url(self) -> str:
        """Where citizens read their mail; may be empty."""

    def address(self, local_part: str) -> str:
        """The address of a mailbox on this server."""

    def create(self, address: str) -> None:
        """Makes the mailbox; one that is there already is no error.

        Raises:
            MailboxUnavailable, MailboxRefused.
        """

    def deliver(self, address: str, message: Message, *, sender: str) -> None:
        """Puts a letter into the mailbox.

        Args:
            sender: Address of the envelope.

        Raises:
            MailboxUnavailable, MailboxRefused.
        """

    def check(self) -> list[str]:
        """Tells what is wrong with the configuration, in words; empty when all is well."""
