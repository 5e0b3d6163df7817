"""Work of which one part may fail without stopping the rest."""

import logging
import traceback
from types import TracebackType

logger = logging.getLogger(__name__)


class Attempt:
    """A block whose error ends the block only; `error` says afterwards what went wrong.

    The log gets the kind of the error and the lines of code it came through, never its text: that
    of a database or of a mail server may quote personal data.
    """

    def __init__(self, name: str) -> None:
        self.name = name
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
        path = "".join(traceback.format_tb(trace))
        logger.error("%s failed: %s\n%s", self.name, type(error).__name__, path)
        return True
