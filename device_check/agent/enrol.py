"""Enrolment: the workplace makes its key and exchanges the one-time code for the portal's."""

import json
from http import HTTPStatus
from pathlib import Path
from typing import Final

from device_check.agent import VERSION
from device_check.agent.settings import NotEnrolled, read_portal, require_own, store
from integrations.common.fetching import FetchFailed, FetchLimits, fetch
from integrations.common.urls import is_safe_url
from integrations.zmq import new_key_pair

LIMITS: Final = FetchLimits(connect=10, read=15, total=30, max_bytes=8192)


class EnrolmentFailed(Exception):
    """The workplace is not enrolled; the text says why."""


def enrol(*, url: str, code: str, folder: Path) -> str:
    """Make a key pair, tell the portal the public key with the code, and store the answer.

    The secret key never leaves the folder, which only its owner may enter.

    Args:
        url: Address of the enrolment; https, or http on this very machine.
        code: One-time code from the portal's screen of workplaces.
        folder: Where the key and the portal's data are kept.

    Returns:
        The id of the workplace.

    Raises:
        EnrolmentFailed: The address is not safe, the portal cannot be reached or refuses the code,
            or the folder cannot be written.
    """
    if not is_safe_url(url, allow_http_loopback=True):
        raise EnrolmentFailed("the address of the portal must begin with https://")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        require_own(folder)
    except OSError as error:
        raise EnrolmentFailed(f"{folder}: {error.strerror}") from error
    except NotEnrolled as error:
        raise EnrolmentFailed(str(error)) from error
    keys = new_key_pair()
    try:
        portal = read_portal(
            _post(url, {"code": code, "public_key": keys.public, "version": VERSION})
        )
    except NotEnrolled as error:
        raise EnrolmentFailed(f"the answer of the portal cannot be used: {error}") from error
    try:
        store(folder, portal, keys)
    except OSError as error:
        raise EnrolmentFailed(
            f"{folder}: {error.strerror}; this code is used up, ask for a new one"
        ) from error
    return portal.workplace


def _post(url: str, sent: dict[str, str]) -> object:
    try:
        # The environment of the workplace knows its proxy and its own authority (REQUESTS_CA_BUNDLE).
        answer = fetch(
            "POST",
            url,
            limits=LIMITS,
            body=json.dumps(sent).encode(),
            headers={"Content-Type": "application/json"},
            trust_env=True,
        )
    except FetchFailed as error:
        raise EnrolmentFailed(f"the portal cannot be reached: {error}") from error
    match answer.status:
        case HTTPStatus.CREATED:
            try:
                return json.loads(answer.body)
            except (ValueError, RecursionError):
                raise EnrolmentFailed("the answer of the portal cannot be read") from None
        case HTTPStatus.FORBIDDEN:
            raise EnrolmentFailed("the portal does not accept this code; ask for a new one")
        case HTTPStatus.TOO_MANY_REQUESTS:
            raise EnrolmentFailed("too many attempts; try again in a minute")
        case status:
            raise EnrolmentFailed(f"the portal answered {status}")
