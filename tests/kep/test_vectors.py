"""The sample messages of independent producers give the expected verdicts."""

import json
from typing import Any

import pytest

from integrations.kep.answer import open_answer
from integrations.kep.envelope import RecipientKey
from integrations.kep.revocation import StaticSource
from integrations.kep.trust import TrustStore, load_certificates
from integrations.kep.verify import verify
from tests.steps.kep import DATA, Samples

MESSAGES = json.loads((DATA / "expected.json").read_text())["cms"]
REASONS = {
    "21-bc-expired.p7s": "expired",
    "23-bc-wrong-ca-same-name.p7s": "untrusted_issuer",
    "27-bc-revoked.p7s": "revoked",
    "28-bc-wrong-nonce.p7s": "content_mismatch",
    "30-tampered-content.p7s": "content_mismatch",
    "33-cert-substitution-ess-mismatch.p7s": "certificate_substituted",
    "35-zero-signature.p7s": "bad_signature",
    "36-no-signers.p7s": "no_signer",
    "41-trailing-garbage.p7s": "trailing_data",
    "61-openssl-ecdsa-wrong-ca-same-name.p7s": "untrusted_issuer",
}


@pytest.mark.parametrize("arithmetic", ["python", "openssl"])
@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message["file"][4:])
def test_message_of_the_vectors__has_its_verdict(
    message: dict[str, Any], arithmetic: str, samples: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEP_ACCELERATOR", "off" if arithmetic == "python" else "on")
    verdict = verify(
        (DATA / message["file"]).read_bytes(),
        trust=samples.trust,
        at=samples.at,
        content=(DATA / message["content"]).read_bytes(),
        source=samples.source,
    )
    assert verdict.valid == message["accept"]
    assert verdict.reason.value == REASONS.get(message["file"].removeprefix("cms/"), "valid")
    if not message["accept"]:
        assert verdict.identity is None
        assert verdict.content is None
        return
    assert verdict.identity is not None
    assert verdict.identity.rnokpp == message["drfo"]
    assert verdict.identity.edrpou == message["edrpou"]
    assert verdict.identity.name == message.get("cn", verdict.identity.name)
    assert verdict.identity.surname == message.get("surname", verdict.identity.surname)
    assert verdict.identity.given_names == message.get("given", verdict.identity.given_names)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message["file"][4:])
def test_message__with_the_intermediates_pinned(message: dict[str, Any], samples: Samples) -> None:
    """Anchors need nothing above them, so the verdicts stay the same without the roots."""
    below = [c for c in samples.trust.anchors if c.public_key and not _has_child(c, samples)]
    pinned = TrustStore(
        anchors=(*samples.trust.intermediates, *below),
        no_revocation=samples.trust.no_revocation,
    )
    verdict = verify(
        (DATA / message["file"]).read_bytes(),
        trust=pinned,
        at=samples.at,
        content=(DATA / message["content"]).read_bytes(),
        source=samples.source,
    )
    assert verdict.valid == message["accept"]


def _has_child(anchor: Any, samples: Samples) -> bool:
    return any(child.issuer == anchor.subject for child in samples.trust.intermediates)


def test_message__without_revocation_data_is_not_good(samples: Samples) -> None:
    for name in ("cms/01-bc-dstu-gost-attached.p7s", "cms/27-bc-revoked.p7s"):
        verdict = verify(
            (DATA / name).read_bytes(), trust=samples.trust, at=samples.at, source=StaticSource()
        )
        assert verdict.reason.value == "revocation_unknown"


def test_envelope_of_the_vectors__is_opened(samples: Samples) -> None:
    [case] = samples.expected["envelopes"]
    keys = json.loads((DATA / "keys" / "test-private-keys.json").read_text())
    [certificate] = load_certificates(DATA / case["recipient"])
    answer = open_answer(
        (DATA / case["file"]).read_bytes(),
        recipient=RecipientKey(certificate, int(keys["portal-ka"], 16)),
        originators=load_certificates(DATA / case["originator"]),
        trust=samples.trust,
        source=samples.source,
        at=samples.at,
    )
    assert answer.content == (DATA / case["plaintext"]).read_bytes()
    assert answer.originator is not None
    assert answer.signature is None
