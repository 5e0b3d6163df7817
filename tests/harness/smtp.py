"""A real SMTP server in a thread of its own that keeps what it is given."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class MailServer:
    """Where the server listens, what arrived, and whom it refuses."""

    host: str = "127.0.0.1"
    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    """Answer by recipient, for example {"a@example.org": "550 5.1.1 no such user"}."""
    answer_to_data: str = "250 OK"
    """Set to "451 try again" to lose the message after it was sent in full."""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self.refusals.get(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        raw = content.encode() if isinstance(content, str) else content or b""
        if self.answer_to_data.startswith("250"):
            message = BytesParser(policy=default).parsebytes(raw)
            assert isinstance(message, EmailMessage)
            self.messages.append(message)
        return self.answer_to_data


class _OnFreePort(Controller):
    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class _LmtpOnFreePort(_OnFreePort):
    def factory(self) -> SMTP:
        return LMTP(self.handler)


@contextmanager
def mail_server(*, lmtp: bool = False) -> Iterator[MailServer]:
    """Serves on a free port of 127.0.0.1 until the end of the block."""
    mail = MailServer()
    kind = _LmtpOnFreePort if lmtp else _OnFreePort
    controller = kind(mail, hostname=mail.host, port=0)
    controller.start()
    mail.port = controller.port
    try:
        yield mail
    finally:
        controller.stop()
