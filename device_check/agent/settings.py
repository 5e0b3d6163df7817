"""What a workplace keeps in its folder: its key, where the portal is, and the portal's key."""

import json
import os
import re
import stat
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from integrations.zmq import KeyFileError, KeyPair, is_public_key, read_key_file, write_key_file

KEY_FILE: Final = "agent.key"
PORTAL_FILE: Final = "portal.json"
SPOOL_FILE: Final = "spool.sqlite3"

_ENDPOINT = re.compile(r"tcp://(?:[0-9A-Za-z.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):[0-9]{1,5}")
_WORKPLACE = re.compile(r"[0-9a-f-]{36}")


class NotEnrolled(Exception):
    """The folder holds no usable enrolment; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Portal:
    """What the portal told at the enrolment."""

    workplace: str
    endpoint: str
    server_key: str


def read_portal(raw: object) -> Portal:
    """Check what the portal, or a file, says.

    Raises:
        NotEnrolled: It is not the answer to an enrolment.
    """
    if not isinstance(raw, dict):
        raise NotEnrolled("no object")
    workplace, endpoint, key = (raw.get(name) for name in ("workplace", "endpoint", "server_key"))
    if not isinstance(workplace, str) or not _WORKPLACE.fullmatch(workplace):
        raise NotEnrolled("no workplace in it")
    if not isinstance(endpoint, str) or not _ENDPOINT.fullmatch(endpoint):
        raise NotEnrolled("no address for reports in it")
    if not isinstance(key, str) or not is_public_key(key):
        raise NotEnrolled("no key of the portal in it")
    return Portal(workplace, endpoint, key)


def require_own(folder: Path) -> None:
    """Make sure that nobody else can put another portal, or reports, into the folder.

    Raises:
        NotEnrolled: Everybody may write there, or it belongs to somebody else.
    """
    status = folder.stat()
    if status.st_mode & stat.S_IWOTH or status.st_uid not in {os.geteuid(), 0}:
        raise NotEnrolled(f"{folder} must be a folder of this user with mode 0700")


def store(folder: Path, portal: Portal, keys: KeyPair) -> None:
    """Keep an enrolment; files are complete or absent, and readable by their owner only."""
    write_key_file(folder / KEY_FILE, keys, replace=True)
    descriptor, name = tempfile.mkstemp(dir=folder)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(portal), file)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(folder / PORTAL_FILE)


def load(folder: Path) -> tuple[Portal, KeyPair]:
    """Read the enrolment of a folder.

    Raises:
        NotEnrolled: There is none, it cannot be read, or others can write there.
    """
    path = folder / PORTAL_FILE
    try:
        require_own(folder)
        return read_portal(json.loads(path.read_text("utf-8"))), read_key_file(folder / KEY_FILE)
    except FileNotFoundError:
        raise NotEnrolled(f"{folder}: not enrolled yet") from None
    except (OSError, ValueError, NotEnrolled) as error:
        raise NotEnrolled(f"{path}: {error}") from error
    except KeyFileError as error:
        raise NotEnrolled(str(error)) from error
