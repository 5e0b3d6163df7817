"""What the analysts of these tests do: the first still says it. Found by analysts through its path."""

import os
import signal
from collections.abc import Sequence
from pathlib import Path

from device_check.analysis import Analysis, InputError, Thresholds, UnusableInput, Verdict

WORK = "tests.device_check.workers.orders:obey"

NOTHING = b"nothing"
ECHO = b"echo"
DIE = b"die"
HANG = b"hang"
HOG = b"hog"
REFUSE = b"refuse"
BREAK = b"break"
ENVIRONMENT = b"environment"

MEGABYTE = 1024 * 1024


def hold(folder: Path) -> bytes:
    """Tells its process number through the pipe `begun`, then waits for the pipe `go`."""
    return b"hold " + os.fsencode(folder)


def obey(images: Sequence[bytes], audio: bytes | None, thresholds: Thresholds) -> Analysis:
    order, _, rest = (images[0] if images else ECHO).partition(b" ")
    match order:
        case b"nothing":
            return _found()
        case b"hold":
            _hold(Path(os.fsdecode(rest)))
        case b"die":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"hang":
            signal.pause()
        case b"hog":
            return _found(bytes=len(bytearray(int(rest) * MEGABYTE)))
        case b"refuse":
            raise UnusableInput(InputError.NOT_JPEG, "as told")
        case b"break":
            raise RuntimeError("as told")
        case b"environment":
            return _found(secrets=sum("SECRET" in name for name in os.environ))
    return _found(
        images=len(images),
        sum=sum(map(sum, images)),
        audio=-1 if audio is None else sum(audio),
        dark_luma=thresholds.dark_luma,
    )


def _hold(folder: Path) -> None:
    (folder / "begun").write_text(f"{os.getpid()}")
    (folder / "go").read_text()


def _found(**numbers: float) -> Analysis:
    return Analysis(Verdict.GOOD, measures={"image": numbers})
