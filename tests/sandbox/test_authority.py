"""The demonstration authority: real keys, real answers, and nothing of it without DEBUG."""

import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import RequestFactory

from integrations.identity.base import IdentityError
from integrations.identity.kep import KepOptions, KepSignature
from integrations.kep.answer import open_answer
from integrations.kep.revocation import StaticSource
from integrations.kep.trust import load_directory
from sandbox.authority import parties, views
from sandbox.authority.envelopes import GAMMA
from sandbox.authority.keyring import load_keyring
from sandbox.authority.people import SIGNERS, Algorithm
from sandbox.authority.responder import certificate_list, status_answer
from tests.harness.clock import NOW
from tests.harness.demo import Demo, Visitor
from tests.harness.html import Page
from tests.steps.authority import ADDRESS, provider, ring

TEXT = b"to be signed\n"


@pytest.fixture
def authority(settings: Any) -> None:
    settings.DEBUG = True
    settings.AUTHORITY = ring()


# --- Keys --------------------------------------------------------------------------------------


def test_keys__are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    first = load_keyring(tmp_path, url=ADDRESS, now=NOW)
    second = load_keyring(tmp_path, url="http://127.0.0.1:8001/authority")

    assert {name: one.raw for name, one in first.holders.items()} == {
        name: one.raw for name, one in second.holders.items()
    }
    assert second.portal.scalar == first.portal.scalar
    for name in ("keys.json", "portal.key"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert len({one.certificate.serial for one in first.holders.values()}) == len(first.holders)
    assert "8001/authority/dstu/ocsp/" in (tmp_path / "trust" / "services.json").read_text()
    assert KepSignature(KepOptions(trust=first.trust)).check() == []
    assert all(one.raw != ring().holders[name].raw for name, one in first.holders.items())


def test_portal_key__fits_its_certificate() -> None:
    ring().portal.require_match()
    assert (ring().folder / "portal.cer").read_bytes() == ring().portal.certificate.raw
    assert int((ring().folder / "portal.key").read_text(), 16) == ring().portal.scalar


@pytest.mark.parametrize("sender", [None, "bank", "broker"])
def test_envelopes__of_the_mock_services_open_with_the_production_code(
    authority: None, sender: str | None
) -> None:
    senders = {"bank": parties.bank_sender(), "broker": parties.broker_sender()}
    content = parties.signed(b"{}", parties.bank_signer())
    envelope = parties.envelope(
        content,
        parties.portal_recipient().certificate,
        sender=senders.get(sender or ""),
        cipher=GAMMA,
    )
    answer = open_answer(
        envelope,
        recipient=parties.portal_recipient(),
        trust=load_directory(ring().trust),
        at=NOW,
        source=StaticSource([certificate_list(ring(), Algorithm.DSTU, now=NOW)]),
        originators=[one.certificate for one in senders.values()],
    )
    assert answer.content == b"{}"
    assert answer.signature
    assert answer.signature.identity
    assert answer.signature.identity.name == "Демонстраційний банк"
    assert (answer.originator is None) == (sender is None)


@pytest.mark.parametrize("request_bytes", [b"", b"GET", b"\x30\x00", b"\x30\x02\x30\x00"])
def test_responder__answers_nonsense_with_an_error(request_bytes: bytes) -> None:
    answer = status_answer(ring(), Algorithm.ECDSA, request_bytes, now=NOW)
    assert answer == b"\x30\x03\x0a\x01\x01"


# --- Nothing without DEBUG ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "method", "arguments"),
    [
        (views.signing_page, "get", {}),
        (views.sign, "post", {}),
        (views.crl, "get", {"algorithm": Algorithm.DSTU}),
        (views.ocsp, "post", {"algorithm": Algorithm.DSTU}),
    ],
)
def test_addresses__do_not_exist_without_debug(
    settings: Any, authority: None, view: Any, method: str, arguments: dict[str, Any]
) -> None:
    settings.DEBUG = False
    with pytest.raises(Http404):
        view(getattr(RequestFactory(), method)("/"), **arguments)


# --- The signing page --------------------------------------------------------------------------


def sign(**fields: Any) -> Any:
    return views.sign(RequestFactory().post("/", fields))


@pytest.mark.parametrize("detached", [True, False])
def test_signing__gives_a_file_that_the_production_code_accepts(
    authority: None, time_machine: Any, detached: bool
) -> None:
    time_machine.move_to(NOW)
    more = {"detached": "on"} if detached else {}
    answer = sign(signer="nadiia", file=SimpleUploadedFile("x.txt", TEXT), **more)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="signed-nadiia.p7s"'
    assert (TEXT in answer.content) is not detached
    assert provider().verify(answer.content, content=TEXT, now=NOW).identity.last_name == "Кравець"


def test_signing__with_nobodys_key(authority: None) -> None:
    assert sign(signer="nobody", file=SimpleUploadedFile("x.txt", TEXT)).status_code == 400


# --- The running demonstration -----------------------------------------------------------------


def test_portal__asks_the_running_authority(demo: Demo) -> None:
    folder = demo.folder / "authority"
    keys = load_keyring(folder, url=f"{demo.url}/authority")
    kep = KepSignature(KepOptions(trust=keys.trust))
    now = datetime.now(UTC)
    for signer in SIGNERS:
        if signer.slug in {"olena", "nadiia", "vasyl"}:
            signed = parties.maker.sign(
                keys.person(signer), parties.maker.Message(content=TEXT, signing_time=now)
            )
            try:
                outcome = kep.verify(signed, content=TEXT, now=now).identity.method
            except IdentityError as error:
                outcome = error.reason
            expected = {"olena": "kep+dstu", "nadiia": "kep+ecdsa", "vasyl": "revoked"}
            assert outcome == expected[signer.slug]
    for algorithm in Algorithm:
        listing = requests.get(f"{demo.url}/authority/{algorithm}/ca.crl", timeout=30)
        assert listing.headers["Content-Type"] == "application/pkix-crl"
        assert listing.content[0] == 0x30
    assert requests.get(f"{demo.url}/authority/rsa/ca.crl", timeout=30).status_code == 404


def test_page__says_what_it_is_and_may_be_framed_here_only(demo: Demo) -> None:
    answer = requests.get(f"{demo.url}/authority/?address={demo.url}", timeout=30)
    assert "Ключі лише для демонстрації" in answer.text
    assert all(signer.slug in answer.text for signer in SIGNERS)
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("content", [None, b"", bytes(300_000)])
def test_page__asks_for_a_file_of_a_sensible_size(
    demo: Demo, visitor: Visitor, content: bytes | None
) -> None:
    token = Page(visitor.go("/authority/")).token
    answer = visitor.session.post(
        f"{demo.url}/authority/sign/",
        {"csrfmiddlewaretoken": token, "signer": "olena"},
        files={} if content is None else {"file": ("x.txt", content)},
        timeout=30,
    )
    assert answer.status_code == 400
    assert "Виберіть файл із текстом" in answer.text
    assert "Content-Disposition" not in answer.headers


def test_citizen__signs_in_with_a_file_signed_elsewhere(demo: Demo, visitor: Visitor) -> None:
    visitor.go("/videoreception/sign-in/")
    page = visitor.send("/sign-in/kep/start/")
    [text_url] = {
        address for _, address in Page(page).links() if address.startswith("/videoreception/sign/")
    }
    text = visitor.session.get(f"{demo.url}{text_url}", timeout=30).content
    visitor_page = visitor.address
    signing = Visitor(demo.url)
    token = Page(signing.go("/authority/")).token
    signed = signing.session.post(
        f"{demo.url}/authority/sign/",
        {"csrfmiddlewaretoken": token, "signer": "nadiia"},
        files={"file": ("text-to-sign.txt", text)},
        timeout=30,
    ).content
    fields = Page(page).hidden(token=True)
    answer = visitor.session.post(
        visitor_page, fields, files={"file": ("signed.p7s", signed)}, timeout=30
    )
    assert answer.status_code == 200
    assert "Кравець" in answer.text
