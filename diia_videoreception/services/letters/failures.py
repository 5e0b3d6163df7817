"""What went wrong while a letter was sent, in values that are kept with it and told to staff."""

import smtplib
from dataclasses import dataclass

from diia_videoreception.models import Letter
from diia_videoreception.services.letters.rendering import NothingToSend
from integrations.mailbox.base import MailboxError, MailboxRefused, SmtpReply
from integrations.sms.base import SmsError, SmsRefused

ErrorKind = Letter.ErrorKind

CLEARED: dict[str, object] = {"error_kind": "", "smtp_code": None, "enhanced_status": ""}
"""The columns of a letter of which nothing is wrong."""


class SmsLimitReached(Exception):
    """A phone, an agency or the portal has sent enough text messages for now."""


@dataclass(frozen=True, slots=True)
class DeliveryFailure:
    """One attempt that did not succeed.

    Attributes:
        is_final: Whether the letter cannot be delivered for good.
        words: For the log: no text of the mail server, which may quote the address.
    """

    kind: Letter.ErrorKind
    is_final: bool
    words: str
    reply: SmtpReply | None = None

    @property
    def columns(self) -> dict[str, object]:
        """What the letter keeps."""
        return {
            "error_kind": self.kind,
            "smtp_code": self.reply.code if self.reply else None,
            "enhanced_status": self.reply.enhanced_status if self.reply else "",
        }


def failure_of(error: Exception) -> DeliveryFailure:
    """Sort an error of sending; what is none of the known ones is a fault of ours."""
    name = type(error).__name__
    if isinstance(error, NothingToSend):
        return DeliveryFailure(ErrorKind.OUT_OF_DATE, is_final=True, words=name)
    if isinstance(error, SmsLimitReached):
        return DeliveryFailure(ErrorKind.SMS_LIMIT, is_final=True, words="limit of text messages")
    if isinstance(error, SmsError):
        is_final = isinstance(error, SmsRefused)
        kind = ErrorKind.SMS_REFUSED if is_final else ErrorKind.SMS_UNAVAILABLE
        return DeliveryFailure(kind, is_final, str(error))
    if isinstance(error, MailboxError):
        is_final = isinstance(error, MailboxRefused)
        if error.reply is None:
            kind = ErrorKind.REFUSED if is_final else ErrorKind.UNAVAILABLE
            return DeliveryFailure(kind, is_final, str(error))
        return DeliveryFailure(_kind_of(error.reply), is_final, str(error), error.reply)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _refused_recipients(error)
    if isinstance(error, smtplib.SMTPResponseException):
        reply = SmtpReply.of(error.smtp_code, error.smtp_error)
        # Of a sender or a sign-in that is refused the operator hears first: later it may work.
        is_final = isinstance(error, smtplib.SMTPDataError) and reply.is_final
        return DeliveryFailure(_kind_of(reply), is_final, f"SMTP {reply}", reply)
    if isinstance(error, OSError):
        return DeliveryFailure(ErrorKind.UNAVAILABLE, is_final=False, words=name)
    return DeliveryFailure(ErrorKind.FAULT, is_final=False, words=name)


def _refused_recipients(error: smtplib.SMTPRecipientsRefused) -> DeliveryFailure:
    replies = [SmtpReply.of(code, answer) for code, answer in error.recipients.values()]
    reply = replies[0]
    is_final = all(one.is_final for one in replies)
    return DeliveryFailure(_kind_of(reply), is_final, f"SMTP {reply}", reply)


def _kind_of(reply: SmtpReply) -> Letter.ErrorKind:
    if reply.is_mailbox_full:
        return ErrorKind.MAILBOX_FULL
    if reply.is_unknown_mailbox:
        return ErrorKind.NO_SUCH_ADDRESS
    return ErrorKind.REFUSED if reply.is_final else ErrorKind.UNAVAILABLE
