"""What a provider of text messages (SMS) has to offer."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from integrations.common.providers import Provider


@dataclass(frozen=True, slots=True)
class TextMessage:
    """One message to one phone.

    Attributes:
        key: Names the message, the same over all attempts: a gateway that has it already sends nothing.
        phone: E.164.
        valid_until: From when it must not reach anybody any more.
    """

    key: str
    phone: str = field(repr=False)
    text: str = field(repr=False)
    valid_until: datetime


class SmsError(Exception):
    """The text is one of our own words, without phone and message."""


class SmsUnavailable(SmsError):
    """The gateway is away, slow or makes no sense; later it may work."""


class SmsRefused(SmsError):
    """The gateway says for good that this cannot be."""


class ReportRefused(Exception):
    """Not what the gateway has signed just now, or nothing that can be read."""


class DeliveryOutcome(StrEnum):
    """What became of a message, for good."""

    DELIVERED = "delivered"
    NOT_DELIVERED = "not_delivered"


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a gateway says of one message: by our key of it, or by its own."""

    key: str
    outcome: DeliveryOutcome


@dataclass(frozen=True, slots=True)
class SignedReports:
    """The reports of one call, and by what to know the call again until it is too old.

    Attributes:
        reports: Those that say something for good; none while a message is under way.
    """

    reports: Sequence[DeliveryReport]
    signature: str = field(repr=False)
    expires_at: datetime


class SmsProvider(Provider):
    """A gateway that takes text messages.

    Attributes:
        takes_reports: Whether it tells what became of a message.
    """

    takes_reports: bool = False

    @abstractmethod
    def send(self, message: TextMessage, *, now: datetime) -> str:
        """Hand a message over.

        Returns:
            The name that the gateway has given it, or nothing.

        Raises:
            SmsUnavailable, SmsRefused.
        """

    def read_reports(
        self, body: bytes, headers: Mapping[str, str], *, now: datetime
    ) -> SignedReports:
        """Read what a gateway has called with, after a look at its signature.

        Raises:
            ReportRefused: there are none, or it is not genuine.
        """
        raise ReportRefused
