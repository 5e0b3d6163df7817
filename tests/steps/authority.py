"""The demonstration authority in tests: the network is a function call, the time is the caller's."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from integrations.common.fetching import FetchFailed
from integrations.identity.kep import KepOptions, KepSignature
from integrations.kep.trust import TrustStore, load_directory
from sandbox.authority import maker
from sandbox.authority.keyring import Keyring, load_keyring
from sandbox.authority.people import Algorithm, signer
from sandbox.authority.responder import certificate_list, status_answer
from tests.harness.clock import NOW

ADDRESS = "http://authority.example"
CONTENT = "Вхід\n".encode()


@lru_cache(maxsize=1)
def ring() -> Keyring:
    """One set of keys for all tests of this process; nobody changes it."""
    folder = Path(tempfile.mkdtemp(prefix="vr-authority-"))
    return load_keyring(folder, url=ADDRESS, now=NOW)


@dataclass
class Network:
    """Answers for both authorities; counts what it was asked."""

    now: datetime = NOW
    down: bool = False
    asked: list[str] = field(default_factory=list)

    def fetch(self, url: str, *, body: bytes | None, limit: int, seconds: float) -> bytes:
        del limit, seconds
        self.asked.append(url)
        if self.down:
            raise FetchFailed("down")
        algorithm = Algorithm(url.removeprefix(f"{ADDRESS}/").split("/")[0])
        if body is None:
            return certificate_list(ring(), algorithm, now=self.now)
        return status_answer(ring(), algorithm, body, now=self.now)


def provider(network: Network | None = None, **options: Any) -> KepSignature:
    """The production provider over the authority's trust folder."""
    values: dict[str, Any] = {"trust": ring().trust, "transport": network or Network()} | options
    return KepSignature(KepOptions(**values))


def signature(slug: str = "olena", content: bytes = CONTENT, **message: Any) -> bytes:
    """A signature with one of the demonstration keys."""
    chosen = signer(slug)
    assert chosen
    wanted: dict[str, Any] = {"content": content, "signing_time": NOW} | message
    return maker.sign(ring().person(chosen), maker.Message(**wanted))


def trust_at_signing() -> TrustStore:
    """The authority's roots, believed without asking for revocation: that was done at signing."""
    store = load_directory(ring().trust)
    every = frozenset(item.fingerprint for item in (*store.anchors, *store.intermediates))
    return replace(store, no_revocation=every)
