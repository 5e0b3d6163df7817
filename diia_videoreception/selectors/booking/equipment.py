"""The device checks of an application: what was found, and whether one is asked for (A-09).

To the device check the citizen's and the application's public ids are words without a meaning.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from device_check.models import CheckRun
from device_check.selectors import runs
from diia_videoreception.models import Application, Letter
from diia_videoreception.rules.transitions import is_open

ASK_AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Equipment:
    """What is known of the camera, the microphone and the connection of an application.

    `run` is the newest finished check, `asked_at` when staff asked for one that has not come yet.
    """

    run: CheckRun | None
    is_valid: bool
    asked_at: datetime | None
    can_check: bool
    can_ask: bool


def equipment_of(
    application: Application, *, now: datetime, letters: Iterable[Letter] | None = None
) -> Equipment:
    """Return what the citizen sees on the application, and staff on the case.

    Args:
        letters: Those about the application, oldest first, where they are known already.
    """
    run = runs.last_finished(
        subject=str(application.citizen.public_id), context=str(application.public_id)
    )
    asked_at = _asked_at(
        _last_asked(application) if letters is None else _last_asked_among(letters), run
    )
    is_to_come = is_open(application.state) and application.end > now
    return Equipment(
        run=run,
        is_valid=run is not None and runs.is_valid(run, now=now),
        asked_at=asked_at,
        can_check=is_to_come,
        can_ask=(
            is_to_come
            and application.start > now
            and (asked_at is None or now >= asked_at + ASK_AGAIN_AFTER)
        ),
    )


def last_runs(applications: Iterable[Application]) -> dict[str, CheckRun]:
    """Return the newest finished checks of one citizen's applications by their public ids, in one query."""
    listed = list(applications)
    if not listed:
        return {}
    return runs.last_by_context(
        subject=str(listed[0].citizen.public_id),
        contexts=[str(application.public_id) for application in listed],
    )


def newest_runs(applications: Iterable[Application]) -> dict[str, CheckRun]:
    """Return as `last_runs`, of several citizens, in one query."""
    subjects = {str(one.public_id): str(one.citizen.public_id) for one in applications}
    return {
        run.context: run
        for run in runs.finished_for(list(subjects))
        if run.subject == subjects[run.context]
    }


def _last_asked(application: Application) -> datetime | None:
    return (
        Letter.objects.filter(
            application=application, kind=Letter.Kind.CHECK_DEVICE, copy_of__isnull=True
        )
        .order_by("-created_at")
        .values_list("created_at", flat=True)
        .first()
    )


def _last_asked_among(letters: Iterable[Letter]) -> datetime | None:
    return max(
        (
            letter.created_at
            for letter in letters
            if letter.kind == Letter.Kind.CHECK_DEVICE and letter.copy_of_id is None
        ),
        default=None,
    )


def _asked_at(asked: datetime | None, run: CheckRun | None) -> datetime | None:
    if asked is None or (run and run.finished_at and run.finished_at >= asked):
        return None
    return asked
