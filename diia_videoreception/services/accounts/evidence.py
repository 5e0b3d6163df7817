"""Keeping what proves a sign-in or a signature in a dispute (identity rule C.8, B-23)."""

import io
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta

from diia_videoreception.conf import app_settings
from diia_videoreception.models import Citizen, Evidence, JournalAct, Purpose
from diia_videoreception.personal_data import decrypt, encrypt
from diia_videoreception.services import journal
from diia_videoreception.services.transactions import act
from integrations.identity.base import Proof


def keep_if_any(proof: Proof, *, citizen: Citizen, purpose: Purpose, now: datetime) -> None:
    """Keep what proves a sign-in; with some ways to sign in nothing is signed."""
    if proof.evidence:
        keep(proof, citizen=citizen, purpose=purpose, now=now)


def keep(proof: Proof, *, citizen: Citizen, purpose: Purpose, now: datetime) -> Evidence:
    """Keep the bytes of a proof as an encrypted archive, inside the act.

    What proves a sign-in goes after EVIDENCE_DAYS; what proves a signature stays with the
    application.
    """
    return Evidence.objects.create(
        citizen=citizen,
        purpose=purpose,
        provider=proof.identity.provider,
        method=proof.identity.method,
        level=proof.identity.level.value,
        archive_encrypted=pack(proof.evidence),
        created_at=now,
        keep_until=None
        if purpose == Purpose.SIGN
        else now + timedelta(days=app_settings.evidence_days),
    )


def pack(files: Mapping[str, bytes]) -> str:
    """Make the encrypted archive of files."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return encrypt(b64encode(archive.getvalue()).decode())


def files_of(evidence: Evidence) -> dict[str, bytes]:
    """Return the bytes that were kept, by file name."""
    return unpack(evidence.archive_encrypted)


def unpack(archive_encrypted: str) -> dict[str, bytes]:
    """Return the bytes that `pack` has packed, by file name."""
    archive = io.BytesIO(b64decode(decrypt(archive_encrypted)))
    with zipfile.ZipFile(archive) as files:
        return {name: files.read(name) for name in files.namelist()}


@act
def export(citizen: Citizen, *, now: datetime) -> list[tuple[Evidence, dict[str, bytes]]]:
    """Give all that is kept of one citizen, oldest first, and write down that it was given out."""
    kept = list(Evidence.objects.filter(citizen=citizen).order_by("created_at", "pk"))
    journal.record(
        JournalAct.EXPORT_EVIDENCE, subject=citizen, now=now, details={"count": len(kept)}
    )
    return [(evidence, files_of(evidence)) for evidence in kept]
