"""Workers that analyse device checks for the broker."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from device_check.conf import app_settings
from device_check.workers.keychain import WorkersMisconfigured
from device_check.workers.running import run_workers
from integrations.zmq import KeyFileError


class Command(BaseCommand):
    # After a fall it must be back at once; the portal has checked its settings itself.
    requires_system_checks = ()
    help = (
        "Analyses device checks, until SIGTERM or Ctrl+C. Each worker has a process of its own for "
        "the arithmetic and starts it anew when it dies. Run it under a process manager."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--processes", type=int, default=1, metavar="N", help="Workers; one per core (1)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["processes"] < 1:
            raise CommandError("--processes must be at least 1.")
        try:
            run_workers(app_settings.workers, count=options["processes"])
        except (WorkersMisconfigured, KeyFileError) as error:
            raise CommandError(f"DEVICE_CHECK['WORKERS']: {error}") from error
