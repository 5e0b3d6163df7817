"""Parsers survive anything: a short run in every suite, a long one on request."""

import os

from tests.harness.memory import peak_megabytes
from tests.kep.torture import MEGABYTES, run

COUNT = 20_000 if os.environ.get("TORTURE") else 1_500


def test_mutations__raise_only_our_errors() -> None:
    before = peak_megabytes()
    report = run(COUNT, seed=20261123)
    assert peak_megabytes() - before < MEGABYTES
    assert sum(report.outcomes.values()) == COUNT
    reasons = {outcome.split(": ")[1] for outcome in report.outcomes}
    assert reasons >= {"accepted", "malformed", "bad_signature", "digest_mismatch"}
