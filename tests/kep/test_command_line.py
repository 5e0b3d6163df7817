"""The command line, as other programs call it."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from integrations.kep.__main__ import main
from tests.steps.kep import DATA, Samples
from tests.steps.outside_formats import attribute, long_term, other_formats, with_unsigned

PATH = ["Тестенко Тарас Тестович", "Тестовий КНЕДП (DSTU)", "Тестовий ЦЗО (DSTU)"]
TIME_STAMP = "1.2.840.113549.1.9.16.2.14"

ROOT = Path(__file__).parent.parent.parent
KEYS = {
    "valid",
    "reason",
    "level",
    "rnokpp",
    "passport",
    "unzr",
    "edrpou",
    "name",
    "certificate",
    "format",
    "detail",
    "claimed_signing_time",
    "path",
}
CRL = str(DATA / "revocation" / "ca-dstu.crl")
EXCUSED = [
    str(DATA / "trust" / name)
    for name in ("root-dstu.cer", "ca-kupyna.cer", "root-kupyna.cer", "root-ec.cer")
]
COMMON = ["verify", "--trust", str(DATA / "trust"), "--at", "2026-11-23T00:00:00Z"]
ENVELOPE = [
    "--key",
    f"{DATA / 'keys' / 'test-private-keys.json'}#portal-ka",
    "--certificate",
    str(DATA / "certs" / "portal-ka.cer"),
]


def sample(name: str) -> str:
    return str(DATA / "cms" / name)


def run(*words: str) -> tuple[int, dict[str, Any]]:
    """Runs it as a program of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "integrations.kep", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout) if done.stdout else {}


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    """Runs it inside this process."""
    code = main(words)
    return code, json.loads(capsys.readouterr().out)


def test_verify__accepted() -> None:
    code, result = run(
        *COMMON,
        "--content",
        str(DATA / "challenge.bin"),
        "--allow-no-revocation",
        *EXCUSED,
        "--crl",
        CRL,
        sample("01-bc-dstu-gost-attached.p7s"),
    )
    assert code == 0
    assert set(result) == KEYS
    path = result.pop("path")
    assert [item["subject"] for item in path] == PATH
    assert [item["revocation"] for item in path] == [
        {
            "status": "good",
            "kind": "crl",
            "this_update": "2026-11-20T00:00:00+00:00",
            "from": "file",
        },
        None,
        None,
    ]
    assert result == {
        "valid": True,
        "reason": "valid",
        "level": "high",
        "rnokpp": "3287401015",
        "passport": None,
        "unzr": None,
        "edrpou": None,
        "name": "Тестенко Тарас Тестович",
        "certificate": "f1978c4ca96a3dc190a34ea631b958489751b53112c63ab41ea6042625cb3495",
        "format": "CAdES-BES",
        "detail": "",
        "claimed_signing_time": "2026-11-22T12:00:00+00:00",
    }


def test_verify__refused() -> None:
    code, result = run(*COMMON, "--crl", CRL, "--", sample("27-bc-revoked.p7s"))
    assert code == 1
    assert set(result) == KEYS
    assert (result["valid"], result["reason"], result["rnokpp"]) == (False, "revoked", None)


def test_verify__tells_the_format_and_why(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sound = Path(sample("01-bc-dstu-gost-attached.p7s")).read_bytes()
    samples = {
        "xl": (long_term(sound), "CAdES-X Long"),
        "t": (with_unsigned(sound, attribute(TIME_STAMP, 2_000)), "CAdES-T"),
        "asice": (other_formats(sound)["asic-e with cades"][0], "ASiC-E"),
        "nothing": (b"nothing", None),
    }
    for name, (data, expected) in samples.items():
        (tmp_path / name).write_bytes(data)
        _, result = call(capsys, *COMMON, "--crl", CRL, "--", str(tmp_path / name))
        assert result["format"] == expected
        assert bool(result["detail"]) is not result["valid"]
    _, result = call(capsys, *COMMON, "--", str(tmp_path / "asice"))
    assert result["reason"] == "unsupported_container"
    assert "META-INF" in result["detail"]


def test_verify__every_sample(capsys: pytest.CaptureFixture[str], samples: Samples) -> None:
    for message in samples.expected["cms"]:
        words = [*COMMON, "--content", str(DATA / message["content"]), "--crl", CRL]
        for name in EXCUSED:
            words += ["--allow-no-revocation", name]
        code, result = call(capsys, *words, str(DATA / message["file"]))
        assert (code == 0, result["valid"]) == (message["accept"], message["accept"])
        if message["accept"]:
            assert result["rnokpp"] == message["drfo"]


@pytest.mark.parametrize(
    "words",
    [
        [sample("01-bc-dstu-gost-attached.p7s"), "--crl", CRL],
        ["--crl", CRL, sample("01-bc-dstu-gost-attached.p7s")],
        ["--crl", CRL, "--ocsp", CRL, CRL, sample("01-bc-dstu-gost-attached.p7s")],
        ["--crl", CRL, "--crl", CRL, "--", sample("01-bc-dstu-gost-attached.p7s")],
        ["--crl", CRL, "--max-size", "4000", sample("01-bc-dstu-gost-attached.p7s")],
    ],
)
def test_verify__order_of_words(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    code, result = call(capsys, *COMMON, *words)
    assert (code, result["reason"]) == (0, "valid")


def test_verify__signature_as_text(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    content = Path(sample("01-bc-dstu-gost-attached.p7s")).read_bytes()
    text = base64.encodebytes(content)
    letter = tmp_path / "letter.p7s"
    for data in (text, b"-----BEGIN CMS-----\r\n" + text + b"-----END CMS-----\r\n"):
        letter.write_bytes(data)
        assert call(capsys, *COMMON, "--crl", CRL, "--", str(letter))[0] == 0
    letter.write_bytes(text + b"?")
    code, result = call(capsys, *COMMON, "--crl", CRL, "--", str(letter))
    assert (code, result["reason"]) == (1, "malformed")


def test_verify__endless_file(capsys: pytest.CaptureFixture[str]) -> None:
    """No more is read than is needed to refuse it."""
    for words in (
        ["/dev/zero"],
        ["--content", "/dev/zero", sample("02-bc-dstu-gost-detached.p7s")],
    ):
        code, result = call(capsys, *COMMON, *words)
        assert (code, result["reason"]) == (1, "too_large")


def test_verify__trust_as_people_keep_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def pem(name: str) -> bytes:
        body = base64.encodebytes((DATA / "trust" / name).read_bytes())
        return b"-----BEGIN CERTIFICATE-----\n" + body + b"-----END CERTIFICATE-----\n"

    words = ["--at", "2026-11-23", "--crl", CRL, "--", sample("01-bc-dstu-gost-attached.p7s")]
    (tmp_path / "ca").write_bytes(b"subject=CA\n" + pem("ca-dstu.cer"))
    (tmp_path / "README").write_text("no certificate")
    (tmp_path / "folder").mkdir()
    code, result = call(capsys, "verify", "--trust", str(tmp_path), *words)
    assert (code, result["reason"]) == (1, "untrusted_issuer")
    root = tmp_path / "root.pem"
    root.write_bytes(b"\xef\xbb\xbf" + pem("root-ec.cer") + b"\n" + pem("root-dstu.cer"))
    assert call(capsys, "verify", "--trust", str(tmp_path), *words)[0] == 0
    root.rename(tmp_path / "root.pem.off")
    code, result = call(capsys, "verify", "--trust", str(tmp_path), *words)
    assert (code, result["reason"]) == (1, "untrusted_issuer")


def test_verify__without_any_revocation_data(capsys: pytest.CaptureFixture[str]) -> None:
    code, result = call(capsys, *COMMON, sample("50-openssl-ecdsa-p256-attached.p7s"))
    assert (code, result["reason"]) == (1, "revocation_unknown")


def test_verify__pinned_anchor(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pinned = str(DATA / "trust" / "ca-dstu.cer")
    words = ["--crl", CRL, "--anchor", pinned, "--", sample("01-bc-dstu-gost-attached.p7s")]
    code, _ = call(capsys, "verify", "--trust", str(tmp_path), "--at", "2026-11-23", *words)
    assert code == 0


@pytest.mark.parametrize(
    "words",
    [
        [*COMMON, sample("missing.p7s")],
        [*COMMON, "--crl", "missing.crl", "--", sample("01-bc-dstu-gost-attached.p7s")],
        [*COMMON, "--content", "missing", sample("01-bc-dstu-gost-attached.p7s")],
        ["verify", "--trust", "missing", sample("01-bc-dstu-gost-attached.p7s")],
        ["verify", "--trust", str(DATA / "keys"), sample("01-bc-dstu-gost-attached.p7s")],
        [*COMMON, "--anchor", CRL, "--", sample("01-bc-dstu-gost-attached.p7s")],
    ],
)
def test_unusable_input__is_an_error_in_json(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    code, result = call(capsys, *words)
    assert (code, result["valid"], set(result)) == (2, False, KEYS)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["verify"],
        ["verify", "--trust", "x"],
        [*COMMON, "--crl", sample("01-bc-dstu-gost-attached.p7s")],
        ["verify", "--trust", "x", "--at", "yesterday", "x"],
        ["verify", "--trust", "x", "--at", "0001-01-01T00:00:00+23:00", "x"],
        ["verify", "--trust", "x", "--max-size", "-1", "x"],
    ],
)
def test_wrong_words__are_an_error_in_json(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    code, result = call(capsys, *words)
    assert (code, result["valid"], set(result)) == (2, False, KEYS)


def test_envelope__is_opened(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    envelope = str(DATA / "envelope" / "idgovua-userinfo.jkurwa.p7e")
    sender = str(DATA / "certs" / "broker-ka.cer")
    code, result = call(capsys, "open-envelope", *ENVELOPE, "--originator", sender, envelope)
    assert code == 0
    assert not result["originator_trusted"]
    expected = (DATA / "envelope" / "idgovua-userinfo.json").read_text()
    assert result["content"] == expected

    target = tmp_path / "plain"
    trust = ["--trust", str(DATA / "trust"), "--at", "2026-11-23", "--crl", CRL]
    words = [*ENVELOPE, "--output", str(target), *trust, "--originator", sender, envelope]
    code, result = call(capsys, "open-envelope", *words)
    assert (code, result["originator_trusted"]) == (0, True)
    assert target.read_text() == expected
    assert "content" not in result

    code, result = call(capsys, "open-envelope", *ENVELOPE, envelope)
    assert (code, result["reason"]) == (1, "certificate_missing")


def test_open_envelope__unusable_key(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ["--key", str(DATA / "README.md"), *ENVELOPE[2:], CRL]
    assert call(capsys, "open-envelope", *words)[0] == 2
    plain = tmp_path / "key"
    plain.write_text("-ab\n")
    assert call(capsys, "open-envelope", "--key", str(plain), *ENVELOPE[2:], CRL)[0] == 2
    plain.write_text("ab\n")
    words = ["--key", str(plain), *ENVELOPE[2:], CRL]
    code, result = call(capsys, "open-envelope", *words)
    assert (code, result["reason"]) == (1, "bad_parameters")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("cms/01-bc-dstu-gost-attached.p7s", "signature"),
        ("envelope/idgovua-userinfo.jkurwa.p7e", "envelope"),
        ("trust/root-rsa.cer", "certificate"),
        ("revocation/ca-dstu.crl", "crl"),
    ],
)
def test_inspect__names_the_kind(capsys: pytest.CaptureFixture[str], name: str, kind: str) -> None:
    code, result = call(capsys, "inspect", str(DATA / name))
    assert (code, result["kind"]) == (0, kind)


def test_inspect__other_files(capsys: pytest.CaptureFixture[str]) -> None:
    code, result = call(capsys, "inspect", str(DATA / "README.md"))
    assert (code, result) == (1, {"kind": None, "reason": "malformed"})
    code, result = call(capsys, "inspect", sample("36-no-signers.p7s"))
    assert (code, result["reason"]) == (1, "no_signer")
