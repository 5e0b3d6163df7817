"""`make demo HOST=…`: other machines reach the demonstration over https, and nothing else."""

import hashlib
import socket
import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from cryptography import x509

from sandbox.https import VALID, ensure_certificate, fingerprint
from tests.harness.clock import NOW
from tests.harness.demo import Demo, Visitor, free_port, running_demo

HOST = "127.0.0.2"
"""An address of every Linux machine beside 127.0.0.1."""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running_demo(tmp_path_factory.mktemp("shared"), HOST) as demo:
        yield demo


@pytest.fixture
def guest(shared: Demo) -> Visitor:
    return Visitor(shared.url, shared.folder / "tls" / "certificate.pem")


def test_start__names_the_certificate_and_warns(shared: Demo) -> None:
    assert f"{shared.url}/" in shared.output
    assert "anybody in this network can sign in" in shared.output
    served = ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate((HOST, shared.port)))
    assert hashlib.sha256(served).digest().hex(":").upper() in shared.output
    key = shared.folder / "tls" / "key.pem"
    assert key.stat().st_mode & 0o077 == 0


def test_sign_in__works_with_both_services_and_the_portal(guest: Visitor) -> None:
    guest.go("/videoreception/sign-in/?next=/videoreception/cabinet/")
    guest.send('value="diia_id"', button="diia_id")
    guest.send('name="citizen"', citizen="olena")
    assert guest.address == f"{guest.url}/videoreception/cabinet/"
    assert all(cookie.secure for cookie in guest.session.cookies)

    guest.session.cookies.clear()
    guest.go("/videoreception/sign-in/?next=/videoreception/cabinet/")
    guest.send("/bankid/start/")
    guest.send('value="kalyna"')
    guest.send('name="citizen"', citizen="taras")
    assert guest.address == f"{guest.url}/videoreception/cabinet/"

    guest.session.cookies.clear()
    guest.go("/videoreception/sign-in/?next=/videoreception/cabinet/")
    guest.send("/sign-in/portal/start/")
    guest.send('name="citizen"', citizen="halyna")
    guest.send('name="token"')
    guest.send("csrfmiddlewaretoken")
    assert guest.address == f"{guest.url}/videoreception/cabinet/"


def test_this_machine__is_led_to_the_address_and_answers_machines(shared: Demo) -> None:
    local = f"http://127.0.0.1:{shared.port}"
    led = requests.get(f"{local}/device-check/?a=1", allow_redirects=False, timeout=30)
    assert led.headers["Location"] == f"{shared.url}/device-check/?a=1"
    for path in ("/identity/jwks.json", "/authority/dstu/ca.crl"):
        assert requests.get(local + path, allow_redirects=False, timeout=30).status_code == 200


def test_plain_and_silent_connections__are_no_trouble(shared: Demo, guest: Visitor) -> None:
    shared.printed_meanwhile()
    with socket.create_connection((HOST, shared.port)):
        with pytest.raises(requests.ConnectionError):
            requests.get(f"http://{HOST}:{shared.port}/", timeout=30)
        assert "Кабінет електронних сервісів" in guest.go("/")
    # The housekeeping beside it may tell of its work.
    assert "Error" not in shared.printed_meanwhile()


def test_without_a_host__nothing_listens_outside(demo: Demo) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, demo.port))


def test_an_address_of_another_machine__is_refused_in_words(tmp_path: Path) -> None:
    elsewhere = Demo(tmp_path, free_port(), "203.0.113.7")
    with pytest.raises(AssertionError, match=r"203\.0\.113\.7 is no address of this machine"):
        elsewhere.start()


def test_certificate__is_kept_while_it_is_good(tmp_path: Path) -> None:
    path = ensure_certificate(tmp_path, "203.0.113.7", now=NOW)
    first = fingerprint(path)

    ensure_certificate(tmp_path, "203.0.113.7", now=NOW + VALID - timedelta(days=2))
    assert fingerprint(path) == first

    for host, now in (("demo.example", NOW), ("demo.example", NOW + VALID)):
        ensure_certificate(tmp_path, host, now=now)
        assert fingerprint(path) != first
        first = fingerprint(path)
    names = x509.load_pem_x509_certificate(path.read_bytes()).extensions
    found = names.get_extension_for_class(x509.SubjectAlternativeName).value
    assert found.get_values_for_type(x509.DNSName) == ["demo.example"]
