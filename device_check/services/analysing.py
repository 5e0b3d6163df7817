"""Having stills and sound analysed: by the workers, or in this process when there are none.

An analysis that fails never blocks a check: the step then says that nothing was checked.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import Any

from device_check import verdicts
from device_check.analysis import DEFAULTS, Analysis, Thresholds, UnusableInput, analyse
from device_check.conf import app_settings
from device_check.errors import UnusableFile
from device_check.models import CheckRun
from device_check.services import runs
from device_check.vocabulary import Step

logger = logging.getLogger(__name__)


class _NotAnalysed(Exception):
    """There is no result, and the files are not to blame; `reason` is a code of NOT_ANALYSED_PROBLEMS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Places:
    """Counts the analyses of this process; whoever finds no place is told so, and never waits."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken = 0

    @contextmanager
    def place(self) -> Iterator[bool]:
        with self._lock:
            is_free = self._taken < app_settings.analyses_at_once
            self._taken += is_free
        try:
            yield is_free
        finally:
            with self._lock:
                self._taken -= is_free


_places = _Places()


def analyse_step(
    run: CheckRun,
    step: Step,
    *,
    images: Sequence[bytes] = (),
    audio: bytes | None = None,
    now: datetime,
) -> verdicts.StepResult:
    """Analyse the stills for the camera or the sound for the microphone, and store the step.

    Nothing of the input is kept.

    Args:
        images: one to five JPEG files; for the camera.
        audio: a WAV file; for the microphone.

    Raises:
        UnusableFile: the input cannot be used, with the code that says why.
        RunFinished, RunExpired: as `runs.require_open`.
    """
    runs.require_open(run, now=now)
    result = _analysed(step, images, audio)
    runs.store_step(run, step, result, now=now)
    return result


def _analysed(step: Step, images: Sequence[bytes], audio: bytes | None) -> verdicts.StepResult:
    analyse_files = _by_workers if app_settings.workers.endpoint else _here
    try:
        done = analyse_files(images, audio)
    except _NotAnalysed as error:
        return verdicts.not_analysed(error.reason)
    measures = done.measures.get("image" if step is Step.CAMERA else "audio", {})
    return verdicts.of_analysis(
        step, verdict=done.verdict, problems=done.problems, measures=measures
    )


def _by_workers(images: Sequence[bytes], audio: bytes | None) -> Analysis:
    """Have a worker analyse the files.

    Raises:
        UnusableFile, _NotAnalysed.
    """
    # Only where there are workers does a web process need ZeroMQ.
    from device_check.workers.client import NotAnalysed  # noqa: PLC0415
    from device_check.workers.client import analyse as ask_workers  # noqa: PLC0415

    workers = app_settings.workers
    try:
        return ask_workers(
            images,
            audio,
            endpoint=workers.endpoint,
            deadline_seconds=workers.deadline_seconds,
            keys=workers.keys or None,
            thresholds=_thresholds(),
        )
    except UnusableInput as error:
        raise UnusableFile(code=error.code) from error
    except NotAnalysed as error:
        logger.warning("No worker has analysed a check: %s", error.code)
        raise _NotAnalysed(
            "analysis_busy" if error.code == "busy" else "analysis_failed"
        ) from error


def _here(images: Sequence[bytes], audio: bytes | None) -> Analysis:
    """Analyse the files in this process.

    Raises:
        UnusableFile, _NotAnalysed.
    """
    with _places.place() as is_free:
        if not is_free:
            raise _NotAnalysed("analysis_busy")
        try:
            return analyse(images, audio, thresholds=_thresholds())
        except UnusableInput as error:
            raise UnusableFile(code=error.code) from error
        except (ArithmeticError, LookupError, MemoryError, TypeError, ValueError) as error:
            # Without the text: it might quote the input.
            logger.error("The analysis of a check failed: %s", type(error).__name__)  # noqa: TRY400
            raise _NotAnalysed("analysis_failed") from error


def _thresholds() -> Thresholds:
    values: dict[str, Any] = dict(app_settings.thresholds)
    return replace(DEFAULTS, **values)
