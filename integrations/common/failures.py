"""Work of which one part may fail, and what the log learns of it."""

import traceback
from types import TracebackType


class Isolation:
    """What became of a block that `isolated` has run; `error` is what went wrong, if anything."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    def __enter__(self) -> "Isolation":
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


def isolated() -> Isolation:
    """Run a block whose error, whatever it is, ends the block only.

        with isolated() as one:
            deliver(letter)
        if one.error is not None:
            ...

    This is the one place that catches every exception, on purpose: of many letters, documents or
    jobs one may fail in ways that nobody foresaw, and the others go on. Whoever calls it looks at
    `error`. What ends the process, such as a signal, goes through.
    """
    return Isolation()


def traceback_without_message(error: Exception) -> str:
    """Return the kind of an error and the lines of code it came through.

    Never its text: that of a database or of a mail server may quote personal data.
    """
    path = "".join(traceback.format_tb(error.__traceback__))
    return f"{type(error).__name__}\n{path}"
