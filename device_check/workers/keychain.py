"""What keeps strangers out: the folder of the sockets, and CURVE keys where there is a network."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from device_check.workers.conf import is_local
from integrations.zmq import KeyPair, is_public_key, new_key_pair, read_key_file, write_key_file

BROKER, CLIENT, WORKER = "broker", "client", "worker"


class WorkersMisconfigured(Exception):
    """Sockets or keys that are not safe or not there; the text says what to do."""


def require_private(endpoint: str) -> None:
    """Make sure that nobody else reaches the socket, or could have put another in its place.

    Raises:
        WorkersMisconfigured: Its folder is missing, open to others or somebody else's.
    """
    if not is_local(endpoint):
        return
    folder = Path(endpoint.removeprefix("ipc://")).parent
    try:
        status = folder.stat()
    except OSError as error:
        raise WorkersMisconfigured(f"{folder}: {error.strerror}") from error
    if not stat.S_ISDIR(status.st_mode) or status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise WorkersMisconfigured(f"{folder} must be a folder with mode 0700.")
    if status.st_uid not in {os.geteuid(), 0}:
        raise WorkersMisconfigured(f"{folder} belongs to somebody else.")


def make_keys(folder: Path) -> None:
    """Write key pairs of the broker, the clients and the workers: NAME.key and NAME.pub.

    The broker needs broker.key, client.pub and worker.pub; a web server client.key and broker.pub;
    a machine of workers worker.key and broker.pub.

    Raises:
        FileExistsError: There is a key already.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in (BROKER, CLIENT, WORKER):
        keys = new_key_pair()
        write_key_file(folder / f"{name}.key", keys)
        (folder / f"{name}.pub").write_text(f"{keys.public}\n", encoding="ascii")


def own_keys(folder: str | Path, name: str) -> KeyPair:
    """Return the key pair of this role.

    Raises:
        integrations.zmq.KeyFileError: The file is missing, open to others or no key.
    """
    return read_key_file(Path(folder) / f"{name}.key")


def public_key(folder: str | Path, name: str) -> str:
    """Return the public key of another role, in Z85.

    Raises:
        WorkersMisconfigured: The file is missing or holds no key.
    """
    path = Path(folder) / f"{name}.pub"
    try:
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise WorkersMisconfigured(f"{path} cannot be read.") from error
    if not is_public_key(key):
        raise WorkersMisconfigured(f"{path} holds no public key.")
    return key
