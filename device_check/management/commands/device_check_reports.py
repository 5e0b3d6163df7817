"""Takes the reports of the workplaces' agents over ZeroMQ with CURVE (B-72)."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final

import zmq
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseProblem
from django.db import close_old_connections, connections
from django.utils import timezone

from device_check.conf import app_settings
from device_check.protocol import LIMITS
from device_check.reports import ReportsNotSetUp, generate_keys, portal_keys
from device_check.selectors.workplaces import is_accepted
from device_check.services.reporting import answer, refused_as_malformed
from integrations.common.stopping import stop_on_signals
from integrations.zmq import (
    Authenticator,
    FramingError,
    KeyPair,
    Message,
    Received,
    apply_limits,
    enable_ipv6,
    pack,
    receive,
    secure_server,
    unpack,
)

logger = logging.getLogger(__name__)

DOMAIN: Final = "device_check.reports"
_LOOK_UP_MS: Final = 250
"""How often it looks whether it shall stop."""
_HEARTBEAT_MS: Final = 30_000


class Command(BaseCommand):
    help = (
        "Takes the reports of the workplaces' agents, until SIGTERM or Ctrl+C. Run one of it, under "
        "a process manager. With --generate-key it makes the portal's key and ends."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--generate-key",
            action="store_true",
            help="Make the portal's key pair in the folder REPORTS['KEYS'].",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["generate_key"]:
                self.stdout.write(f"The portal's public key is {generate_keys().public}")
                return
            keys = portal_keys()
        except ReportsNotSetUp as error:
            raise CommandError(error.reason) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        if not app_settings.reports.endpoint:
            raise CommandError("DEVICE_CHECK['REPORTS']['ENDPOINT'] is empty")
        self._serve(keys, app_settings.reports.endpoint)

    def _serve(self, keys: KeyPair, endpoint: str) -> None:
        with _context() as context:
            authenticator = Authenticator(
                context=context, domain=DOMAIN, is_known=_Door().is_known, unsure=(DatabaseProblem,)
            )
            with authenticator:
                socket = _listen(context, keys, endpoint)
                stop = stop_on_signals()
                bound = socket.getsockopt_string(zmq.LAST_ENDPOINT)
                self.stdout.write(f"Taking reports on {bound}")
                self.stdout.flush()
                while not stop.is_set():
                    if not authenticator.is_alive:
                        raise CommandError("Nobody can be let in any more; the log says why.")
                    if socket.poll(_LOOK_UP_MS):
                        _take(socket)
                socket.close(0)


def _listen(
    context: zmq.Context[zmq.Socket[bytes]], keys: KeyPair, endpoint: str
) -> zmq.Socket[bytes]:
    socket = context.socket(zmq.ROUTER)
    apply_limits(socket, LIMITS)
    secure_server(socket, keys, domain=DOMAIN)
    # A workplace that was unplugged is forgotten, with everything that waits for it.
    socket.setsockopt(zmq.HEARTBEAT_IVL, _HEARTBEAT_MS)
    enable_ipv6(socket, endpoint)
    try:
        socket.bind(endpoint)
    except zmq.ZMQError as error:
        raise CommandError(f"{endpoint}: {error}") from error
    return socket


def _take(socket: zmq.Socket[bytes]) -> None:
    """Answer one message; without the database there is no answer, and the agent comes again."""
    received = receive(socket)
    close_old_connections()
    try:
        answered = _answer(received)
    except DatabaseProblem:
        logger.exception("A report cannot be stored now")
        return
    finally:
        close_old_connections()
    socket.send_multipart([received.frames[0], *pack(answered, LIMITS)])


def _answer(received: Received) -> Message:
    try:
        message = unpack(received.frames[1:], LIMITS)
    except FramingError as error:
        logger.warning("Ignored a malformed message of the key %s: %s", received.public_key, error)
        return Message(refused_as_malformed())
    return Message(
        answer(public_key=received.public_key, message=message.header, now=timezone.now())
    )


class _Door:
    """Tells the authenticator whose key is good.

    Its thread runs an event loop, in which Django refuses to use the database: another thread asks.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="door")

    def is_known(self, public_key: str) -> bool:
        return self._thread.submit(_is_accepted, public_key).result()


def _is_accepted(public_key: str) -> bool:
    try:
        return is_accepted(public_key)
    finally:
        connections.close_all()


@contextmanager
def _context() -> Iterator[zmq.Context[zmq.Socket[bytes]]]:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    try:
        yield context
    finally:
        context.destroy(linger=0)
