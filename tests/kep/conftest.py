"""A small world: a root, an authority, a person, and the sample messages."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from integrations.kep.revocation import StaticSource
from integrations.kep.trust import load_certificates, load_directory, store_of
from sandbox.authority import maker
from sandbox.authority.keys import DstuPrivateKey
from sandbox.authority.maker import Subject
from tests.steps.kep import DATA, Samples, World


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
