"""The operator's trust folder as every process sees it now: read again when it has changed."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from integrations.kep.trust import OperatorInputError, ServiceUrls, TrustStore, load_directory
from integrations.kep.trust_list import read_services

_TRIES: Final = 5

_State = tuple[tuple[str, int, int, int, int], ...]


@dataclass(frozen=True)
class Believed:
    """What the folder holds.

    Attributes:
        store: Whose certificates count.
        services: Where their revocation data is, by fingerprint of the authority.
    """

    store: TrustStore
    services: Mapping[str, ServiceUrls]


class TrustFolder:
    """A trust store in a folder, with the addresses beside it.

    A change needs no restart: the folder is looked at before each verification, by names, sizes and
    times of its files, and read anew as a whole when they differ. A folder that can no longer be
    read is an error, not the former store: whom it still names is then unknown.

    Args:
        path: The folder.
        pinned: SHA-256 fingerprints of authorities at which a path may end though they are not
            self-signed.
        no_revocation: Fingerprints of authorities that publish no revocation data.
    """

    def __init__(
        self, path: Path | str, *, pinned: Iterable[str] = (), no_revocation: Iterable[str] = ()
    ) -> None:
        self.path = Path(path)
        self._pinned = frozenset(pinned)
        self._no_revocation = frozenset(no_revocation)
        self._lock = threading.Lock()
        self._read: tuple[_State, Believed] | None = None

    def current(self) -> Believed:
        """Return what the folder holds now.

        Raises:
            OperatorInputError: The folder or a file in it cannot be read, or is being written without
                end.
        """
        with self._lock:
            for _ in range(_TRIES):
                state = _state_of(self.path)
                if self._read is not None and self._read[0] == state:
                    return self._read[1]
                believed = self._load()
                # Else a file was changed meanwhile and may have been read half.
                if _state_of(self.path) == state:
                    self._read = state, believed
                    return believed
        raise OperatorInputError(f"{self.path}: changes while it is read")

    def _load(self) -> Believed:
        found = load_directory(self.path)
        pinned = [item for item in found.intermediates if item.fingerprint in self._pinned]
        store = TrustStore(
            anchors=(*found.anchors, *pinned),
            intermediates=tuple(item for item in found.intermediates if item not in pinned),
            no_revocation=self._no_revocation,
        )
        return Believed(store, read_services(self.path))


def _state_of(directory: Path) -> _State:
    """Return what a change of any file changes; links are followed.

    Raises:
        OperatorInputError: The folder cannot be read.
    """
    try:
        with os.scandir(directory) as entries:
            found = [(entry.name, _stat(entry)) for entry in entries]
    except OSError as error:
        raise OperatorInputError(f"{directory}: {error.strerror}") from error
    return tuple(
        sorted((name, at.st_ino, at.st_size, at.st_mtime_ns, at.st_ctime_ns) for name, at in found)
    )


def _stat(entry: os.DirEntry[str]) -> os.stat_result:
    """Look at what a link leads to, or at a link that leads nowhere."""
    try:
        return entry.stat()
    except FileNotFoundError:
        return entry.stat(follow_symlinks=False)
