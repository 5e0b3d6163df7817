"""The provider against a real Dovecot, and against servers that misbehave."""

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from integrations.mailbox.base import MailboxRefused, MailboxUnavailable
from integrations.mailbox.dovecot import DovecotMailbox, DovecotMailboxOptions
from tests.harness.dovecot import Dovecot


def provider(mail: Dovecot, **changes: Any) -> DovecotMailbox:
    return DovecotMailbox(DovecotMailboxOptions(**{**mail.options, **changes}))


def letter(text: str = "Ваш прийом підтверджено") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Прийом"
    message["From"] = "Портал <portal@example.gov.ua>"
    message["To"] = "melnyk.iryna.4821@mail.example"
    message.set_content(text)
    return message


@contextmanager
def http_server(status: int, body: bytes, *, tls: Path | None = None) -> Iterator[str]:
    """A server of one answer, with the certificate and key in the file `tls`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}/doveadm/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def own_authority(path: Path) -> Path:
    """A certificate that has signed itself for 127.0.0.1, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.internal")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    begins = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=10))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    path.write_bytes(
        certificate.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return path


def test_whom_the_own_authority_does_not_know__is_not_asked(mail: Dovecot, tmp_path: Path) -> None:
    """Nor told the key: a stranger between the portal and the mail server gets nothing."""
    ours, other = (own_authority(tmp_path / name) for name in ("ours.pem", "other.pem"))
    done = b'[["doveadmResponse",[],"1"]]'
    with http_server(200, done, tls=ours) as url:
        provider(mail, doveadm_url=url, ca_file=str(ours)).create("a@mail.example")
        for wrong in (str(other), ""):
            with pytest.raises(MailboxUnavailable, match="SSLError"):
                provider(mail, doveadm_url=url, ca_file=wrong).create("a@mail.example")


def test_a_mailbox__is_made_and_takes_a_letter_that_its_owner_reads(mail: Dovecot) -> None:
    address = provider(mail).address("melnyk.iryna.4821")
    assert not mail.has(address)

    provider(mail).create(address)
    assert mail.has(address)
    provider(mail).deliver(address, letter(), sender="portal@example.gov.ua")

    (read,) = mail.read(address)
    assert read["Subject"] == "Прийом"
    assert read["Return-Path"] == "<portal@example.gov.ua>"
    assert "Ваш прийом підтверджено" in read.get_content()


def test_making_it_twice__is_no_error_and_loses_nothing(mail: Dovecot) -> None:
    address = provider(mail).address("shevchenko.taras.1814")
    provider(mail).create(address)
    provider(mail).deliver(address, letter(), sender="portal@example.gov.ua")

    provider(mail).create(address)

    assert len(mail.read(address)) == 1


def test_a_wrong_key__is_told_without_the_key(mail: Dovecot) -> None:
    with pytest.raises(MailboxUnavailable, match=r"^doveadm: status 401$"):
        provider(mail, doveadm_key="wrong").create("a.b.1234@mail.example")
    assert not mail.has("a.b.1234@mail.example")
    assert "wrong" not in repr(DovecotMailboxOptions(**{**mail.options, "doveadm_key": "wrong"}))  # type: ignore[arg-type]


def test_server_that_does_not_answer__is_unavailable(mail: Dovecot) -> None:
    away = provider(mail, doveadm_url="http://127.0.0.1:9/doveadm/v1", lmtp_port=9)
    with pytest.raises(MailboxUnavailable, match=r"^doveadm: ConnectionError$"):
        away.create("a.b.1234@mail.example")
    with pytest.raises(MailboxUnavailable, match=r"^LMTP: ConnectionRefusedError$"):
        away.deliver("a.b.1234@mail.example", letter(), sender="portal@example.gov.ua")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>Maintenance</html>"),
        (200, b""),
        (200, b"[" * 100_000),
        (200, b"x" * 200_000),
        (200, json.dumps([["doveadmResponse", [], "other"]]).encode()),
        (200, json.dumps([["error", {"exitCode": "75"}, "1"]]).encode()),
        (200, json.dumps([["error", {"exitCode": 75}, "1"]]).encode()),
        (200, b"\xff\xfe"),
        (302, b""),
        (500, b"Traceback"),
    ],
)
def test_strange_answers__are_unavailable(mail: Dovecot, status: int, body: bytes) -> None:
    with http_server(status, body) as url, pytest.raises(MailboxUnavailable):
        provider(mail, doveadm_url=url).create("a.b.1234@mail.example")


def test_a_user_whom_the_server_does_not_know__is_final(mail: Dovecot) -> None:
    answer = json.dumps([["error", {"type": "exitCode", "exitCode": 67}, "1"]]).encode()
    with http_server(200, answer) as url, pytest.raises(MailboxRefused):
        provider(mail, doveadm_url=url).create("a.b.1234@mail.example")


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"domain": "Mail.Example"}, "domain"),
        ({"domain": "mail example"}, "domain"),
        ({"allow_http": False}, "doveadm_url"),
        ({"doveadm_url": "ftp://mail.example/"}, "doveadm_url"),
        ({"doveadm_url": "http://[mail.example/"}, "doveadm_url"),
        ({"doveadm_key": ""}, "doveadm_key"),
        ({"lmtp_port": 0}, "lmtp_port"),
        ({"ca_file": "/nowhere.pem"}, "ca_file"),
        ({"webmail_url": "javascript:alert(1)"}, "webmail_url"),
    ],
)
def test_wrong_options__are_named(mail: Dovecot, wrong: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        provider(mail, **wrong)
