"""Places for examinations: few on the machine, fewer for one person, whoever the processes are.

A place is a lock on one byte of a file that all processes of the portal share. The kernel takes a lock
back when the last process that has it ends, however that ends, so that no place is ever lost.
"""

import fcntl
import hashlib
import os
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PER_PERSON: Final = 2
_HEAVY: Final = 1 << 20
_PEOPLE: Final = 1 << 21
_CGROUP_LIMIT: Final = Path("/sys/fs/cgroup/cpu.max")
_CGROUP_MEMORY: Final = Path("/sys/fs/cgroup/memory.max")
_MEMORY_OF_TWO: Final = 3 * 1024**3
"""A heavy file and an ordinary one, see `confinement`."""


class PlacesTaken(Exception):
    """Nobody waits for a place: whoever asks is refused at once."""


class OwnPlacesTaken(PlacesTaken):
    """This person has as many files examined as one may."""


class PlacesMisconfigured(Exception):
    """The folder of the places is not there or not safe; the text says what to do."""


def default_count() -> int:
    """Return one less than the processors that this process may use, at least two where the memory is enough.

    With two, no single person ever has all of them (`place`).
    """
    processors = len(os.sched_getaffinity(0))
    try:
        quota, period = _CGROUP_LIMIT.read_text(encoding="ascii").split()
        processors = min(processors, int(quota) // int(period))
    except (OSError, ValueError):
        # No such file, or "max": no limit.
        pass
    return max(2 if _memory() >= _MEMORY_OF_TWO else 1, processors - 1)


def _memory() -> int:
    """Return bytes that the processes of this container or machine may use together."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        return min(memory, int(_CGROUP_MEMORY.read_text(encoding="ascii")))
    except (OSError, ValueError):
        # As above: no limit.
        return memory


@contextmanager
def place(folder: Path, *, person: str, count: int) -> Iterator[int]:
    """Take a place; gives the descriptor that keeps it, for the examiner to keep too.

    Raises:
        OwnPlacesTaken: The person has two files examined already, or one fewer than there are places.
        PlacesTaken: All places of the machine are taken.
        PlacesMisconfigured: The folder cannot be used.
    """
    descriptor = open_in(folder, "places")
    try:
        first = _PEOPLE + PER_PERSON * number_of(person)
        own = max(1, min(PER_PERSON, count - 1))
        if not _take_one(descriptor, range(first, first + own)):
            raise OwnPlacesTaken
        if not _take_one(descriptor, range(count)):
            raise PlacesTaken
        yield descriptor
    finally:
        os.close(descriptor)


def take_heavy(descriptor: int) -> None:
    """Take the one place for heavy files beside the place that is kept already.

    Raises:
        PlacesTaken: Another heavy file is being examined.
    """
    if not _take(descriptor, _HEAVY):
        raise PlacesTaken


def require_folder(folder: Path) -> None:
    """Make the folder, or make sure that nobody else can take the places away.

    Raises:
        PlacesMisconfigured: It cannot be made, is open to others or somebody else's.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
    except OSError as error:
        raise PlacesMisconfigured(f"{folder}: {error.strerror}") from error
    if not stat.S_ISDIR(status.st_mode) or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise PlacesMisconfigured(f"{folder} must be a folder into which nobody else can write.")
    if status.st_uid != os.geteuid():
        raise PlacesMisconfigured(f"{folder} belongs to somebody else.")


def open_in(folder: Path, name: str) -> int:
    """Open a file that all processes of the portal share.

    Raises:
        PlacesMisconfigured: The folder cannot be used.
    """
    require_folder(folder)
    try:
        return os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise PlacesMisconfigured(f"{folder}: {error.strerror}") from error


def _take_one(descriptor: int, data: range) -> bool:
    return any(_take(descriptor, byte) for byte in data)


def _take(descriptor: int, byte: int) -> bool:
    # A lock of the open file, not of the process (F_SETLK): threads must exclude each other too.
    lock = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, byte, 1, 0)
    try:
        fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, lock)
    except BlockingIOError:
        return False
    return True


def number_of(person: str) -> int:
    """Return a number of 56 bits for a person; the same in all processes."""
    return int.from_bytes(hashlib.blake2b(person.encode(), digest_size=7).digest(), "big")
