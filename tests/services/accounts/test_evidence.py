"""What proves a sign-in: kept for its time, and given out for a dispute."""

from base64 import urlsafe_b64decode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.management import CommandError, call_command

from diia_videoreception.models import Citizen, Evidence, JournalRecord, Purpose
from diia_videoreception.services.accounts import evidence
from diia_videoreception.services.housekeeping.cleaning import clean
from integrations.kep.revocation import StaticSource
from integrations.kep.trust import load_directory
from integrations.kep.verify import verify
from tests.factories import NOW, ApplicationFactory, CitizenFactory
from tests.steps.authority import CONTENT, provider, ring, signature

pytestmark = pytest.mark.django_db


@pytest.fixture
def citizen() -> Citizen:
    """Has signed in once with a key."""
    citizen: Citizen = CitizenFactory()
    proof = provider().verify(signature("olena"), content=CONTENT, now=NOW)
    evidence.keep(proof, citizen=citizen, purpose=Purpose.SIGN_IN, now=NOW)
    return citizen


def test_at_rest__nobody_is_named(citizen: Citizen, settings: Any) -> None:
    kept = Evidence.objects.get()
    assert b"3142501187" in evidence.files_of(kept)["certificate-1.cer"]
    assert b"PK" not in urlsafe_b64decode(kept.archive_encrypted)[:2], "a readable archive"
    other = {"ENCRYPTION_KEYS": [Fernet.generate_key().decode()]}
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | other
    with pytest.raises(InvalidToken):
        evidence.files_of(kept)


def test_evidence__is_kept_for_three_years_and_not_longer(citizen: Citizen) -> None:
    clean(now=NOW + timedelta(days=1095))
    assert Evidence.objects.exists()
    clean(now=NOW + timedelta(days=1095, seconds=1))
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("by", ["application", "citizen"])
def test_given_out__it_verifies_without_us(citizen: Citizen, tmp_path: Path, by: str) -> None:
    """With the CRL or OCSP answer of that moment, the chain, the text and the signature."""
    application = ApplicationFactory(citizen=citizen, number="ВП-2026-000123-7")
    whose = {
        "application": ["--application", application.number.replace("В", "B")],
        "citizen": ["--citizen", str(citizen.public_id)],
    }[by]
    call_command("export_evidence", *whose, str(tmp_path / "case"))

    (folder,) = (tmp_path / "case").iterdir()
    assert (tmp_path / "case").stat().st_mode & 0o077 == 0
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert files["challenge.txt"] == CONTENT
    assert {"signature.p7s", "certificate-1.cer", "revocation-1.der"} <= set(files)
    revocation = [data for name, data in files.items() if name.startswith("revocation")]
    verdict = verify(
        files["signature.p7s"],
        trust=load_directory(ring().trust),
        at=NOW,
        content=CONTENT,
        source=StaticSource(crl_files=revocation, ocsp_files=revocation),
    )
    assert verdict.valid, verdict
    record = JournalRecord.objects.get(act="citizen.export_evidence")
    assert (record.subject_id, record.details) == (str(citizen.public_id), {"count": 1})


def test_evidence_of_nobody_or_over_another_file__is_not_given_out(
    citizen: Citizen, tmp_path: Path
) -> None:
    for whose in (["--application", "ВП-2026-000999-9"], ["--application", "x"]):
        with pytest.raises(CommandError):
            call_command("export_evidence", *whose, str(tmp_path / "new"))
    with pytest.raises(CommandError, match="exists already"):
        call_command("export_evidence", "--citizen", str(citizen.public_id), str(tmp_path))
    assert not JournalRecord.objects.exists()
