"""Old runs go, and others stay."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from device_check.models import CheckRun
from device_check.services.housekeeping import delete_stale_runs
from diia_videoreception.services.housekeeping.steps import STEPS

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


def run(*, began: timedelta, finished: timedelta | None = None) -> CheckRun:
    return CheckRun.objects.create(
        session_hash="0" * 64,
        started_at=NOW - began,
        finished_at=None if finished is None else NOW - finished,
        verdict="" if finished is None else "good",
    )


@pytest.mark.django_db
def test_tidying__deletes_what_is_stale_and_keeps_the_rest(settings: Any) -> None:
    settings.DEVICE_CHECK = {"KEEP_DAYS": 30}
    kept = [
        run(began=timedelta(hours=23)),
        run(began=timedelta(days=30), finished=timedelta(days=29, hours=23)),
    ]
    run(began=timedelta(hours=25))
    run(began=timedelta(days=31), finished=timedelta(days=31))

    assert delete_stale_runs(NOW) == 2
    assert list(CheckRun.objects.order_by("pk")) == kept
    assert delete_stale_runs(NOW) == 0


@pytest.mark.django_db
def test_the_portals_housekeeping__does_it() -> None:
    run(began=timedelta(days=2))

    assert STEPS["clean_device_checks"](NOW) == 1
