"""Signatures made here and now by another implementation, BouncyCastle, are accepted.

Needs Debian's default-jdk-headless, libbcprov-java and libbcpkix-java.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from integrations.kep.certificates import read_certificate
from integrations.kep.trust import store_of
from integrations.kep.verify import Verdict, verify
from tests.kep.maker import AT

SOURCE = Path(__file__).parent / "producers" / "BouncyCastle.java"
JARS = [Path("/usr/share/java") / name for name in ("bcprov.jar", "bcpkix.jar", "bcutil.jar")]
NAMES = [
    *(f"dstu-curve{number}" for number in range(10)),
    *(f"dstu-kupyna{bits}" for bits in (256, 384, 512)),
    "ecdsa-p256",
    "ecdsa-p384",
    "rsa",
    "rsa-pss",
]


@pytest.fixture(scope="module")
def made() -> Path:
    """The folder with what BouncyCastle made, kept between runs; no part of the repository."""
    if shutil.which("java") is None or not all(jar.exists() for jar in JARS):
        pytest.skip("apt-get install default-jdk-headless libbcprov-java libbcpkix-java")
    version = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"kep-bouncycastle-{os.getuid()}-{version}"
    if not folder.exists():
        with tempfile.TemporaryDirectory(dir=tempfile.gettempdir()) as work:
            unfinished = Path(work) / "made"
            unfinished.mkdir()
            class_path = ":".join(map(str, JARS))
            subprocess.run(["java", "-cp", class_path, str(SOURCE), str(unfinished)], check=True)
            try:
                unfinished.rename(folder)
            except OSError:
                # Another process was quicker.
                assert folder.exists()
    return folder


def verified(folder: Path, name: str, form: str, content: bytes = b"challenge") -> Verdict:
    root = read_certificate((folder / f"{name}.root.cer").read_bytes())
    trust = store_of([root], no_revocation=[root])
    data = (folder / f"{name}.{form}.p7s").read_bytes()
    return verify(data, trust=trust, at=AT, content=content)


@pytest.mark.parametrize("form", ["attached", "detached", "streamed"])
@pytest.mark.parametrize("name", NAMES)
def test_signature(made: Path, name: str, form: str) -> None:
    verdict = verified(made, name, form)
    assert verdict.reason.value == "valid", verdict.detail
    assert verdict.identity is not None
    assert verdict.identity.rnokpp == "3287401015"
    reason = "digest_mismatch" if form == "detached" else "content_mismatch"
    assert verified(made, name, form, b"other content").reason.value == reason
