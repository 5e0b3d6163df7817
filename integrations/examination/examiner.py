"""The program that looks at one file of a stranger, confined, and ends. Started by `outside.py` only.

    python -m integrations.examination.examiner PLACE MEGAPIXELS < file

It answers with one line of JSON and, for a picture, with what is kept of it. A hostile file can make any
library eat memory or time, or crash it: here it only loses this process.
"""

import json
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol, cast

from integrations.examination import confinement, places
from integrations.examination.formats import (
    FileRefusal,
    FileRefused,
    Format,
    is_heif,
    sniff,
    too_complex,
)


def examine(
    data: bytes, *, megapixels: int, become_heavy: Callable[[], None] = lambda: None
) -> tuple[dict[str, Any], bytes]:
    """Decide by content alone whether a file is accepted.

    Args:
        data: The file.
        megapixels: The largest picture.
        become_heavy: Called before work that needs the one place for heavy files.

    Returns:
        Facts (`format`; `width` and `height`, or those of `pdf.Findings`) and what is kept of the file.

    Raises:
        FileRefused: With the code of the refusal.
    """
    kind = sniff(data)
    if kind is None:
        raise FileRefused(FileRefusal.FILE_TYPE_HEIC if is_heif(data) else FileRefusal.FILE_TYPE)
    facts, content = _reader(kind).examine_file(
        data, megapixels=megapixels, become_heavy=become_heavy
    )
    return {"format": kind.name, **facts}, content


class _Reader(Protocol):
    """What a module for some formats offers."""

    def prepare(self) -> None:
        """Load all that reading needs: afterwards no file can be opened any more."""

    def examine_file(
        self, data: bytes, *, megapixels: int, become_heavy: Callable[[], None]
    ) -> tuple[dict[str, Any], bytes]:
        """Return facts of the file and what is kept of it."""


def _reader(kind: Format) -> _Reader:
    # Only what is needed is loaded: each library takes a tenth of a second.
    name = "pdf" if kind is Format.PDF else "images"
    return cast(_Reader, import_module(f"integrations.examination.{name}"))


def main(place: int, megapixels: int) -> None:
    confinement.limit_resources()
    data = sys.stdin.buffer.read()
    _load_all(data)
    confined = confinement.isolate()

    def become_heavy() -> None:
        try:
            places.take_heavy(place)
        except places.PlacesTaken as error:
            raise FileRefused(FileRefusal.FILE_BUSY) from error
        confinement.allow_heavy_work()

    kept = b""
    try:
        answer, content = examine(data, megapixels=megapixels, become_heavy=become_heavy)
        kept = b"" if content == data else content
    except FileRefused as refusal:
        answer = {"refused": refusal.code.value}
    except MemoryError:
        answer = {"refused": too_complex(data).value}
    head = json.dumps({**answer, "changed": bool(kept), "confined": confined}).encode()
    sys.stdout.buffer.write(head + b"\n" + kept)
    sys.stdout.buffer.flush()


def _load_all(data: bytes) -> None:
    try:
        kind = sniff(data)
    except FileRefused:
        return
    if kind is not None:
        _reader(kind).prepare()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
