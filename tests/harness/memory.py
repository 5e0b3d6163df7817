"""How much memory a process has taken."""

from pathlib import Path


def peak_megabytes() -> int:
    """The most that this process had in memory since its program began.

    `getrusage` would also tell of the process that started it.
    """
    status = Path("/proc/self/status").read_text().splitlines()
    [line] = [line for line in status if line.startswith("VmHWM:")]
    return int(line.split()[1]) // 1024
