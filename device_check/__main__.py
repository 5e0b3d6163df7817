"""Command line: ``python -m device_check analyse [--image FILE ...] [--audio FILE]``.

Prints one JSON object. Exit code 0: examined, whatever the verdict; 2: the input cannot be used.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from device_check.analysis import InputError, UnusableInput, analyse

EXAMINED: Final = 0
UNUSABLE: Final = 2
MOST_BYTES: Final = 16 * 1024 * 1024
"""More is never read; what is allowed is far less and decided by the analysis."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    options = _parser().parse_args(arguments)
    try:
        images = [_read(path) for path in options.image]
        audio = None if options.audio is None else _read(options.audio)
        result, code = analyse(images, audio).as_json(), EXAMINED
    except UnusableInput as error:
        result, code = {"error": error.code.value, "detail": error.detail}, UNUSABLE
    sys.stdout.write(json.dumps(result, allow_nan=False) + "\n")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m device_check", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("analyse", help="examine stills and a recording")
    command.add_argument(
        "--image",
        type=Path,
        action="append",
        default=[],
        help="JPEG file of the camera; up to five times, in the order of taking",
    )
    command.add_argument("--audio", type=Path, help="WAV file of the microphone")
    return parser


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES)
    except OSError as error:
        raise UnusableInput(InputError.UNREADABLE, f"{path.name}: {error.strerror}") from error


if __name__ == "__main__":
    sys.exit(main())
