"""The answer of an identity broker: an envelope, opened, with everything signed in it verified.

The plaintext is either the data itself or SignedData around it (id.gov.ua, BankID НБУ).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from integrations.kep.certificates import Certificate, Usage
from integrations.kep.envelope import Opened, RecipientKey, open_envelope
from integrations.kep.errors import KepError, Reason
from integrations.kep.path import build_path
from integrations.kep.revocation import RevocationSource, StaticSource, require_not_revoked
from integrations.kep.trust import TrustStore
from integrations.kep.verify import SEALED_ANSWER, SignatureVerdict, verify


@dataclass(frozen=True)
class OpenedAnswer:
    """A decrypted and verified answer.

    Attributes:
        content: The innermost data.
        originator: The sender's certificate, verified up to an anchor; None when the sender used
            an ephemeral key and is known by the transport only.
        signature: The verdict on the SignedData inside, None when the content was not signed.
        signed_data: That SignedData itself, what proves the content later.
    """

    content: bytes = field(repr=False)
    originator: Certificate | None
    signature: SignatureVerdict | None
    signed_data: bytes | None = field(default=None, repr=False)


def open_answer(
    envelope: bytes,
    *,
    recipient: RecipientKey,
    trust: TrustStore,
    at: datetime,
    source: RevocationSource | None = None,
    originators: Sequence[Certificate] = (),
) -> OpenedAnswer:
    """Open an envelope; verifies its sender and the signature inside, where there is one.

    Args:
        envelope: EnvelopedData.
        recipient: Our key.
        trust: Whom to believe.
        at: The moment of verification, aware.
        source: Revocation data.
        originators: Certificates of possible senders in a static agreement.

    Raises:
        KepError: The envelope, its sender or the signature inside is refused.
    """
    opened = open_envelope(envelope, recipient=recipient, originators=originators)
    evidence = source or StaticSource()
    if opened.originator is not None:
        _require_trusted(opened.originator, trust, evidence, at)
    if not opened.holds_signed_data:
        return OpenedAnswer(opened.content, opened.originator, None)
    return _verified(opened, trust, evidence, at)


def _verified(
    opened: Opened, trust: TrustStore, source: RevocationSource, at: datetime
) -> OpenedAnswer:
    verdict = verify(opened.content, trust=trust, at=at, source=source, policy=SEALED_ANSWER)
    if verdict.content is None:
        raise KepError(verdict.reason, verdict.detail)
    return OpenedAnswer(verdict.content, opened.originator, verdict, signed_data=opened.content)


def _require_trusted(
    sender: Certificate, trust: TrustStore, source: RevocationSource, at: datetime
) -> None:
    if Usage.KEY_AGREEMENT not in (sender.key_usage or ()):
        raise KepError(Reason.WRONG_KEY_USAGE, "sender's key is not for key agreement")
    path = build_path(sender, trust=trust, hints=(), at=at)
    require_not_revoked(path, trust=trust, source=source, at=at)
