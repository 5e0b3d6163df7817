"""A small world: a root, an authority, a person, and the sample messages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from integrations.kep.revocation import StaticSource
from integrations.kep.trust import TrustStore, load_certificates, load_directory, store_of
from integrations.kep.verify import PERSON, Policy, Verdict, verify
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
    ) -> Verdict:
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


@pytest.fixture(scope="session")
def world() -> World:
    """Root, authority and person, all ДСТУ 4145 on M257."""
    root = maker.authority("Root", DstuPrivateKey("root"))
    authority = maker.authority("Authority", DstuPrivateKey("authority"), root)
    person = maker.issue(Subject(), DstuPrivateKey("person"), authority)
    return World(
        root=root,
        authority=authority,
        person=person,
        trust=store_of([root.certificate, authority.certificate]),
        source=StaticSource(crl_files=[maker.make_crl(authority)]),
    )


@dataclass
class Samples:
    """The sample vectors with their trust store and CRL."""

    expected: dict[str, Any]
    trust: TrustStore
    source: StaticSource
    at: datetime


@pytest.fixture(scope="session")
def samples() -> Samples:
    """See tests/data/kep/README.md."""
    expected = json.loads((DATA / "expected.json").read_text())
    with_crl = set(expected["crl"])
    without = [
        load_certificates(DATA / name)[0]
        for name in (*expected["trust_anchors"], *expected["intermediates"])
        if name not in with_crl
    ]
    return Samples(
        expected=expected,
        trust=load_directory(DATA / "trust", no_revocation=without),
        source=StaticSource(
            crl_files=[(DATA / name).read_bytes() for name in expected["crl"].values()]
        ),
        at=datetime.fromisoformat(expected["verify_at"]),
    )
