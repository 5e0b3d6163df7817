"""The broker between the portal and the workers that analyse device checks."""

from pathlib import Path
from typing import Any

import zmq
from django.core.management.base import BaseCommand, CommandError, CommandParser

from device_check.conf import app_settings
from device_check.workers.keychain import WorkersMisconfigured, make_keys
from device_check.workers.running import run_broker
from integrations.zmq import KeyFileError


class Command(BaseCommand):
    # After a fall it must be back at once; the portal has checked its settings itself.
    requires_system_checks = ()
    help = (
        "Hands device checks to the workers, until SIGTERM or Ctrl+C. Run one of it, under a process "
        "manager. With --generate-keys it makes the key pairs that TCP needs and ends."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--generate-keys",
            action="store_true",
            help="Make key pairs of broker, client and worker in the folder WORKERS['KEYS'].",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        workers = app_settings.workers
        try:
            if not options["generate_keys"]:
                run_broker(workers)
            elif workers.keys:
                make_keys(Path(workers.keys))
            else:
                raise CommandError("DEVICE_CHECK['WORKERS']['KEYS'] names no folder.")
        except (WorkersMisconfigured, KeyFileError, zmq.ZMQError) as error:
            raise CommandError(f"DEVICE_CHECK['WORKERS']: {error}") from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
