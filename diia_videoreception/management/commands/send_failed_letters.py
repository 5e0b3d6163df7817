"""Puts letters that could not be sent back into the outbox, after the mail server was away for long."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from diia_videoreception.services.letters.resending import send_all_again


class Command(BaseCommand):
    help = (
        "Puts letters that could not be sent back into the outbox; housekeeping sends them. Letters "
        "that a later one or the time has made untrue, and codes, are left alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="Leave alone what was written before this day (UTC).",
        )
        parser.add_argument("--dry-run", action="store_true", help="Only count.")

    def handle(self, *args: Any, **options: Any) -> None:
        counts = send_all_again(
            since=options["since"], dry_run=options["dry_run"], now=timezone.now()
        )
        self.stdout.write(f"To be sent again: {counts['again']}. Left alone: {counts['left']}.")
