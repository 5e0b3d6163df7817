"""Command line: ``python -m device_check analyse [--image FILE ...] [--audio FILE]``.

Prints one JSON object. Exit code 0: examined, whatever the verdict; 2: the input cannot be used.
"""

from __future__ import annotations

import argparse
import json
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

from device_check.analysis import MAX_IMAGES, InputError, UnusableInput, analyse

EXAMINED: Final = 0
UNUSABLE: Final = 2
MAX_BYTES: Final = 4 * 1024 * 1024
"""More of a file is never read; what is allowed is less and decided by the analysis."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Raise UnusableInput: whoever reads the output finds JSON there, however the command was called."""
        raise UnusableInput(InputError.USAGE, message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        options = _parser().parse_args(arguments)
        if len(options.image) > MAX_IMAGES:
            raise UnusableInput(InputError.TOO_MANY, f"more than {MAX_IMAGES} images")
        images = [_read(path) for path in options.image]
        audio = None if options.audio is None else _read(options.audio)
        result, code = analyse(images, audio).as_json(), EXAMINED
    except UnusableInput as error:
        result, code = {"error": error.code.value, "detail": error.detail}, UNUSABLE
    sys.stdout.write(json.dumps(result, allow_nan=False) + "\n")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m device_check", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("analyse", help="examine stills and a recording")
    command.add_argument(
        "--image",
        type=Path,
        action="extend",
        nargs="+",
        metavar="FILE",
        default=[],
        help=f"JPEG files of the camera; up to {MAX_IMAGES}, in the order of taking",
    )
    command.add_argument(
        "--audio",
        type=Path,
        metavar="FILE",
        help=(
            "WAV file of the microphone: PCM of 8 to 32 bits or 32-bit float, 8 to 48 kHz, one or two"
            " channels, 0.5 to 10 seconds, at most 2 MiB"
        ),
    )
    return parser


def _read(path: Path) -> bytes:
    try:
        if stat.S_ISFIFO(path.stat().st_mode):
            raise UnusableInput(InputError.UNREADABLE, f"{path.name}: a pipe may never end")
        with path.open("rb") as file:
            return file.read(MAX_BYTES)
    except OSError as error:
        raise UnusableInput(InputError.UNREADABLE, f"{path.name}: {error.strerror}") from error


if __name__ == "__main__":
    sys.exit(main())
