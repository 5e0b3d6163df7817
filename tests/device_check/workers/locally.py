"""Analyses of a local file without any worker: `python -m tests.device_check.workers.locally FILE`.

Reads numbers from standard input; does so many analyses for each and answers with a line.
"""

import sys
from pathlib import Path

from device_check.analysis import analyse


def main(path: Path) -> None:
    for line in sys.stdin:
        for _ in range(int(line)):
            analyse([path.read_bytes()], None)
        print("done", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
