"""ClamAV's daemon, asked over its socket (INSTREAM) with the library clamav-client."""

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePath
from typing import Final

from clamav_client.clamd import (
    BufferTooLongError,
    ClamdError,
    ClamdNetworkSocket,
    ClamdUnixSocket,
    CommunicationError,
)
from django.utils.translation import gettext_noop

from integrations.antivirus.base import AntivirusProvider, ScannerUnavailable, VirusFound
from integrations.common.options import PORT, Options, checked, whole

MAX_WAIT: Final = 60
_MAX_FINDING: Final = 100
_AWAY: Final = gettext_noop("The scanner is not responding: nobody can add documents.")
_UNPRINTABLE: Final = re.compile(r"[^!-~]")


def _is_from_root(value: object) -> bool:
    return isinstance(value, str) and (not value or PurePath(value).is_absolute())


@dataclass(frozen=True, slots=True, kw_only=True)
class ClamdOptions(Options):
    """Options of the scanner; ValueError names every wrong one.

    Attributes:
        socket: Path of the daemon's `LocalSocket`, in place of host and port.
        host: Name or IPv4 address of a daemon with a `TCPSocket`.
        port: Its port.
        seconds: Longest wait for any one answer.
    """

    name: str = "default"
    label: str = "ClamAV"
    socket: str = field(default="", metadata=checked(_is_from_root, "a path from the root"))
    host: str = ""
    port: int = field(default=3310, metadata=PORT)
    seconds: int = field(default=10, metadata=whole(1, MAX_WAIT))

    def conflicts(self) -> Iterator[str]:
        """See `Options.conflicts`."""
        if bool(self.socket) == bool(self.host):
            yield "socket, host: one of them must be given, and not both"


class _UnixSocket(ClamdUnixSocket):
    """The library's, with a bound on connecting too: a daemon that hangs lets nobody in."""

    def _init_socket(self) -> None:
        try:
            self.clamd_socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.clamd_socket.settimeout(self.timeout)
            self.clamd_socket.connect(self.unix_socket)
        except OSError as error:
            raise CommunicationError(self._error_message(error)) from error


class Clamd(AntivirusProvider):
    """Asks the daemon; each question has a connection of its own."""

    Options = ClamdOptions

    def __init__(self, options: ClamdOptions) -> None:
        super().__init__(options)
        self._options = options

    def scan(self, data: bytes) -> None:
        """See `AntivirusProvider.scan`; the bytes go over the socket, the daemon needs no access to files."""
        try:
            answer = self._connection().instream(BytesIO(data))
        except BufferTooLongError as error:
            raise ScannerUnavailable("StreamMaxLength of clamd.conf is too small") from error
        except ConnectionError as error:
            # It hangs up in the middle when it ends, and also on what is longer than it takes.
            raise ScannerUnavailable(
                f"{type(error).__name__}: it ended, or its StreamMaxLength is too small"
            ) from error
        except (ClamdError, OSError, ValueError) as error:
            raise ScannerUnavailable(_in_words(error)) from error
        status, finding = answer.get("stream", ("", None))
        if status == "FOUND":
            raise VirusFound(_UNPRINTABLE.sub("?", finding or "")[:_MAX_FINDING])
        if status != "OK":
            raise ScannerUnavailable("it could not scan the data")

    def outages(self) -> list[str]:
        """See `Provider.outages`."""
        try:
            answers = self._connection().ping() == "PONG"
        except (ClamdError, OSError, ValueError):
            answers = False
        return [] if answers else [_AWAY]

    def _connection(self) -> ClamdNetworkSocket:
        options = self._options
        if options.socket:
            return _UnixSocket(options.socket, timeout=options.seconds)
        return ClamdNetworkSocket(options.host, options.port, timeout=options.seconds)


def _in_words(error: Exception) -> str:
    """Return the kind of the error beneath, never what the daemon wrote."""
    return type(error.__cause__ or error).__name__
