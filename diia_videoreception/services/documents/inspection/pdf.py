"""PDFs: looked through in a process of their own, passed on byte for byte (A-46)."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from diia_videoreception.services.documents.inspection.errors import (
    DocumentRefused,
    FileBusy,
    PdfBroken,
    PdfEncrypted,
    PdfExecutable,
    PdfLaunch,
    PdfScript,
    PdfTooComplex,
)

AT_ONCE = 2
"""Examiners of one process at a time: each may take a gigabyte of memory."""
_QUEUE_SECONDS = 20
_places = BoundedSemaphore(AT_ONCE)

# The examiner stops itself by processor time; this is for a machine too busy to give it any.
_PATIENCE_SECONDS = 60

_EXAMINER = Path(__file__).with_name("pdf_examiner.py")
_REFUSALS: dict[str, type[DocumentRefused]] = {
    refusal.code: refusal
    for refusal in (PdfBroken, PdfEncrypted, PdfExecutable, PdfLaunch, PdfScript, PdfTooComplex)
}


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """What is told about an accepted PDF; `signed` means it carries a signature, valid or not."""

    pages: int
    signed: bool
    has_attachments: bool


def examine_pdf(data: bytes, *, name: str) -> PdfFacts:
    """Looks through a PDF for passwords, scripts, launch actions and programs; about 0.2 s.

    Raises:
        FileBusy: Other documents have been examined for 20 seconds without a pause.
        DocumentRefused: One of the `pdf_…` refusals; `pdf_too_complex` also when the examiner ran out of
            its gigabyte of memory or its 10 seconds.
        subprocess.CalledProcessError: The examiner could not work at all; the file is not to blame.
    """
    if not _places.acquire(timeout=_QUEUE_SECONDS):
        raise FileBusy(name=name)
    try:
        outcome = _examine(data)
    except subprocess.TimeoutExpired as error:
        raise PdfTooComplex(name=name) from error
    finally:
        _places.release()
    if outcome.returncode < 0:
        raise PdfTooComplex(name=name)
    outcome.check_returncode()
    answer = json.loads(outcome.stdout)
    if "refused" in answer:
        raise _REFUSALS[answer["refused"]](name=name)
    return PdfFacts(**answer)


def _examine(data: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - no part of the command comes from outside
        [_python(), "-P", str(_EXAMINER)],
        input=data,
        capture_output=True,
        check=False,
        env=_environment(),
        timeout=_PATIENCE_SECONDS,
    )


def _environment() -> dict[str, str]:
    """What is needed to find the libraries; secrets of the portal are not for this process."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _python() -> str:
    """The interpreter of this environment; `sys.executable` is the server itself under uWSGI."""
    own = Path(sys.prefix, "bin", "python3")
    return str(own) if own.exists() else sys.executable
