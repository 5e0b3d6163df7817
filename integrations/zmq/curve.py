"""CURVE keys (ZeroMQ RFC 26): how they are kept, and sockets that speak only with their holders."""

from __future__ import annotations

import os
import stat
import struct
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import zmq
from zmq.utils import z85

KEY_LENGTH = 40
"""Characters of a key in Z85 (ZeroMQ RFC 32)."""
KEY_BYTES = 32

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyFileError(Exception):
    """A key file that is missing, open to others or not a key; the text names file and cause."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A Curve25519 key pair, both keys in Z85."""

    public: str
    secret: str = field(repr=False)


def new_key_pair() -> KeyPair:
    """Return a new random key pair."""
    public, secret = zmq.curve_keypair()
    return KeyPair(public=public.decode("ascii"), secret=secret.decode("ascii"))


def is_public_key(text: str) -> bool:
    """Return whether the text is a key in Z85; any 32 bytes are a Curve25519 public key."""
    if len(text) != KEY_LENGTH or not text.isascii():
        return False
    try:
        key = z85.decode(text)
    except (KeyError, ValueError, struct.error):
        return False
    return len(key) == KEY_BYTES and z85.encode(key) == text.encode("ascii")


def write_key_file(path: Path, keys: KeyPair, *, replace: bool = False) -> None:
    """Keep the secret key in a file that only its owner can read (mode 0600).

    The file holds the secret key alone; the public one follows from it. It appears complete or not
    at all.

    Args:
        path: Where; the folder must exist.
        keys: The pair to keep.
        replace: Whether an existing file may be replaced.

    Raises:
        FileExistsError: There is a file already, and `replace` is false.
        OSError: The file cannot be written.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{keys.secret}\n")
            file.flush()
            os.fsync(file.fileno())
        if replace:
            temporary.replace(path)
        else:
            _link(path, temporary)
    finally:
        temporary.unlink(missing_ok=True)


def _link(path: Path, temporary: Path) -> None:
    """Unlike a rename, a link never takes the place of another file."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError as error:
        # Of a link the system names the other file first.
        raise FileExistsError(error.errno, error.strerror, str(path)) from None


def read_key_file(path: Path) -> KeyPair:
    """Read a key pair.

    Raises:
        KeyFileError: The file is missing, no plain file, readable by others, or holds no key.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise KeyFileError(f"{path}: {error.strerror}") from error
    try:
        # The open file is looked at, not the path: nothing can be put in its place meanwhile.
        _check_private(path, os.fstat(descriptor))
        content = os.read(descriptor, KEY_LENGTH + 3)
    finally:
        os.close(descriptor)
    secret = content.strip().decode("ascii", "replace")
    if not is_public_key(secret):
        raise KeyFileError(f"{path}: holds no CURVE key")
    public = zmq.curve_public(secret.encode("ascii")).decode("ascii")
    return KeyPair(public=public, secret=secret)


def _check_private(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise KeyFileError(f"{path}: not a plain file")
    if status.st_mode & _OTHERS:
        raise KeyFileError(f"{path}: others may read it; set mode 0600")
    if status.st_uid not in {os.geteuid(), 0}:
        raise KeyFileError(f"{path}: belongs to somebody else")


def secure_server(socket: zmq.Socket[bytes], keys: KeyPair, *, domain: str) -> None:
    """Let only clients in that the `Authenticator` of this domain knows; call it before `bind`.

    Without a running authenticator of the same context nobody gets in.

    Raises:
        ValueError: The domain is empty; then ZeroMQ would let every key in.
    """
    if not domain:
        raise ValueError("a CURVE server needs a domain")
    socket.setsockopt(zmq.ZAP_DOMAIN, domain.encode("ascii"))
    socket.setsockopt(zmq.CURVE_SERVER, 1)
    socket.setsockopt(zmq.CURVE_SECRETKEY, keys.secret.encode("ascii"))


def secure_client(socket: zmq.Socket[bytes], keys: KeyPair, *, server_public_key: str) -> None:
    """Connect as the holder of `keys`, and only to the server with this key; before `connect`.

    A refused client is not told so: its socket goes on trying in silence. Give up after a time
    without an answer.

    Raises:
        ValueError: The server's key is no key.
    """
    if not is_public_key(server_public_key):
        raise ValueError("the server's public key is not a CURVE key")
    socket.setsockopt(zmq.CURVE_SERVERKEY, server_public_key.encode("ascii"))
    socket.setsockopt(zmq.CURVE_PUBLICKEY, keys.public.encode("ascii"))
    socket.setsockopt(zmq.CURVE_SECRETKEY, keys.secret.encode("ascii"))
