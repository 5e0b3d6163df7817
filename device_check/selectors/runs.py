"""Reading runs of the device check."""

from datetime import datetime
from uuid import UUID

from device_check.models import CheckRun


def run_of_browser(*, public_id: UUID, session_hash: str, subject: str) -> CheckRun | None:
    """Return the run, if this browser began it for the person who is in front of it now."""
    return CheckRun.objects.filter(
        public_id=public_id, session_hash=session_hash, subject=subject
    ).first()


def last_finished(*, subject: str, context: str) -> CheckRun | None:
    """Return the person's newest finished run for the context; nobody's for an empty subject."""
    if not subject:
        return None
    return (
        CheckRun.objects.filter(subject=subject, context=context, finished_at__isnull=False)
        .order_by("-finished_at", "-pk")
        .first()
    )


def last_by_context(*, subject: str, contexts: list[str]) -> dict[str, CheckRun]:
    """Return the person's newest finished run for each of the contexts that has one, in one query."""
    if not subject or not contexts:
        return {}
    runs = CheckRun.objects.filter(
        subject=subject, context__in=contexts, finished_at__isnull=False
    ).order_by("finished_at", "pk")
    return {run.context: run for run in runs}


def finished_for(contexts: list[str]) -> list[CheckRun]:
    """Finished runs for the contexts, of anybody, the newest last."""
    if not contexts:
        return []
    found = CheckRun.objects.filter(context__in=contexts, finished_at__isnull=False)
    return list(found.order_by("finished_at", "pk"))


def is_valid(run: CheckRun, *, now: datetime) -> bool:
    """Return whether the result of a finished run still counts."""
    return run.valid_until is not None and now < run.valid_until
