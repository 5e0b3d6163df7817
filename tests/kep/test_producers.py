"""Signatures made here and now by other implementations, BouncyCastle and jkurwa, are accepted.

Needs Debian's default-jdk-headless, libbcprov-java and libbcpkix-java, and node with npm.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from integrations.kep.certificates import read_certificate
from integrations.kep.trust import store_of
from integrations.kep.verify import SignatureVerdict, verify
from sandbox.authority import maker
from sandbox.authority.keys import DstuPrivateKey
from sandbox.authority.maker import AT, Subject
from tests.steps.kep import JARS, PRODUCERS
from tests.steps.npm import cached, installed

SOURCE = PRODUCERS / "BouncyCastle.java"
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
    """The folder with what BouncyCastle made."""
    if shutil.which("java") is None or not all(jar.exists() for jar in JARS):
        pytest.skip("apt-get install default-jdk-headless libbcprov-java libbcpkix-java")

    def fill(folder: Path) -> None:
        class_path = ":".join(map(str, JARS))
        subprocess.run(["java", "-cp", class_path, str(SOURCE), str(folder)], check=True)

    return cached("bouncycastle", [SOURCE], fill)


@pytest.fixture(scope="module")
def modules() -> Path:
    """The npm packages that the script needs."""
    return installed("jkurwa", PRODUCERS / "package.json") / "node_modules"


def verified(folder: Path, name: str, form: str, content: bytes = b"challenge") -> SignatureVerdict:
    root = read_certificate((folder / f"{name}.root.cer").read_bytes())
    trust = store_of([root], no_revocation=[root])
    data = (folder / f"{name}.{form}.p7s").read_bytes()
    return verify(data, trust=trust, at=AT, content=content)


@pytest.mark.parametrize("form", ["attached", "detached", "streamed"])
@pytest.mark.parametrize("name", NAMES)
def test_signature_of_bouncycastle__is_accepted(made: Path, name: str, form: str) -> None:
    verdict = verified(made, name, form)
    assert verdict.reason.value == "valid", verdict.detail
    assert verdict.identity is not None
    assert verdict.identity.rnokpp == "3287401015"
    reason = "digest_mismatch" if form == "detached" else "content_mismatch"
    assert verified(made, name, form, b"other content").reason.value == reason


def test_signatures_of_jkurwa__are_accepted(modules: Path, tmp_path: Path) -> None:
    root = maker.authority("Root", DstuPrivateKey("root"))
    person = maker.issue(Subject(), DstuPrivateKey("person"), root)
    (tmp_path / "person.cer").write_bytes(person.raw)
    (tmp_path / "person.key").write_text(f"{DstuPrivateKey('person').scalar:x}")
    script = PRODUCERS / "jkurwa.js"
    subprocess.run(["node", str(script), str(tmp_path), str(modules)], check=True)
    trust = store_of([root.certificate], no_revocation=[root.certificate])
    messages = sorted(tmp_path.glob("*.p7s"))
    assert len(messages) == 24
    for path in messages:
        verdict = verify(path.read_bytes(), trust=trust, at=AT, content=b"challenge")
        assert verdict.reason.value == "valid", path.name
