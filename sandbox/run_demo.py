#!/usr/bin/env python
"""Runs the demonstration portal on this machine: content, housekeeping and server in one command."""

import argparse
import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from pathlib import Path
from types import FrameType

import django
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.core.servers.basehttp import run
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

PORTAL = Path(__file__).resolve().parent
LOCAL = "127.0.0.1"
SECONDS_TO_STOP = 10
WRITTEN = (
    "port",
    "portal.sqlite3*",
    "secrets.json",
    "authority",
    "mail",
    "media",
    "private",
    "tls",
)


def main() -> None:
    options = _options()
    _require_free(LOCAL, options.port)
    if options.host:
        _require_free(options.host, options.port)
    sys.path[0] = str(PORTAL.parent)
    os.environ["DJANGO_SETTINGS_MODULE"] = "sandbox.settings"
    os.environ["SANDBOX_PORT"] = str(options.port)
    os.environ["SANDBOX_HOST"] = options.host
    folder = Path(os.environ.get("SANDBOX_VAR") or PORTAL / "var")
    if options.reset:
        _forget(folder)
    signal.signal(signal.SIGTERM, _stop)
    with suppress(KeyboardInterrupt):
        _prepare()
        with _housekeeping():
            _serve(options.port)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--host", default="", help="address of this machine for others in its network, over https"
    )
    parser.add_argument("--reset", action="store_true", help="forget everything and start afresh")
    return parser.parse_args()


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if host != LOCAL and error.errno != errno.EADDRINUSE:
                sys.exit(
                    f"{host} не є адресою цього комп’ютера; адреси показує: hostname -I\n"
                    f"{host} is no address of this machine; its addresses: hostname -I"
                )
            sys.exit(
                f"Порт {port} зайнятий. Виберіть інший: make demo PORT={port + 1}\n"
                f"Port {port} is taken. Choose another one: make demo PORT={port + 1}"
            )


def _forget(folder: Path) -> None:
    """Remove what the demonstration writes, and nothing else that may lie there."""
    for path in (path for pattern in WRITTEN for path in folder.glob(pattern)):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _prepare() -> None:
    print(
        "Готуємо демонстраційний портал, уперше до хвилини…\n"
        "Preparing the demonstration portal, up to a minute for the first time…",
        flush=True,
    )
    django.setup()
    # For the commands beside it, such as portal_token.
    settings.PORT_FILE.write_text(f"{settings.PORT} {settings.HOST}".strip())
    call_command("check")
    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("createcachetable", verbosity=0)
    call_command("load_demo", skip_checks=True)
    call_command("demo_reception", skip_checks=True, stdout=StringIO())


@contextmanager
def _housekeeping() -> Iterator[None]:
    """Letters, deadlines and cleaning beside the server, until it ends."""
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, PORTAL / "manage.py", "videoreception_housekeeping", "--loop"],
        stdin=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _serve(port: int) -> None:
    application = StaticFilesHandler(get_wsgi_application())
    if settings.HOST:
        import_string("sandbox.https.start")((settings.HOST, port), settings.TLS, application)
    run(
        LOCAL,
        port,
        application,
        threading=True,
        on_bind=lambda port: call_command("demo_accounts", skip_checks=True),
    )


if __name__ == "__main__":
    main()
