"""Where the agents' reports arrive, and the key that proves the portal to them."""

from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

from django.utils.translation import gettext_lazy as _

from device_check.conf import app_settings
from device_check.errors import CheckRefused
from integrations.zmq import (
    KeyFileError,
    KeyPair,
    is_public_key,
    new_key_pair,
    read_key_file,
    write_key_file,
)

KEY_FILE: Final = "reports.key"
"""The secret key, in the folder REPORTS["KEYS"]; only the process that takes reports reads it."""
PUBLIC_FILE: Final = "reports.pub"
"""The public key, for the web processes."""


class ReportsNotSetUp(CheckRefused):
    """The setting REPORTS is empty, or its key cannot be read; `reason` is for the log."""

    code = "reports_not_set_up"
    message = _("This portal does not accept workplace reports.")
    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


@dataclass(frozen=True, slots=True)
class PortalAddress:
    """What a workplace has to know: "tcp://portal.gov.ua:5571" and the public key (Z85)."""

    endpoint: str
    server_key: str


def generate_keys() -> KeyPair:
    """Make the portal's key pair and keeps it in two files.

    Raises:
        ReportsNotSetUp: The setting names no folder.
        FileExistsError: There is a key already; replacing it would shut out every workplace.
        OSError: The folder cannot be written.
    """
    folder = _folder()
    keys = new_key_pair()
    write_key_file(folder / KEY_FILE, keys)
    (folder / PUBLIC_FILE).write_text(f"{keys.public}\n", "ascii")
    return keys


def portal_keys() -> KeyPair:
    """Return the portal's key pair.

    Raises:
        ReportsNotSetUp: There is none, or it cannot be read.
    """
    try:
        return read_key_file(_folder() / KEY_FILE)
    except KeyFileError as error:
        raise ReportsNotSetUp(str(error)) from error


def portal_address() -> PortalAddress:
    """Return where agents reach the portal.

    Raises:
        ReportsNotSetUp: The settings or the key are missing.
    """
    endpoint = app_settings.reports.public_endpoint or app_settings.reports.endpoint
    if not endpoint:
        raise ReportsNotSetUp("DEVICE_CHECK['REPORTS']['ENDPOINT'] is empty")
    path = _folder() / PUBLIC_FILE
    try:
        public_key = path.read_text("ascii").strip()
    except (OSError, ValueError) as error:
        raise ReportsNotSetUp(f"{path}: cannot be read") from error
    if not is_public_key(public_key):
        raise ReportsNotSetUp(f"{path}: holds no CURVE key")
    return PortalAddress(endpoint, public_key)


def _folder() -> Path:
    if not app_settings.reports.keys:
        raise ReportsNotSetUp("DEVICE_CHECK['REPORTS']['KEYS'] is empty")
    return Path(app_settings.reports.keys)
