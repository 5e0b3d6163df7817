"""Parsers survive anything: a short run in every suite, a long one on request."""

import os
import resource

from tests.kep.torture import MEGABYTES, run

COUNT = 20_000 if os.environ.get("TORTURE") else 1_500


def test_mutations__raise_only_our_errors() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = run(COUNT, seed=20261123)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    assert grown < MEGABYTES
    assert sum(report.outcomes.values()) == COUNT
    reasons = {outcome.split(": ")[1] for outcome in report.outcomes}
    assert reasons >= {"accepted", "malformed", "bad_signature", "digest_mismatch"}
