"""Sends letters, keeps deadlines, seals the journal, cleans; safe to run several side by side."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils import timezone

from diia_videoreception.services.housekeeping import steps as housekeeping
from integrations.common.stopping import stop_on_signals

URGENT_INTERVAL = 1.0
"""Seconds between two looks for letters that somebody waits for before a screen."""
SECONDS_TO_STOP = 30


class Command(BaseCommand):
    help = (
        "Does once what is due: deadlines of applications, letters, the seal of the journal, "
        "clean-up. With --loop it goes on until SIGTERM or Ctrl+C. Run it all the time, under a "
        "process manager; several may run side by side."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="Go on until SIGTERM.")
        parser.add_argument(
            "--interval",
            type=float,
            default=10.0,
            metavar="SECONDS",
            help="Pause between two runs of the loop (10).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["interval"] <= 0:
            raise CommandError("--interval must be more than 0.")
        if options["loop"]:
            self._loop(interval=options["interval"], verbosity=options["verbosity"])
        elif failed := self._run(verbosity=options["verbosity"]):
            raise CommandError(f"Failed: {', '.join(failed)}; the log says why.")

    def _loop(self, *, interval: float, verbosity: int) -> None:
        stop = stop_on_signals()
        with _urgent_letters(stop):
            while not stop.is_set():
                self._run(verbosity=verbosity, stop=stop)
                # No connection is kept through the pause: the database may be restarted meanwhile.
                connections.close_all()
                stop.wait(interval)

    def _run(self, *, verbosity: int, stop: Event | None = None) -> list[str]:
        """Run once, until `stop` is set, and return the names of the steps that failed."""
        done: dict[str, int | None] = {}
        for name, count in housekeeping.run(timezone.now):
            done[name] = count
            if stop is not None and stop.is_set():
                break
        if verbosity >= 2:
            words = (f"{name} {'failed' if n is None else n}" for name, n in done.items())
            self.stdout.write(", ".join(words))
        return [name for name, count in done.items() if count is None]


@contextmanager
def _urgent_letters(stop: Event) -> Iterator[None]:
    """Send codes within a second or two beside the loop, however long its other steps take."""

    def work() -> None:
        while not stop.wait(URGENT_INTERVAL):
            for _done in housekeeping.run(timezone.now, housekeeping.URGENT_STEPS):
                pass
            connections.close_all()

    thread = Thread(target=work, name="urgent-letters", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(SECONDS_TO_STOP)
