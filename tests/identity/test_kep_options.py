"""The provider of КЕП in the settings: its options, its trust folder, what it says of itself."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from integrations.identity.base import IdentityError
from integrations.identity.kep import KepOptions, KepSignature
from sandbox.authority import maker
from sandbox.authority.keys import EcPrivateKey
from sandbox.authority.maker import Subject
from tests.harness.clock import NOW
from tests.steps.authority import CONTENT, Network, provider, ring, signature


def first_name(slug: str, **options: Any) -> str:
    """Signs in with a demonstration key; the reason when it is refused."""
    try:
        proof = provider(**options).verify(signature(slug), content=CONTENT, now=NOW)
    except IdentityError as error:
        return error.reason
    return proof.identity.first_name


def test_refused__trust_folder_is_gone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert first_name("olena", trust=tmp_path / "none") == "unavailable"
    assert "cannot be used" in caplog.text


def test_check__is_silent_for_a_good_folder() -> None:
    assert KepSignature(KepOptions(trust=ring().trust)).check() == []


def _empty(folder: Path) -> None:
    (folder / "readme.txt").write_text("nothing")


def _without_root(folder: Path) -> None:
    (folder / "ca.cer").write_bytes(ring().holders["dstu-ca"].raw)


def _unreadable(folder: Path) -> None:
    (folder / "broken.cer").write_bytes(b"broken")


def _bad_addresses(folder: Path) -> None:
    (folder / "root.cer").write_bytes(ring().holders["dstu-root"].raw)
    (folder / "services.json").write_text("[]")


def _ended(folder: Path) -> None:
    ended = Subject(not_before=datetime(2010, 1, 1, tzinfo=UTC))
    ended.not_after = datetime(2015, 3, 31, tzinfo=UTC)
    root = maker.authority("Старий корінь", EcPrivateKey(), subject=ended)
    (folder / "old.pem").write_bytes(
        b"-----BEGIN CERTIFICATE-----\n"
        + base64.encodebytes(root.raw)
        + b"-----END CERTIFICATE-----\n"
    )


@pytest.mark.parametrize(
    ("fill", "reason"),
    [
        (lambda folder: folder.rmdir(), "does not exist"),
        (_empty, "holds no certificates"),
        (_without_root, "holds no root"),
        (_unreadable, "broken.cer"),
        (_bad_addresses, "services.json"),
    ],
)
def test_faults__name_why_nobody_can_sign_in(
    tmp_path: Path, fill: Callable[[Path], object], reason: str
) -> None:
    folder = tmp_path / "trust"
    folder.mkdir()
    fill(folder)
    made = KepSignature(KepOptions(trust=folder))
    (fault,) = made.faults()
    assert reason in fault
    assert made.check() == []


def test_check__names_what_has_ended(tmp_path: Path) -> None:
    _ended(tmp_path)
    made = KepSignature(KepOptions(trust=tmp_path))
    assert made.faults() == []
    (problem,) = made.check()
    assert "ended on 31.03.2015: Старий корінь" in problem


def test_trust_folder__change_counts_without_a_restart(tmp_path: Path) -> None:
    """An authority taken out is believed no more, one put back is; the page says the same."""
    folder = tmp_path / "trust"
    copytree(ring().trust, folder)
    made = provider(trust=folder)
    signed = signature("olena")
    (authority,) = (
        path for path in folder.iterdir() if path.read_bytes() == ring().holders["dstu-ca"].raw
    )
    hidden = authority.with_suffix(".off")

    def outcome() -> str:
        try:
            return made.verify(signed, content=CONTENT, now=NOW).identity.first_name
        except IdentityError as error:
            return error.reason

    assert outcome() == "Олена"
    authority.rename(hidden)
    # What the message carries along leads to the root, which nobody has asked about.
    assert outcome() != "Олена"
    hidden.rename(authority)
    assert outcome() == "Олена"
    (folder / "services.json").write_text("{}")
    assert outcome() == "revocation_unknown"
    (folder / "services.json").write_text("[]")
    assert outcome() == "unavailable"
    assert "services.json" in made.faults()[0]


def test_check__warns_of_what_is_for_demonstration_only() -> None:
    unknown = "0" * 64
    known = ring().holders["dstu-ca"].certificate.fingerprint
    problems = provider(
        no_revocation=[unknown, known],
        widget_url="http://127.0.0.1:8000/authority/",
        allow_http_loopback=True,
    ).check()
    assert [unknown in problem for problem in problems] == [True, False, False]


def test_pinned_authority__needs_no_root(tmp_path: Path) -> None:
    authority = ring().holders["dstu-ca"]
    (tmp_path / "ca.cer").write_bytes(authority.raw)
    (tmp_path / "services.json").write_bytes((ring().trust / "services.json").read_bytes())
    assert first_name("olena", trust=tmp_path) == "untrusted_issuer"
    pinned = [authority.certificate.fingerprint]
    assert first_name("olena", trust=tmp_path, pinned=pinned) == "Олена"


def test_no_revocation__excuses_one_authority() -> None:
    excused = [ring().holders["dstu-ca"].certificate.fingerprint]
    network = Network(down=True)
    assert first_name("olena", network=network, no_revocation=excused) == "Олена"
    refused = first_name("nadiia", network=network, no_revocation=excused)
    assert refused == "revocation_unknown"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"trust": ""}, "trust"),
        ({"trust": 5}, "trust"),
        ({"label": ""}, "label"),
        ({"pinned": "ab" * 32}, "pinned"),
        ({"no_revocation": ["AB" * 32]}, "no_revocation"),
        ({"widget_url": "http://id.gov.ua/sign-widget/"}, "widget_url"),
        ({"widget_url": "http://127.0.0.1/"}, "widget_url"),
        ({"allow_http_loopback": 1}, "allow_http_loopback"),
        ({"revocation_seconds": 3601}, "revocation_seconds"),
        ({"revocation_seconds": "600"}, "revocation_seconds"),
    ],
)
def test_options__wrong_ones_are_named(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        KepOptions(**{"trust": "/trust"} | options)


def test_widget__origin_is_that_of_its_address() -> None:
    made = KepSignature(KepOptions(trust="x", widget_url="https://id.gov.ua/sign-widget/v2024/"))
    assert made.widget_origin == "https://id.gov.ua"
    assert KepSignature(KepOptions(trust="x")).widget_origin == ""
