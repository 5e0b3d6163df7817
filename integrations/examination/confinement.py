"""Bounds that the kernel keeps for an examiner, whatever the file makes it do.

Everything here is for good: a process that has confined itself cannot take it back.
"""

import ctypes
import os
import platform
import resource
import signal
import struct
from contextlib import suppress
from typing import Final

MEGABYTE: Final = 1024 * 1024
ORDINARY_MEMORY: Final = 1024 * MEGABYTE
HEAVY_MEMORY: Final = 2048 * MEGABYTE
ORDINARY_SECONDS: Final = 4
HEAVY_SECONDS: Final = 12
WALL_SECONDS: Final = 40
"""At the lowest priority a busy machine gives little of each second."""
_NOBODY: Final = 65534
_MAX_DESCRIPTORS: Final = 16

_CLONE_NEWUSER, _CLONE_NEWNET, _CLONE_NEWIPC = 0x10000000, 0x40000000, 0x08000000
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _PR_SET_PDEATHSIG = 38, 22, 1
_SECCOMP_MODE_FILTER: Final = 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # SECCOMP_RET_ERRNO | EPERM

# All that is needed to compute, to read and write what is open already, and to end. Nothing opens a file or a
# connection, starts a program or a process, or reaches another process.
_CALLS: Final = {
    "x86_64": (
        0xC000003E,
        {
            "read": 0, "write": 1, "close": 3, "fstat": 5, "lseek": 8, "mmap": 9, "mprotect": 10, "munmap": 11,
            "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "readv": 19, "writev": 20,
            "sched_yield": 24, "mremap": 25, "madvise": 28, "getpid": 39, "exit": 60, "fcntl": 72,
            "gettimeofday": 96, "getrusage": 98, "sigaltstack": 131,
            "gettid": 186, "futex": 202, "sched_getaffinity": 204, "restart_syscall": 219,
            "clock_gettime": 228, "exit_group": 231, "getrandom": 318,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "read": 63, "write": 64, "close": 57, "fstat": 80, "lseek": 62, "mmap": 222, "mprotect": 226,
            "munmap": 215, "brk": 214, "rt_sigaction": 134, "rt_sigprocmask": 135, "rt_sigreturn": 139,
            "readv": 65, "writev": 66, "sched_yield": 124, "mremap": 216, "madvise": 233, "getpid": 172,
            "exit": 93, "fcntl": 25, "gettimeofday": 169, "getrusage": 165,
            "sigaltstack": 132, "gettid": 178, "futex": 98, "sched_getaffinity": 123,
            "restart_syscall": 128, "clock_gettime": 113, "exit_group": 94, "getrandom": 278,
        },
    ),
}  # fmt: skip

# Its own limits only: the first argument, a process, must be nought.
_CALL_FOR_LIMITS: Final = {"x86_64": 302, "aarch64": 261}

_libc: Final = ctypes.CDLL(None, use_errno=True)


def limit_resources() -> None:
    """Bound memory, processor time, wall clock, files and processes; the lowest priority. Before any input."""
    os.setpriority(os.PRIO_PROCESS, 0, 19)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MAX_DESCRIPTORS, _MAX_DESCRIPTORS))
    resource.setrlimit(resource.RLIMIT_AS, (ORDINARY_MEMORY, HEAVY_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (ORDINARY_SECONDS, HEAVY_SECONDS))
    signal.setitimer(signal.ITIMER_REAL, WALL_SECONDS)


def allow_heavy_work() -> None:
    """Raise the bounds of memory and processor time to those of the one heavy file."""
    resource.setrlimit(resource.RLIMIT_AS, (HEAVY_MEMORY, HEAVY_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (HEAVY_SECONDS, HEAVY_SECONDS))


def isolate() -> list[str]:
    """Take away network, other processes, other files and the portal's user, as far as the system lets.

    Everything must be imported before: nothing can be opened afterwards.

    Returns:
        What is in force: "user" (nobody's, or a user namespace), "network" (a namespace without network),
        "calls" (a filter of system calls: no file, connection, program or process can be opened).
    """
    done = []
    if os.geteuid() == 0:
        # Namespaces first: nobody may not make them everywhere.
        if _libc.unshare(_CLONE_NEWNET | _CLONE_NEWIPC) == 0:
            done.append("network")
        # In a container without privileges root may not become somebody else.
        with suppress(OSError):
            os.setgroups([])
            os.setresgid(_NOBODY, _NOBODY, _NOBODY)
            os.setresuid(_NOBODY, _NOBODY, _NOBODY)
            done.append("user")
    elif _libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWIPC) == 0:
        done += ["user", "network"]
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    # Of no use to anybody once the server process is gone (a change of user forgets this).
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if _filter_calls():
        done.append("calls")
    return done


def _filter_calls() -> bool:
    """Let the kernel refuse all but a few system calls (seccomp); no privilege is needed."""
    known = _CALLS.get(platform.machine())
    if known is None or struct.calcsize("P") != 8:
        return False
    limits = _CALL_FOR_LIMITS[platform.machine()]
    program = _program(known[0], sorted(known[1].values()), limits)

    class _Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]

    whole = _Program(len(program) // 8, program)
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(_libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(whole), 0, 0) == 0)


def _program(architecture: int, numbers: list[int], limits: int) -> bytes:
    """Return the filter for the kernel's classic BPF machine: code, jump if true, jump if false, value."""
    load, equal, give = 0x20, 0x15, 0x06
    rows = [
        (load, 0, 0, 4),  # seccomp_data.arch
        (equal, 1, 0, architecture),
        (give, 0, 0, _REFUSE),
        (load, 0, 0, 0),  # seccomp_data.nr
        *((equal, len(numbers) - index + 3, 0, number) for index, number in enumerate(numbers)),
        (equal, 0, 2, limits),
        (load, 0, 0, 16),  # the low half of seccomp_data.args[0]
        (equal, 1, 0, 0),
        (give, 0, 0, _REFUSE),
        (give, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("HBBI", *row) for row in rows)
