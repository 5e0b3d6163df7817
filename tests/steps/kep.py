"""A small world of signatures: holders of keys, a trust store, and the sample messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from integrations.kep.revocation import StaticSource
from integrations.kep.trust import TrustStore
from integrations.kep.verify import PERSON, Policy, SignatureVerdict, verify
from sandbox.authority import maker
from sandbox.authority.keys import DstuPrivateKey
from sandbox.authority.maker import Holder, Message, Subject

DATA = Path(__file__).parent.parent / "data" / "kep"


@dataclass
class World:
    """Holders of keys, and a trust store with a fresh CRL."""

    root: Holder
    authority: Holder
    person: Holder
    trust: TrustStore
    source: StaticSource

    def issue(self, subject: Subject | None = None, seed: str = "person", **options: Any) -> Holder:
        """Issues a certificate under the authority."""
        return maker.issue(subject or Subject(), DstuPrivateKey(seed), self.authority, **options)

    def verify(
        self,
        signature: bytes,
        *,
        content: bytes | None = b"challenge",
        policy: Policy = PERSON,
        source: StaticSource | None = None,
        trust: TrustStore | None = None,
        at: datetime = maker.AT,
    ) -> SignatureVerdict:
        """Verifies with the defaults of this world."""
        return verify(
            signature,
            trust=trust or self.trust,
            at=at,
            content=content,
            source=source or self.source,
            policy=policy,
        )

    def reason(self, holder: Holder, message: Message | None = None, **options: Any) -> str:
        """Signs, verifies and returns the reason."""
        return self.verify(maker.sign(holder, message), **options).reason.value


@dataclass
class Samples:
    """The sample vectors with their trust store and CRL."""

    expected: dict[str, Any]
    trust: TrustStore
    source: StaticSource
    at: datetime


PRODUCERS = Path(__file__).parent.parent / "kep" / "producers"
JARS = [Path("/usr/share/java") / name for name in ("bcprov.jar", "bcpkix.jar", "bcutil.jar")]
