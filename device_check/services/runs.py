"""A run of the device check from its beginning to its verdict (A-09)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from device_check import errors, verdicts
from device_check.conf import app_settings
from device_check.models import CheckRun
from device_check.vocabulary import Step


def start(
    *, subject: str, context: str, session_hash: str, browser: str, now: datetime
) -> CheckRun:
    """Begin a run; subject and context are the host's own words and were allowed by it."""
    return CheckRun.objects.create(
        subject=subject,
        context=context,
        session_hash=session_hash,
        browser=browser,
        started_at=now,
    )


def require_open(run: CheckRun, *, now: datetime) -> None:
    """Let through a run that may still be written to.

    Raises:
        RunFinished: it has its verdict.
        RunExpired: it was begun more than `RUN_MINUTES` ago.
    """
    if run.finished_at is not None:
        raise errors.RunFinished
    if now >= run.started_at + timedelta(minutes=app_settings.run_minutes):
        raise errors.RunExpired


def report_step(
    run: CheckRun, step: Step, *, verdict: Any, problems: Any, measures: Any, now: datetime
) -> verdicts.StepResult:
    """Store what the browser says of a step; a later report of the same step replaces it.

    Raises:
        WrongReport: the report is none that the page makes.
        RunFinished, RunExpired: as `require_open`.
    """
    try:
        result = verdicts.read_step(step, verdict=verdict, problems=problems, measures=measures)
    except verdicts.Forged as error:
        raise errors.WrongReport(code=f"wrong_{error.field}") from error

    def joined(before: dict[str, Any] | None) -> verdicts.StepResult:
        return verdicts.with_hint(before, result) if step in verdicts.ANALYSED else result

    return _change(run, step, joined, now=now)


def store_step(run: CheckRun, step: Step, result: verdicts.StepResult, *, now: datetime) -> None:
    """Store what the server itself has found of a step.

    Raises:
        RunFinished, RunExpired: as `require_open`.
    """
    _change(run, step, lambda before: result, now=now)


def finish(run: CheckRun, *, now: datetime) -> CheckRun:
    """Close the run with the verdict of its steps; one that is closed stays as it is.

    So a browser that has missed the answer may ask again.

    Raises:
        RunExpired: as `require_open`.
    """
    with transaction.atomic():
        locked = _lock(run)
        if locked.finished_at is not None:
            return locked
        require_open(locked, now=now)
        locked.verdict = verdicts.overall(locked.steps).value
        locked.finished_at = now
        locked.valid_until = now + timedelta(days=app_settings.valid_days)
        locked.save(update_fields=["verdict", "finished_at", "valid_until"])
    return locked


def _change(
    run: CheckRun,
    step: Step,
    change: Callable[[dict[str, Any] | None], verdicts.StepResult],
    *,
    now: datetime,
) -> verdicts.StepResult:
    with transaction.atomic():
        locked = _lock(run)
        require_open(locked, now=now)
        result = change(locked.steps.get(step))
        locked.steps[step] = result.as_json()
        locked.save(update_fields=["steps"])
    return result


def _lock(run: CheckRun) -> CheckRun:
    """Return the row as it is now: two steps that end together must not undo each other."""
    locked = CheckRun.objects.select_for_update().filter(pk=run.pk).first()
    if locked is None:
        raise errors.NotFound
    return locked
