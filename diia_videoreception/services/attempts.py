"""Work of which one part may fail without stopping the rest."""

import traceback
from types import TracebackType


class Attempt:
    """A block whose error ends the block only; `error` says afterwards what went wrong."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    def __enter__(self) -> "Attempt":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        self.error = error
        return True


def for_log(error: Exception) -> str:
    """The kind of an error and the lines of code it came through.

    Never its text: that of a database or of a mail server may quote personal data.
    """
    path = "".join(traceback.format_tb(error.__traceback__))
    return f"{type(error).__name__}\n{path}"
