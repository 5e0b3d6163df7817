"""Mailboxes on a Dovecot server: made over its doveadm HTTP API, filled over LMTP (RFC 2033)."""

import base64
import json
import re
import smtplib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http import HTTPStatus
from typing import Final

from integrations.common.fetching import FetchFailed, FetchLimits, fetch
from integrations.common.options import CA_FILE, PORT, TEXT, Options, checked, whole
from integrations.common.urls import is_safe_url, split_url
from integrations.mailbox.base import MailboxProvider, MailboxRefused, MailboxUnavailable, SmtpReply

_MAX_ANSWER_BYTES: Final = 64 * 1024
_NO_USER: Final = 67
"""EX_NOUSER of sysexits.h: the server does not know this domain or user."""
_DOMAIN: Final = re.compile(r"(?=.{3,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


def _is_domain(value: object) -> bool:
    return isinstance(value, str) and _DOMAIN.fullmatch(value) is not None


def _is_webmail(value: object) -> bool:
    return isinstance(value, str) and (not value or is_safe_url(value, allow_http_loopback=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class DovecotMailboxOptions(Options):
    """Options of the provider; ValueError names every wrong one.

    Attributes:
        domain: Behind the @ of every mailbox, in small letters.
        doveadm_url: The HTTP API of doveadm, `https://mail.internal:8443/doveadm/v1`.
        doveadm_key: Value of `doveadm_api_key` of the server.
        lmtp_host: Host of the LMTP service, or the path of its socket, which begins with `/`.
        lmtp_port: Its port, in vain for a socket.
        webmail_url: Where citizens read their mail, for the link in the cabinet.
        seconds: Longest wait for any one answer; an answer as a whole may take twice as long.
        allow_http: Lets `doveadm_url` be plain http, for a server in the same closed network.
        ca_file: Certificates (PEM) of the authorities that may speak for `doveadm_url`, and no others;
            empty: those that everybody trusts.
    """

    domain: str = field(metadata=checked(_is_domain, "a domain in small letters"))
    doveadm_url: str
    doveadm_key: str = field(repr=False, metadata=TEXT)
    lmtp_host: str = field(metadata=TEXT)
    lmtp_port: int = field(default=24, metadata=PORT)
    name: str = "default"
    label: str = "Dovecot"
    webmail_url: str = field(default="", metadata=checked(_is_webmail, "an https address"))
    seconds: int = field(default=10, metadata=whole(1, 60))
    allow_http: bool = False
    ca_file: str = field(default="", metadata=CA_FILE)

    def conflicts(self) -> Iterator[str]:
        """See `Options.conflicts`."""
        if not self._is_safe(self.doveadm_url):
            yield "doveadm_url: must be an https address"

    def _is_safe(self, url: str) -> bool:
        if is_safe_url(url, allow_http_loopback=False):
            return True
        parts = split_url(url)
        return bool(self.allow_http and parts and parts.scheme == "http" and parts.hostname)


class DovecotMailbox(MailboxProvider):
    """The provider for Dovecot 2.3 and newer."""

    Options = DovecotMailboxOptions

    def __init__(self, options: DovecotMailboxOptions) -> None:
        super().__init__(options)
        self._options = options
        self.webmail_url = options.webmail_url

    def address(self, local_part: str) -> str:
        """See `MailboxProvider.address`."""
        return f"{local_part}@{self._options.domain}"

    def create(self, address: str) -> None:
        """See `MailboxProvider.create`.

        Dovecot says of a mailbox that is there the same as of a name it dislikes, so a refusal is
        followed by a look whether the mailbox is there.
        """
        code = self._ask("mailboxCreate", {"user": address, "mailbox": ["INBOX"]})
        if code in (0, _NO_USER):
            if code:
                raise MailboxRefused("doveadm: no such user")
            return
        look = {"user": address, "field": ["messages"], "mailboxMask": ["INBOX"]}
        if self._ask("mailboxStatus", look) != 0:
            raise MailboxUnavailable(f"doveadm: code {code}")

    def deliver(self, address: str, message: Message, *, sender: str) -> None:
        """See `MailboxProvider.deliver`."""
        options = self._options
        try:
            with smtplib.LMTP(
                options.lmtp_host, options.lmtp_port, timeout=options.seconds
            ) as server:
                server.send_message(message, from_addr=sender, to_addrs=[address])
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(*next(iter(error.recipients.values()))) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except OSError as error:
            raise MailboxUnavailable(f"LMTP: {type(error).__name__}") from error

    def _ask(self, command: str, parameters: Mapping[str, object]) -> int:
        """Run one command of doveadm.

        Returns:
            0, or the exit code that the server names.
        """
        options = self._options
        key = base64.b64encode(options.doveadm_key.encode()).decode()
        try:
            answer = fetch(
                "POST",
                options.doveadm_url,
                limits=FetchLimits(
                    connect=options.seconds,
                    read=options.seconds,
                    total=2 * options.seconds,
                    max_bytes=_MAX_ANSWER_BYTES,
                ),
                body=json.dumps([[command, parameters, "1"]]).encode(),
                headers={
                    "Authorization": f"X-Dovecot-API {key}",
                    "Content-Type": "application/json",
                },
                ca_file=options.ca_file,
            )
        except FetchFailed as error:
            raise MailboxUnavailable(f"doveadm: {error}") from None
        if answer.status != HTTPStatus.OK:
            raise MailboxUnavailable(f"doveadm: status {answer.status}")
        return _exit_code(answer.body)


def _exit_code(body: bytes) -> int:
    """Read `[["doveadmResponse", […], "1"]]` or `[["error", {"exitCode": 75, …}, "1"]]`."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MailboxUnavailable("doveadm: not JSON") from error
    match answer:
        case [["doveadmResponse", _, "1"]]:
            return 0
        case [["error", {"exitCode": int(code)}, "1"]] if code:
            return code
    raise MailboxUnavailable("doveadm: strange answer")


def _refusal(code: int, answer: bytes | str) -> MailboxRefused | MailboxUnavailable:
    reply = SmtpReply.of(code, answer)
    kind = MailboxRefused if reply.is_final else MailboxUnavailable
    return kind(f"LMTP {reply}", reply=reply)
