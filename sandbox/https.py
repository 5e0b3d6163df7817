"""The demonstration over https, for other machines of the same network: browsers give camera and microphone to nobody else."""

import ipaddress
import ssl
import sys
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

CERTIFICATE = "certificate.pem"
KEY = "key.pem"
VALID = timedelta(days=90)
LEAST = timedelta(days=1)
"""A certificate that ends sooner is made anew."""


def ensure_certificate(folder: Path, host: str, *, now: datetime) -> Path:
    """Return a certificate for the host, made on the spot unless a good one is there.

    Args:
        folder: Where it is kept, with its key.
        host: Name or IP address.
    """
    path = folder / CERTIFICATE
    name = _name(host)
    if not path.exists() or not _is_good(path, name, now):
        folder.mkdir(parents=True, exist_ok=True)
        _make(folder, name, now)
    return path


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a certificate as browsers show it."""
    return _load(path).fingerprint(hashes.SHA256()).hex(":").upper()


def start(address: tuple[str, int], folder: Path, application: Any) -> None:
    """Serve the application over https beside whatever else this process does.

    Raises:
        OSError: The address is not one of this machine, or is taken.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / CERTIFICATE, folder / KEY)
    server = _HttpsServer(address, _Handler)
    server.daemon_threads = True
    # Hands are shaken in the thread of the connection, so that nobody keeps others waiting.
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    server.set_app(application)
    Thread(target=server.serve_forever, daemon=True).start()


class _HttpsServer(ThreadedWSGIServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet about browsers that do not trust the certificate yet, or do not speak TLS."""
        if not isinstance(sys.exc_info()[1], ssl.SSLError):
            super().handle_error(request, client_address)


class _Handler(WSGIRequestHandler):
    def get_environ(self) -> dict[str, Any]:
        """See `WSGIRequestHandler`; from this wsgiref takes the scheme."""
        return super().get_environ() | {"HTTPS": "on"}


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _load(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def _is_good(path: Path, name: x509.GeneralName, now: datetime) -> bool:
    certificate = _load(path)
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return name in names and begins <= now and ends - now > LEAST


def _make(folder: Path, name: x509.GeneralName, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Demonstration portal")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + VALID)
        .add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / KEY).unlink(missing_ok=True)
    (folder / KEY).touch(mode=0o600)
    (folder / KEY).write_bytes(private)
    (folder / CERTIFICATE).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
