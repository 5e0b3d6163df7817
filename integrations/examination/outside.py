"""Has one file examined by a process of its own; the server's thread waits for that, never for a place."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from integrations.examination import places, shares
from integrations.examination.confinement import WALL_SECONDS
from integrations.examination.formats import FileRefusal, FileRefused, too_complex

_EXAMINER: Final = "integrations.examination.examiner"
_ROOT: Final = Path(__file__).parents[2]
_MARGIN_SECONDS: Final = 2
"""The examiner ends itself by the clock; this is for one that cannot."""
_OUT_OF_TIME: Final = frozenset({-signal.SIGALRM})


@dataclass(frozen=True, slots=True)
class Bench:
    """Where files are examined: the folder of the places that all processes share, and how many there are."""

    folder: Path
    count: int


def examine_outside(
    data: bytes,
    *,
    megapixels: int,
    person: str,
    bench: Bench,
    look_also: Callable[[bytes], None] = lambda kept: None,
) -> tuple[dict[str, Any], bytes]:
    """Have a file examined: about 0.2 s for an ordinary one, seconds for the largest.

    Args:
        data: The file.
        megapixels: The largest picture.
        person: Whose file it is, in any words that are always the same.
        bench: Where.
        look_also: Called in this thread with what is kept, while the file still has its place: whoever it
            asks is asked for so many at once too. What it raises comes through.

    Returns:
        Facts, as `examiner.examine` gives them, and what is kept of the file.

    Raises:
        FileRefused: With a code of `examiner.examine`; `too_complex` when the file was too much for its
            examiner, `file_busy` when there was no time or no place for it.
        places.OwnPlacesTaken: The person has as many files examined already as one may.
        shares.OwnTimeSpent: The person's files have used the time that one may; it says how long to wait.
        places.PlacesTaken: All places are taken.
        places.PlacesMisconfigured: The folder of the places cannot be used.
        subprocess.CalledProcessError: The examiner could not work at all; the file is not to blame.
    """
    with (
        shares.share(bench.folder, person=person),
        places.place(bench.folder, person=person, count=bench.count) as place,
    ):
        facts, kept = _answer(_run(data, place, megapixels), data)
        look_also(kept)
    return facts, kept


def _answer(
    outcome: subprocess.CompletedProcess[bytes], data: bytes
) -> tuple[dict[str, Any], bytes]:
    if outcome.returncode in _OUT_OF_TIME:
        raise FileRefused(FileRefusal.FILE_BUSY)
    if outcome.returncode < 0:
        raise FileRefused(too_complex(data))
    outcome.check_returncode()
    head, _, kept = outcome.stdout.partition(b"\n")
    answer = json.loads(head)
    if "refused" in answer:
        raise FileRefused(FileRefusal(answer["refused"]))
    return answer, kept if answer.pop("changed") else data


def _run(data: bytes, place: int, megapixels: int) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - no part of the command comes from outside
            [_python(), "-P", "-m", _EXAMINER, f"{place}", f"{megapixels}"],
            input=data,
            capture_output=True,
            check=False,
            cwd="/",
            env=_environment(),
            pass_fds=(place,),
            timeout=WALL_SECONDS + _MARGIN_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise FileRefused(FileRefusal.FILE_BUSY) from error


def _environment() -> dict[str, str]:
    """Return what is needed to find the libraries; secrets of the portal are not for this process."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    paths = [str(_ROOT), *(path for path in sys.path if path)]
    return {
        **kept,
        "MALLOC_ARENA_MAX": "2",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUTF8": "1",
    }


def _python() -> str:
    """Return the interpreter of this environment; `sys.executable` is the server itself under uWSGI."""
    own = Path(sys.prefix, "bin", "python3")
    return str(own) if own.exists() else sys.executable
